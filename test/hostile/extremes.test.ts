import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { zStarted } from '../../shared/calls/call.ts'
import { resultOf, type CallInput, type CallName } from '../../shared/contract.ts'
import { openSession, type Session } from '../../main/desk/session.ts'
import { sha256Hex } from '../../main/platform/hash.ts'
import { openGate } from '../../main/platform/network.ts'
import { makeBundle, makeCrossing, type Crossing, type TestPerson } from '../support/desks.ts'
import { makeOfficers } from '../support/officers.ts'
import { makeKey, pem } from '../support/pki/key.ts'
import { makeTrustedRoot } from '../support/trusted-root.ts'

/*
 * The longest, the shortest and the oddest that can be said in each act: either it is refused with a code and nothing is
 * written, or the desk opens again with it.
 */

let crossing: Crossing
let session: Session
let desk: string
beforeEach(async () => {
  crossing = await makeCrossing()
  session = openSession({ clock: crossing.clock, network: openGate })
})
afterEach(async () => {
  await session.close()
  await crossing.dispose()
})

const texts: readonly string[] = [
  ...['', ' ', '   ', 'a', ' a ', 'x'.repeat(500), 'x'.repeat(501), 'x'.repeat(100_000)],
  ...['😀'.repeat(250), '😀'.repeat(251), '漢'.repeat(500), 'é'.repeat(500), 'e\u0301'.repeat(100)],
  ...['\ud800', 'a\udfffb', 'a\u0000b', 'a\nb', 'a\u007fb', 'a\u202eb', 'a\u200bb', 'a\u2028b', 'a\ufeffb'],
  ...['\uffff', '\ue000', '\u{e0041}', '\u{10ffff}', '"', '\\', '{}', '../..', "'; --", '%00', '\u0130'],
]
const names: readonly string[] = [
  ...['', '.', '..', '/', '-', 'a', 'A'.repeat(200), 'a'.repeat(201), '@:+-._/', '__proto__', 'constructor'],
  ...['a b', 'ä', 'a\u0000', 'a\n', '😀', '\ud800', 'toString'],
]

async function open(folder: string): Promise<void> {
  desk = folder
  await session.call('desk.open', { place: session.place('desk', folder), mode: 'write' })
}
const lines = async (): Promise<number> =>
  (await readFile(join(desk, 'ledger.jsonl'), 'utf8')).split('\n').length - 1

/** Tries an act; gives its code, `ok` once the desk was opened again with it. */
async function tried<Name extends CallName>(name: Name, input: CallInput<Name>): Promise<string> {
  const before = await lines()
  const answer = await session.answer(name, input)
  let code = answer.ok ? 'ok' : answer.failure.code
  const started = zStarted.safeParse(answer.ok ? { job: answer['job'] } : null)
  if (started.success) {
    const ended = await session.call('job.wait', started.data)
    code = ended.state === 'done' ? 'ok' : (ended.failure?.code ?? ended.state)
  } else if (!answer.ok) expect({ code, lines: await lines() }).toEqual({ code, lines: before })
  if (code === 'internal') throw new Error(`${name}: ${JSON.stringify(answer)}`)
  if (!answer.ok) return code
  // A desk that does not open any more throws here.
  await session.call('desk.close', {})
  await open(desk)
  return code
}

/** Tries an act with each of them; gives how many were taken, and the codes of the others. */
async function each<Said, Name extends CallName>(
  said: readonly Said[],
  name: Name,
  inputOf: (one: Said, i: number) => CallInput<Name> | Promise<CallInput<Name>>,
): Promise<{ readonly taken: number; readonly codes: readonly string[] }> {
  const codes: string[] = []
  for (const [i, one] of said.entries()) codes.push(await tried(name, await inputOf(one, i)))
  const others = new Set(codes.filter((code) => code !== 'ok'))
  return { taken: codes.filter((code) => code === 'ok').length, codes: [...others].sort() }
}

