import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import type { EventLine } from '../../../shared/ledger.ts'
import { checkHead, readLedger } from '../../ledger/ledger.ts'
import { asFailure, Failure } from '../../platform/failure.ts'
import { canonical } from '../../platform/json.ts'
import { readSpki } from '../../sigstore/public-key.ts'
import { wordsOf } from '../../trust/fingerprint.ts'
import { differingCaches, differingSets } from '../disk/caches.ts'
import type { Context } from '../work/context.ts'
import type { Desk } from '../desk.ts'
import { lineAt } from '../views/event-lines.ts'
import { eventWords } from '../views/event-words.ts'
import { deskIdOf } from '../../bundle/waybill.ts'
import { isEventType } from '../state/facts.ts'
import { replay } from '../state/replay.ts'
import { settled } from '../disk/settled.ts'
import { deskFolder, type DeskFolder } from '../folder.ts'
import { readDeskCard } from '../disk/open.ts'

async function look(folder: DeskFolder): Promise<CallOutput<'ledger.verify'>> {
  const { root } = folder
  const card = await readDeskCard(folder)
  const id = deskIdOf(card)
  const read = await readLedger(root)
  let bad = read.bad
  if (bad === null && read.torn !== null) {
    bad = {
      line: read.events.length + 1,
      expected: 'a line with its end',
      found: `${read.torn.length} bytes without one`,
    }
  }
  bad ??= (await checkHead(root, id, readSpki(Buffer.from(card.station, 'base64')), read)).bad
  let differing: string[] = []
  if (bad === null) {
    try {
      const state = replay(read.events, (size) => read.tree.rootAt(size))
      differing = [...(await differingCaches(folder, state)), ...(await differingSets(folder, state))]
    } catch (error) {
      const { expected, found, line } = asFailure(error).facts
      bad = {
        line: Number(line ?? read.events.length),
        expected: String(expected ?? ''),
        found: String(found ?? 'unknown'),
      }
    }
  }
  const hex = read.tree.root().toString('hex')
  const intact = bad === null && differing.length === 0
  return { intact, size: read.tree.size, root: hex, words: wordsOf(hex), bad, differing }
}

/**
 * `ledger.verify` on a folder: recomputes all of it and writes nothing. A damaged ledger does not keep it from running,
 * and a writer beside it is no damage.
 */
export async function verifyLedger(root: string): Promise<CallOutput<'ledger.verify'>> {
  const folder = deskFolder(root)
  return settled(
    folder,
    () => look(folder),
    ({ intact, bad, differing }) => (intact ? null : JSON.stringify({ bad, differing })),
  )
}

/** `ledger.verify` of the open desk, or of the one at a place. */
export async function verify(
  context: Context,
  input: CallInput<'ledger.verify'>,
): Promise<CallOutput<'ledger.verify'>> {
  const { place } = input
  return verifyLedger(place === undefined ? context.desk().folder.root : context.places.path(place, 'desk'))
}

function typesAt(desk: Desk): CallOutput<'ledger.events'>['types'] {
  const counts = new Map<string, number>()
  for (let place = 0; place < desk.lines.size; place++) {
    const type = desk.lines.typeAt(place) ?? ''
    counts.set(type, (counts.get(type) ?? 0) + 1)
  }
  return [...counts]
    .map(([type, count]) => ({ type, title: isEventType(type) ? eventWords[type].title : type, count }))
    .sort((a, b) => (a.title < b.title ? -1 : 1))
}

function matches(line: EventLine, text: string): boolean {
  const { sequence, at, who, sentence, transfer, subjects } = line
  return [String(sequence), at, who, sentence, transfer ?? '', ...subjects].some((part) =>
    part.toLowerCase().includes(text),
  )
}

/** `ledger.events`: a window of the events that match, in the order that was asked for. */
export async function events(
  context: Context,
  input: CallInput<'ledger.events'>,
): Promise<CallOutput<'ledger.events'>> {
  const desk = context.desk()
  const { size } = desk.lines
  const text = input.text.trim().toLowerCase()
  const found: EventLine[] = []
  let matching = 0
  for (let step = 0; step < size; step++) {
    const place = input.newestFirst ? size - 1 - step : step
    if (input.type !== null && desk.lines.typeAt(place) !== input.type) continue
    const inside = matching >= input.from && matching < input.from + input.count
    // Without a text only the lines inside the window are ever made.
    const line = text === '' && !inside ? null : lineAt(desk, place)
    if (text !== '' && (line === null || !matches(line, text))) continue
    if (inside && line !== null) found.push(line)
    matching += 1
  }
  return { size, matching, events: found, types: typesAt(desk) }
}

/** `ledger.event`: the line itself. What was read is canonical, so its canonical form is what lies on the disc. */
export async function event(
  context: Context,
  input: CallInput<'ledger.event'>,
): Promise<CallOutput<'ledger.event'>> {
  const desk = context.desk()
  const { sequence } = input
  const found = desk.lines.at(sequence - 1)
  const leaf = desk.leaf(sequence)
  if (found === undefined || leaf === null) {
    throw new Failure('bad-input', { found: `event ${sequence}`, expected: `1 to ${desk.lines.size}` })
  }
  return { sequence, line: canonical(found).toString('utf8'), leaf: leaf.toString('hex') }
}
