import {
  currentHalves,
  decidingHalves,
  isDecided,
  peopleMissing,
  usualPeople,
} from '../../../shared/rules/decision.ts'
import { rulesNow } from '../../../shared/rules/version.ts'
import { size } from '../../../shared/units.ts'
import type { StepId, StepView } from '../../../shared/views.ts'
import { belonging } from '../../bundle/media-set.ts'
import type { Desk } from '../desk.ts'
import { countedHalves, neededIn } from '../state/decide.ts'
import type { Consignment } from '../state/consignment.ts'
import { isComplete, isGood, mediaWith } from '../state/laid-out.ts'

interface Step {
  readonly id: StepId
  readonly step: string
  readonly done: boolean
  /** How it came out, where that is not that it passed. */
  readonly came?: 'failed' | 'silent'
  readonly result: string
  readonly at?: string | null
  readonly by?: string | null
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`

const came = (count: number, words: string): string => (count === 0 ? '' : `${count} ${words}`)

/** Writing and reading back: by copies of what lies on one medium, by the media of what lies on several. */
function mediaSteps(one: Consignment): Step[] {
  const isRead = ({ readBack }: Consignment['writings'][number]): boolean => readBack === 'passed'
  const written = one.writings.filter((writing) => writing.done !== null)
  const { plan } = one
  const of = plan === null ? '' : `of ${plan.media.length} `
  const on = plan === null ? written.length : mediaWith(one, isGood).length
  const read = plan === null ? written.filter(isRead).length : mediaWith(one, isRead).length
  const copies = plan === null ? (on === 1 ? 'copy' : 'copies') : 'media'
  return [
    {
      id: 'write',
      step: 'Write',
      done: plan === null ? on > 0 : isComplete(one, isGood),
      result: came(on, `${of}${copies} written`),
    },
    {
      id: 'readback',
      step: 'Read back',
      done: plan === null ? read > 0 : isComplete(one, isRead),
      result: came(read, `${of}as written`),
    },
  ]
}

function lowSteps(one: Consignment, needed: number): Step[] {
  const names = one.approvals.map((approval) => approval.person).join(', ')
  return [
    {
      id: 'request',
      step: 'Request',
      done: true,
      result: one.requester === null ? one.name : `asked by ${one.requester}`,
    },
    {
      id: 'collect',
      step: 'Collect',
      done: one.made !== null,
      result: `${plural(one.items, 'item')}, ${size(one.bytes)}`,
      at: one.created,
    },
    // What this desk makes of the evidence is for its signers; whether it suffices, the other side's policy says.
    {
      id: 'authenticity',
      step: 'Authenticity',
      done: one.made !== null,
      result: 'not asked',
      came: 'silent',
    },
    {
      id: 'approve',
      step: 'Approve',
      done: one.releasedAt !== null,
      result: `${one.approvals.length} of ${plural(needed, 'signature')}`,
      at: one.releasedAt,
      by: names || null,
    },
    ...mediaSteps(one),
    {
      id: 'handover',
      step: 'Hand over',
      done: one.closed !== null,
      result: one.closed === null ? '' : 'closed',
      at: one.closed,
    },
  ]
}

/** How many media are here of a bundle on several; nothing once all are. */
function partly({ here }: Consignment): string {
  const media = belonging(here)
  const of = media[0]?.of ?? 0
  return media.length < of ? `${media.length} of ${of} media here` : ''
}

/** Who must still sign: the same as the last of those who did, and to accept where nobody did. */
function peopleAwaited(desk: Desk, one: Consignment): string {
  const current = currentHalves(countedHalves(one, rulesNow))
  const needed = neededIn(desk.state, one)
  const outcome = current.at(-1)?.outcome ?? 'accept'
  const missing = peopleMissing(current, outcome, needed)
  const what = outcome === 'accept' && needed.accept > usualPeople ? ' to accept' : ''
  return `needs ${missing === 1 ? '1 person' : `${missing} people`}${what}`
}

function highSteps(desk: Desk, one: Consignment): Step[] {
  const { verdict } = one
  const people = decidingHalves(one.halves, one.decided).map((half) => half.name)
  const decided = { accept: 'accepted', reject: 'rejected', hold: 'held' }
  const [last] = one.exports.slice(-1)
  const steps: Step[] = [
    {
      id: 'receive',
      step: 'Receive',
      done: one.waybill !== null,
      result: one.items === 0 ? '' : plural(one.items, 'item'),
    },
    {
      id: 'verify',
      step: 'Verify',
      done: verdict !== null && partly(one) === '',
      result: partly(one)
        ? partly(one)
        : verdict === null
          ? 'not yet'
          : `${plural(verdict.counts.pass + verdict.counts.fail + verdict.counts.warn + verdict.counts.notChecked + verdict.counts.overridden, 'check')}, ${verdict.outcome}`,
      at: verdict?.at ?? null,
      ...(verdict !== null && verdict.outcome !== 'passed' ? { came: 'failed' as const } : {}),
    },
    {
      id: 'decide',
      step: 'Decide',
      done: isDecided(one.decided),
      result: one.decided === null ? peopleAwaited(desk, one) : decided[one.decided],
      at: one.decidedAt,
      by: people.join(', ') || null,
    },
  ]
  if (one.decided !== 'reject') {
    steps.push({
      id: 'export',
      step: 'Export',
      done: last !== undefined,
      result:
        last === undefined ? (one.decided === 'accept' ? 'not yet' : 'once accepted') : `to ${last.target}`,
      at: last?.at ?? null,
    })
  }
  steps.push({
    id: 'close',
    step: 'Close',
    done: one.closed !== null,
    result: one.closed === null ? '' : 'closed',
    at: one.closed,
  })
  return steps
}

/** A consignment's journey: what each step established, when, by whom. Steps that do not exist yet are not listed. */
export function stepsOf(desk: Desk, one: Consignment): StepView[] {
  const { prepare, release, witness } = desk.state.policy.document.signers
  const needed = prepare + release + witness
  const steps = desk.state.card.side === 'low' ? lowSteps(one, needed) : highSteps(desk, one)
  const stopped = one.dropped !== null
  const current = steps.findIndex((step) => !step.done)
  return steps.map(({ id, step, done, came, result, at, by }, i) => ({
    id,
    step,
    state: done ? (came ?? 'done') : stopped ? 'stopped' : i === current ? 'current' : 'waiting',
    result,
    at: done ? (at ?? null) : null,
    by: done ? (by ?? null) : null,
  }))
}