let keys = 0
async function freshKey(): Promise<{ readonly key: string; readonly fingerprint: string }> {
  const path = join(crossing.folder, `fresh-${++keys}.pub`)
  const { spki } = makeKey('p256')
  await writeFile(path, pem('PUBLIC KEY', spki))
  return { key: session.place('key', path), fingerprint: sha256Hex(spki) }
}
async function setPolicy(version: number, lifetime: number): Promise<void> {
  const path = join(crossing.folder, `policy-${version}.yaml`)
  await writeFile(path, `sallyport: policy/v1\nversion: ${version}\nlifetime: ${lifetime}\n`)
  await session.call('policy.set', { place: session.place('policy', path) })
}
/** Reads a medium; gives the consignment. */
async function read(folder: string): Promise<string> {
  const { job } = await session.call('verify.start', { medium: session.place('medium', folder) })
  const ended = await session.call('job.wait', { job })
  return resultOf('verify.start', ended.result).id ?? ''
}
async function by({ id, key }: Pick<TestPerson, 'id' | 'key'>) {
  const passphrase = (await readFile(crossing.passphrase, 'utf8')).trim()
  return { person: id, by: { file: session.place('key', key), passphrase } }
}

describe('what people may say of themselves and of others', () => {
  it('a new desk: its name and its marking', async () => {
    await open(crossing.low)
    await session.call('desk.close', {})
    for (const of of ['name', 'marking'] as const) {
      let taken = 0
      for (const [i, text] of texts.entries()) {
        const folder = join(crossing.folder, `new-${of}-${i}`)
        await mkdir(folder)
        const said = { name: 'New', marking: 'OFFICIAL', [of]: text }
        const place = session.place('desk', folder)
        const answer = await session.answer('desk.create', { place, side: 'low', ...said })
        if (!answer.ok) {
          expect(answer.failure.code).toBe('bad-input')
          continue
        }
        await open(folder)
        await session.call('desk.close', {})
        taken += 1
      }
      expect({ of, taken }).toEqual({ of, taken: 13 })
    }
  })

  it('people and signers: ids, names, channels', async () => {
    await open(crossing.high)
    const role = { roles: ['auditor' as const] }
    const signer = { roles: ['witness' as const], fingerprint: '' }
    const typed = async (): Promise<{ key: string; fingerprint: string }> => {
      const { key, fingerprint } = await freshKey()
      return { key, fingerprint }
    }
    expect({
      ids: await each(names, 'person.add', async (id, i) => {
        return { id, name: `Person ${i}`, ...role, key: (await freshKey()).key }
      }),
      names: await each(texts, 'person.add', async (name, i) => {
        return { id: `p-${i}`, name, ...role, key: (await freshKey()).key }
      }),
      signers: await each(texts, 'trust.add', async (name) => ({ name, ...signer, ...(await typed()) })),
      channels: await each(names, 'trust.add', async (channel) => {
        return { name: 'Signer', ...signer, ...(await typed()), channel }
      }),
      reasons: await each(texts, 'trust.revoke', async (reason) => {
        const one = await typed()
        await session.call('trust.add', { name: 'Signer', ...signer, ...one })
        return { fingerprint: one.fingerprint, reason }
      }),
    }).toEqual({
      ids: { taken: 10, codes: ['bad-input'] },
      names: { taken: 12, codes: ['bad-input', 'person-exists'] },
      signers: { taken: 13, codes: ['bad-input'] },
      channels: { taken: 10, codes: ['bad-input'] },
      reasons: { taken: 13, codes: ['bad-input'] },
    })
  })

  it('a request: every field, a thousand destinations, the longest name of a file', async () => {
    await open(crossing.low)
    const folder = join(crossing.folder, 'request')
    const files = { long: `${'x'.repeat(196)}.txt`, longer: `${'x'.repeat(201)}.txt`, plain: 'a.txt' }
    for (const name of Object.values(files)) await writeFile(join(folder, name), 'content\n')
    const place = session.place('folder', folder)
    const asked = (more: object): CallInput<'collect.start'> => {
      const fields = { name: 'bundle', reason: 'As agreed', requester: 'alice', channel: 'payments' }
      const lists = { destinations: [crossing.highId], items: [{ file: './a.txt' }] }
      // Each JSON text is YAML as well.
      const text = JSON.stringify({ sallyport: 'request/v1', ...fields, ...lists, ...more })
      return { request: { text, folder: place } }
    }
    const of = <Said>(said: readonly Said[], more: (one: Said) => object) =>
      each(said, 'collect.start', (one) => asked(more(one)))
    const desks = (count: number): string[] =>
      Array.from({ length: count }, (_, n) => n.toString(16).padStart(64, '0'))
    expect({
      names: await of(names, (name) => ({ name })),
      reasons: await of(texts, (reason) => ({ reason })),
      markings: await of(texts, (marking) => ({ marking })),
      channels: await of(names, (channel) => ({ channel })),
      requesters: await of(names, (requester) => ({ requester })),
      destinations: await of([1, 1000, 1001], (count) => ({ destinations: desks(count) })),
      files: await of(Object.values(files), (name) => ({ items: [{ file: `./${name}` }] })),
      paths: await of(['./'.repeat(97), './'.repeat(2000), '../', '/etc/', './x/'.repeat(40)], (before) => ({
        items: [{ file: `${before}a.txt` }],
      })),
      expiry: await of(
        ['0000-01-01T00:00:00Z', '9999-12-31T23:59:59Z', '2026-12-31T24:00:00Z', '2026-12-01T00:00:00Z'],
        (expires) => ({ expires }),
      ),
    }).toEqual({
      names: { taken: 10, codes: ['request-form'] },
      reasons: { taken: 13, codes: ['request-form'] },
      markings: { taken: 13, codes: ['request-form'] },
      channels: { taken: 10, codes: ['request-form'] },
      requesters: { taken: 0, codes: ['people-missing', 'request-form'] },
      destinations: { taken: 2, codes: ['request-form'] },
      files: { taken: 1, codes: ['request-form'] },
      paths: { taken: 1, codes: ['not-found', 'path-outside', 'request-form'] },
      expiry: { taken: 1, codes: ['bad-input', 'request-form'] },
    })
  })
})

