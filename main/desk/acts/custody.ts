import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { labelKey, sealFits } from '../../../shared/rules/media.ts'
import { Failure } from '../../platform/failure.ts'
import { signMedia } from '../documents/media-act.ts'
import type { Desk } from '../desk.ts'
import type { Consignment } from '../state/consignment.ts'
import { isSealAlarm } from '../state/register.ts'
import { arrivalView, handOverView } from '../views/custody.ts'
import { registerOf } from '../views/register.ts'
import { writable, type Context } from '../work/context.ts'
import { checkText } from './input.ts'
import { mediumOf } from './media.ts'
import { proveKey } from './prove-key.ts'

function checked(what: string, text: string | undefined): string | null {
  if (text === undefined) return null
  checkText(what, text)
  return text
}

/** The writings of a consignment that may leave: read back, and exactly what was written. */
function leavingIn(one: Consignment): { readonly run: string; readonly copy: number }[] {
  return [
    ...one.writings.flatMap(({ run, copy, readBack }) => (readBack === 'passed' ? [{ run, copy }] : [])),
    ...one.exports.flatMap(({ medium, readBack }) =>
      readBack === 'passed' && medium !== undefined ? [{ run: medium.run, copy: medium.copy }] : [],
    ),
  ]
}

type Handed = CallInput<'custody.hand'>['media'][number]

function handedMedium(desk: Desk, { run, seal, label }: Handed) {
  const register = registerOf(desk)
  const known = register.ofRun(run)
  const named = label === undefined ? null : mediumOf(register, label)
  if (known !== null && named !== null && labelKey(known.label) !== labelKey(named.label)) {
    const expected = named.serial ?? 'no serial'
    throw new Failure('media-other', { subject: named.label, expected, found: known.serial ?? '' })
  }
  return { run, label: (named ?? known)?.label ?? null, seal: seal.trim() }
}

/** `custody.hand`: media leave, each with its seal. */
export async function hand(
  context: Context,
  input: CallInput<'custody.hand'>,
): Promise<CallOutput<'custody.hand'>> {
  const desk = writable(context)
  const one = desk.consignment(input.id)
  const leaving = leavingIn(one)
  const runs = input.media.map(({ run }) => run)
  const strange = runs.find(
    (run, i) => runs.indexOf(run) !== i || !leaving.some((other) => other.run === run),
  )
  if (strange !== undefined || one.dropped !== null || one.waybill === null) {
    const expected = leaving.map(({ copy }) => `copy ${copy}`).join(', ') || 'none'
    throw new Failure('handover-none', { found: strange ?? one.state, expected })
  }
  checkText('to whom', input.to)
  const facts = {
    ...{ consignment: one.id, waybill: one.waybill, to: input.to },
    media: input.media.map((medium) => handedMedium(desk, medium)),
    from: checked('from whom', input.from) ?? desk.state.card.name,
    place: checked('the place', input.place),
    purpose: checked('the purpose', input.purpose),
    expected: input.expected ?? null,
  }
  await desk.record('media.handed', facts, { subjects: [one.waybill] })
  const handed = desk.consignment(one.id).handed.at(-1)
  return handOverView(one, handed ?? { ...facts, at: desk.now() })
}

/** `custody.arrive`: what is typed of a seal. What differs is recorded, then refused. */
export async function arrive(
  context: Context,
  input: CallInput<'custody.arrive'>,
): Promise<CallOutput<'custody.arrive'>> {
  const desk = writable(context)
  const transfer = input.transfer?.replace(/\s+/g, '').toLowerCase() ?? null
  const label = input.label === undefined ? null : mediumOf(registerOf(desk), input.label).label
  if (transfer === null && label === null)
    throw new Failure('bad-input', { found: 'nothing', expected: 'a transfer id or a label' })
  const { whole, signer } = input
  const [sheet, bag] = [input.sheet.trim(), input.bag.trim()]
  const [from, place] = [checked('from whom', input.from), checked('the place', input.place)]
  const act = { deed: 'arrival' as const, transfer, label, seal: { sheet, bag, whole }, from, place }
  const signed =
    signer === undefined ? null : await signMedia(desk, act, await officerKey(context, desk, signer))
  const { seal } = act
  const facts = { transfer, label, seal, from, place, by: signed?.by ?? null }
  const outcome = sealFits(seal) ? 'seal-fits' : 'seal-differs'
  await desk.record('media.arrived', facts, { ...signed?.extra, outcome })
  if (!sealFits(seal))
    throw new Failure('seal-differs', { found: bag, expected: sheet, subject: whole ? 'yes' : 'no' })
  const { arrivals } = registerOf(desk)
  const same = arrivals.filter((one) => (transfer === null ? one.label === label : one.transfer === transfer))
  const arrival = arrivalView({ ...facts, sequence: desk.lines.size, at: desk.now() })
  return { arrival, alarm: isSealAlarm(same) }
}

async function officerKey(
  context: Context,
  desk: Desk,
  signer: NonNullable<CallInput<'custody.arrive'>['signer']>,
) {
  const { name, roles } = desk.person(signer.person)
  if (!roles.includes('security-officer'))
    throw new Failure('role-missing', { person: name, expected: 'security-officer', found: roles.join(', ') })
  return proveKey(context, desk, signer)
}
