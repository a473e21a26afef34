import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { LedgerEvent } from '../../main/ledger/event.ts'
import { openKey } from '../../main/sign/key-file.ts'
import type { Signer } from '../../main/sign/signer.ts'
import { sallyport } from './command-line.ts'
import type { Crossing, TestPerson } from './desks.ts'
import { forgeLedger } from './forge-ledger.ts'

type Forgery = Parameters<typeof forgeLedger>[2]
let copies = 0

/** The events of a desk's ledger, as they lie on its disc. */
export async function eventsOf(desk: string): Promise<LedgerEvent[]> {
  const lines = (await readFile(join(desk, 'ledger.jsonl'), 'utf8')).split('\n').slice(0, -1)
  return lines.map((line) => JSON.parse(line) as LedgerEvent)
}

/** What signs for somebody whose key file a test has. */
export async function signerOf(crossing: Crossing, person: Pick<TestPerson, 'key'>): Promise<Signer> {
  const passphrase = (await readFile(crossing.passphrase, 'utf8')).trim()
  return openKey(await readFile(person.key, 'utf8'), passphrase)
}

/** The event whose type this is, the last of them. */
export function lastOf(events: readonly LedgerEvent[], type: string): LedgerEvent {
  const found = events.findLast((event) => event.type === type)
  if (found === undefined) throw new Error(`there is no ${type}`)
  return found
}

/** The actors of an act by somebody: they and the station, as that signed another event. */
export function actorsOf(events: readonly LedgerEvent[], person: TestPerson): LedgerEvent['actors'] {
  const station = events[0]!.actors.find((one) => one.kind === 'station')!
  return [{ kind: 'person', id: person.id, fingerprint: person.fingerprint }, station]
}

/** The same is taken where nothing is wrong with it, so that the forging itself is not what is refused. */
export async function expectTaken(crossing: Crossing, desk: string, forgery: Forgery): Promise<void> {
  const copy = join(crossing.folder, `forged-desk-${++copies}`)
  await forgeLedger(desk, copy, forgery)
  const { json } = await sallyport(['ledger', 'verify', '--desk', copy], crossing.clock)
  expect(json.bad).toBeNull()
}

/**
 * A ledger that somebody with the station's key wrote anew is found to be damaged, for this reason, by the command that
 * looks; and no other command works with that desk or changes a byte of its ledger.
 */
export async function expectForged(
  crossing: Crossing,
  desk: string,
  forgery: Forgery,
  found: RegExp,
): Promise<void> {
  const copy = join(crossing.folder, `forged-desk-${++copies}`)
  await forgeLedger(desk, copy, forgery)
  const before = await readFile(join(copy, 'ledger.jsonl'))
  const { code, json } = await sallyport(['ledger', 'verify', '--desk', copy], crossing.clock)
  const said = (json.bad as { readonly found?: string } | null)?.found ?? 'nothing'
  expect({ code, found: found.test(said) ? found : said }).toEqual({ code: 3, found })
  for (const words of [
    ['desk', 'show'],
    ['policy', 'set', '/dev/null'],
  ]) {
    const ended = await sallyport([...words, '--desk', copy], crossing.clock)
    expect({ words, failure: ended.json.failure.code }).toEqual({ words, failure: 'ledger-damaged' })
  }
  expect(await readFile(join(copy, 'ledger.jsonl'))).toEqual(before)
}