describe('what people may say of a bundle', () => {
  it('why it is given up', async () => {
    await open(crossing.low)
    const folder = session.place('folder', join(crossing.folder, 'request'))
    await writeFile(join(crossing.folder, 'request', 'a.txt'), 'a')
    const fields = `requester: alice\ndestinations: [${crossing.highId}]\nchannel: payments`
    const text = `sallyport: request/v1\nname: bundle\nreason: x\n${fields}\nitems:\n  - file: ./a.txt\n`
    expect(
      await each(texts, 'consignment.drop', async (reason) => {
        const { job } = await session.call('collect.start', { request: { text, folder } })
        const { consignment } = await session.call('job.wait', { job })
        return { id: consignment ?? '', reason }
      }),
    ).toEqual({ taken: 13, codes: ['bad-input'] })
  })

  it('why it waits, what it is excepted from, and where it goes', async () => {
    const { folder } = await makeBundle(crossing, 'one')
    await open(crossing.high)
    await setPolicy(2, 30)
    const id = await read(folder)
    const dave = await by(crossing.people.dave)
    const except = { id, reason: 'As agreed', until: '2026-12-01T00:00:00Z', check: 'policy.lifetime' }
    expect({
      reasons: await each(texts, 'decision.sign', async (reason, i) => {
        const who = i % 2 === 0 ? 'dave' : 'erin'
        return { id, outcome: 'hold', reason, causes: [], ...(await by(crossing.people[who])) }
      }),
      causes: await each([1, 100, 101], 'decision.sign', (count) => {
        const causes = Array.from(
          { length: count },
          (_, n) => `sha256:${String(n).padStart(64, '0')}` as const,
        )
        return { id, outcome: 'reject', reason: 'Bad', causes, ...dave }
      }),
      exceptions: await each(texts, 'override.sign', (reason, i) => {
        // Another end each time: the same exception is signed once.
        return { ...except, reason, ...dave, until: `2026-12-01T00:00:${String(i).padStart(2, '0')}Z` }
      }),
      subjects: await each(texts, 'override.sign', (subject) => ({ ...except, subject, ...dave })),
      checks: await each(texts, 'override.sign', (check) => ({ ...except, check, ...dave })),
      ends: await each(
        ['0000-01-01T00:00:00Z', '9999-12-31T23:59:59Z', '2026-02-30T00:00:00Z'],
        'override.sign',
        (until) => ({
          ...except,
          until,
          ...dave,
        }),
      ),
    }).toEqual({
      reasons: { taken: 13, codes: ['bad-input', 'reason-missing'] },
      causes: { taken: 0, codes: ['bad-input', 'cause-unknown'] },
      exceptions: { taken: 13, codes: ['bad-input'] },
      subjects: { taken: 0, codes: ['bad-input', 'override-none'] },
      checks: { taken: 0, codes: ['bad-input', 'override-barred'] },
      ends: { taken: 0, codes: ['bad-input'] },
    })
    await setPolicy(3, 90)
    await read(folder)
    await session.call('decision.sign', { id, outcome: 'accept', causes: [], ...dave })
    await session.call('decision.sign', {
      id,
      outcome: 'accept',
      causes: [],
      ...(await by(crossing.people.erin)),
    })
    const deep = (count: number): string =>
      join(crossing.folder, 'out', ...Array.from({ length: count }, () => 'x'.repeat(200)))
    // As deep as a system lets one go, and deeper than a record holds.
    await mkdir(deep(17), { recursive: true })
    expect(
      await each([join(crossing.folder, 'plain'), deep(18), deep(30)], 'export.start', (to) => {
        return { id, target: { kind: 'dir', place: session.place('export', to) } }
      }),
    ).toEqual({ taken: 2, codes: ['record-refused'] })
  })
})

describe('what officers may ask for', () => {
  it('numbers, times and names', async () => {
    const officers = await makeOfficers(crossing, crossing.high)
    await officers.seal()
    await makeBundle(crossing, 'one')
    const { folder } = await makeBundle(crossing, 'two')
    await open(crossing.high)
    const id = await read(folder)
    const officer = await by(officers.people[0]!)
    const most = Number.MAX_SAFE_INTEGER
    const digest = `sha256:${'0'.repeat(64)}` as const
    const rejected = (count: number) =>
      Array.from({ length: count }, (_, n) => `sha256:${String(n).padStart(64, '0')}` as const)
    expect({
      epochs: await each([0, -1, 1, 2, 1001, 1002, most, most + 1, 1.5], 'stream.epoch', (to) => {
        return { channel: 'payments', to, officer }
      }),
      channels: await each(names, 'stream.epoch', (channel) => ({ channel, to: 2, officer })),
      moved: await each(names, 'stream.move', (channel) => ({ channel, to: 'b'.repeat(64), officer })),
      times: await each(
        [
          null,
          '0000-01-01T00:00:00Z',
          '9999-12-31T23:59:59Z',
          '2026-02-30T00:00:00Z',
          '10000-01-01T00:00:00Z',
        ],
        'time.floor',
        (at) => ({ at, officer }),
      ),
      recovered: await each(
        [
          { epoch: 1, accepted: null, rejected: rejected(1000) },
          { epoch: 1, accepted: null, rejected: rejected(1001) },
          { epoch: 1001, accepted: { sequence: most, digest }, rejected: [] },
          { epoch: 1002, accepted: null, rejected: [] },
          { epoch: 1, accepted: { sequence: most + 1, digest }, rejected: [] },
          { epoch: 0, accepted: { sequence: 0, digest }, rejected: [] },
        ],
        'stream.release',
        (recovery) => ({ id, recovery, officer }),
      ),
      roots: await each(names, 'root.add', async (name) => {
        const { bytes, fingerprint } = makeTrustedRoot()
        const path = join(crossing.folder, 'root.json')
        await writeFile(path, bytes)
        return { place: session.place('trusted-root', path), name, fingerprint, officer }
      }),
      seals: await each(
        ['', '0'.repeat(64), 'sha256:', '0'.repeat(1000), '0'.repeat(1001)],
        'peer.add',
        (seal) => ({
          ...{
            card: session.place('card', join(crossing.low, 'desk.json')),
            id: crossing.lowId,
            seal,
            officer,
          },
        }),
      ),
    }).toEqual({
      epochs: { taken: 2, codes: ['bad-input', 'epoch-range'] },
      channels: { taken: 10, codes: ['bad-input'] },
      moved: { taken: 10, codes: ['bad-input'] },
      times: { taken: 2, codes: ['bad-input', 'nothing-to-change'] },
      recovered: { taken: 2, codes: ['bad-input', 'epoch-range'] },
      roots: { taken: 10, codes: ['bad-input'] },
      seals: { taken: 1, codes: ['bad-input'] },
    })
  })
})
