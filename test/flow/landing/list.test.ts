import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { done, sallyport, spoken, testClock, type Ended, type Said } from '../../support/command-line.ts'
import { decideBoth, makeBundle, makeCrossing, type Crossing } from '../../support/desks.ts'
import { eventsOf, lastOf } from '../../support/forged-desk.ts'
import { honestWaybill } from '../../support/forge.ts'
import { ask, descriptorOf, wordsOf, type Asked } from '../../support/gate.ts'
import { highDesk } from '../../support/high-desk.ts'
import type { SampleImage } from '../../support/images.ts'
import {
  acceptedAnyway,
  acceptedImage,
  allowRegistry,
  envelopeBy,
  landingKey,
  recordedOf,
  statementIn,
} from '../../support/landing.ts'
import { makeOfficers, type Officers } from '../../support/officers.ts'

/* The signed list of what a site admits, and the gate that answers engines by it. */

let crossing: Crossing
let key: string
let sample: SampleImage
let id: string
let count = 0
beforeAll(async () => {
  crossing = await makeCrossing()
  await allowRegistry(crossing, 'registry.test')
  key = await landingKey(crossing)
  const made = await acceptedImage(crossing)
  id = made.id
  sample = made.sample
})
afterAll(() => crossing.dispose())

interface List {
  readonly sequence: number
  readonly site: string
  readonly name: string
  readonly made: string
  readonly expires: string
  readonly digests: readonly string[]
}
const readAs = (file: string): List => statementIn(envelopeIn(file)) as unknown as List
const envelopeIn = (file: string) =>
  JSON.parse(readFileSync(file, 'utf8')) as Parameters<typeof statementIn>[0]
const out = (): string => join(crossing.folder, `list-${(count += 1)}.json`)
async function makeList(): Promise<{ readonly file: string; readonly said: Said; readonly list: List }> {
  const file = out()
  const said = await done(['landing', 'list', '--desk', crossing.high, '--out', file], crossing.clock)
  return { file, said, list: readAs(file) }
}
const questionFor = (file: string, digest: string, more: Asked = {}): Asked => ({
  ...{ list: file, key, name: `registry.test/app@${digest}`, digest },
  ...more,
})

describe('a list', () => {
  it('has the digests of index and platforms, is signed by the landing key, and its number rises', async () => {
    const { file, said, list } = await makeList()
    expect(envelopeBy(envelopeIn(file), readFileSync(key, 'utf8'))).toBe(true)
    const expected = [sample.root, sample.amd64, sample.arm64].map(({ digest }) => digest).sort()
    expect(list).toMatchObject({
      format: 'sallyport.admitted/v1',
      site: crossing.highId,
      name: 'Delta-2',
      digests: expected,
    })
    expect(said).toMatchObject({ sequence: list.sequence, digests: 3, left: [], expires: list.expires })
    const event = lastOf(await eventsOf(crossing.high), 'landing.listed')
    expect(event.facts).toMatchObject({ sequence: list.sequence, digests: 3 })
    const next = await makeList()
    expect(next.list.sequence).toBe(list.sequence + 1)
  })

  it('holds for as long as the policy says', async () => {
    const before = await makeList()
    const days = (one: List): number => (Date.parse(one.expires) - Date.parse(one.made)) / 86_400_000
    expect(days(before.list)).toBe(30)
    await allowRegistry(crossing, 'registry.test', 3, 'landing: {listDays: 2}\n')
    expect(days((await makeList()).list)).toBe(2)
    await allowRegistry(crossing, 'registry.test', 4)
  })

  it('is never written over a file, nor into the folder of the desk; no number is used up by that', async () => {
    const file = out()
    writeFileSync(file, 'mine')
    const recorded = await recordedOf(crossing.high)
    const at = (place: string): Promise<Ended> =>
      sallyport(['landing', 'list', '--desk', crossing.high, '--out', place], crossing.clock)
    expect((await at(file)).json.failure.code).toBe('file-exists')
    expect(readFileSync(file, 'utf8')).toBe('mine')
    expect((await at(join(crossing.high, 'list.json'))).json.failure.code).toBe('medium-inside-desk')
    expect(await recordedOf(crossing.high)).toEqual(recorded)
    expect(
      (await sallyport(['landing', 'list', '--desk', crossing.low, '--out', out()])).json.failure.code,
    ).toBe('wrong-side')
  })

  it('leaves out what is withdrawn by the policy, and what holds the cause of a rejection', async () => {
    const { verify } = highDesk(() => crossing)
    const withdrawn = `digest: '${sample.arm64.digest}', reason: Withdrawn, since: 2026-11-01`
    for (const [version, field] of [
      [5, 'forbidden'],
      [6, 'tombstones'],
    ] as const) {
      await allowRegistry(crossing, 'registry.test', version, `${field}:\n  - {${withdrawn}}\n`)
      const { list, said } = await makeList()
      expect(list.digests).toEqual([])
      expect(said['left']).toEqual([expect.stringContaining(sample.arm64.digest)])
      expect(said['left']).toEqual([expect.stringContaining(id)])
    }
    await allowRegistry(crossing, 'registry.test', 7)
    expect((await makeList()).list.digests).toHaveLength(3)
    // A file that was the cause of a rejection, and accepted with another bundle by an exception.
    const one = await makeBundle(crossing, 'one', { 'a.txt': 'the same\n' })
    const [item] = (await honestWaybill(one.folder)).items
    const cause = item!.root.digest
    await decideBoth(crossing, (await verify(one.folder)).said.id, 'reject', ['--cause', cause])
    await acceptedAnyway(crossing, 'two', { 'a.txt': 'the same\n', 'b.txt': 'more\n' })
    const after = await makeList()
    expect(after.list.digests).not.toContain(cause)
    expect(after.said['left']).toEqual([expect.stringContaining('nobody shall run')])
    expect(after.list.digests).toHaveLength(3)
  })
})

describe('the gate', () => {
  let file: string
  let list: List
  beforeAll(async () => {
    ;({ file, list } = await makeList())
  })
  it('admits the index and each platform, says by which list and until when, and that no state is kept', async () => {
    for (const { digest } of [sample.root, sample.amd64, sample.arm64]) {
      const { code, line } = await ask(questionFor(file, digest), crossing.clock)
      expect({ code, line }).toEqual({
        code: 0,
        line: `admitted: ${digest} is on list ${list.sequence} of Delta-2, which holds until ${list.expires}; no state is kept, so an older list would not be noticed`,
      })
    }
    const state = join(crossing.folder, 'state')
    const type = 'application/vnd.oci.descriptor.v1+json'
    const kept = await ask(questionFor(file, sample.root.digest, { state, type }), crossing.clock)
    expect(kept).toMatchObject({ code: 0, line: expect.not.stringContaining('no state') as string })
    expect(readFileSync(state, 'utf8').trim()).toBe(
      JSON.stringify({ site: crossing.highId, sequence: list.sequence }),
    )
  })

  it('takes a name without a digest, and options with one dash or two, or joined', async () => {
    const { digest } = sample.root
    const words = questionFor(file, digest, { name: 'registry.test/app:1.0' })
    expect((await ask(words, crossing.clock)).code).toBe(0)
    const joined = {
      input: descriptorOf(digest),
      more: [`-list=${file}`, `--key=${key}`, `--digest=${digest}`, '-name=a'],
    }
    expect((await ask(joined, crossing.clock)).code).toBe(0)
  })

  it('answers no, in one line, also where --json comes before it', async () => {
    const { code, stdout, stderr } = await spoken(['--json', 'admit', '--list', file], crossing.clock)
    expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: 'refused: -name is missing\n', stderr: '' })
  })

  const cli = join(import.meta.dirname, '..', '..', '..', 'main', 'cli.ts')
  const canUnshare = spawnSync('unshare', ['-rn', 'true']).status === 0
  const asProcess = (
    asked: Asked,
    prefix: readonly string[] = [],
  ): Promise<{ code: number | null; stdout: string; stderr: string }> =>
    new Promise((resolve, reject) => {
      const [command = '', ...words] = [...prefix, process.execPath, cli, ...wordsOf(asked)]
      const child = spawn(command, words, { stdio: ['pipe', 'pipe', 'pipe'] })
      let stdout = ''
      let stderr = ''
      child.stdout.on('data', (piece: Buffer) => (stdout += piece.toString()))
      child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()))
      child.on('error', reject)
      child.on('close', (code) => resolve({ code, stdout, stderr }))
      child.stdin.on('error', () => undefined)
      child.stdin.end(asked.input ?? descriptorOf(asked.digest ?? ''))
    })
  /** The clock of a process is that of this computer: a list of today. */
  const today = async (): Promise<{ crossing: Crossing; file: string; key: string; sample: SampleImage }> => {
    const now = await makeCrossing(testClock(new Date().toISOString()))
    const pub = await landingKey(now)
    const made = await acceptedImage(now)
    const place = join(now.folder, 'list.json')
    await done(['landing', 'list', '--desk', now.high, '--out', place], now.clock)
    return { crossing: now, file: place, key: pub, sample: made.sample }
  }

  it.skipIf(!canUnshare)(
    'as a process, without any network (needs unprivileged network namespaces)',
    async () => {
      const now = await today()
      try {
        const { digest } = now.sample.root
        const question = { list: now.file, key: now.key, name: `a/app@${digest}`, digest }
        const yes = await asProcess(question, ['unshare', '-rn'])
        expect(yes).toMatchObject({ code: 0, stderr: '' })
        expect(yes.stdout).toMatch(/^admitted: [^\n]+\n$/)
        const other = `sha256:${'a'.repeat(64)}`
        const no = await asProcess({ ...question, digest: other, name: 'a' }, ['unshare', '-rn'])
        expect(no).toMatchObject({ code: 1, stderr: '' })
        expect(no.stdout).toMatch(/^refused: sha256:a+ is not on list 1 of Delta-2\n$/)
        for (const asked of [{}, { more: ['--help', 'x'] }, { ...question, more: ['--json'] }])
          expect(await asProcess(asked)).toMatchObject({ code: 1, stderr: '' })
      } finally {
        await now.crossing.dispose()
      }
    },
  )

  it('two gates at the same time never put the state back', async () => {
    const now = await today()
    try {
      const files = [now.file]
      for (let i = 2; i <= 6; i += 1) {
        const place = join(now.crossing.folder, `list-${i}.json`)
        await done(['landing', 'list', '--desk', now.crossing.high, '--out', place], now.crossing.clock)
        files.push(place)
      }
      const { digest } = now.sample.root
      const state = join(now.crossing.folder, 'state')
      const order = [0, 5, 1, 4, 2, 3, 0, 5]
      await Promise.all(
        order.map((at) =>
          ask({ list: files[at]!, key: now.key, state, name: 'a', digest }, now.crossing.clock),
        ),
      )
      for (const [at, place] of files.entries()) {
        const { code } = await ask(
          { list: place, key: now.key, state, name: 'a', digest },
          now.crossing.clock,
        )
        expect([at, code]).toEqual([at, at === 5 ? 0 : 1])
      }
    } finally {
      await now.crossing.dispose()
    }
  })
})

describe('what is revoked since', () => {
  let officers: Officers
  it('leaves the list: with the reason, and the key of it', async () => {
    officers = await makeOfficers(crossing, crossing.high)
    await officers.seal()
    await officers.change(['trust', 'revoke', crossing.people.bob.fingerprint, '--reason', 'Lost laptop'])
    const { list, said } = await makeList()
    expect(list.digests).toEqual([])
    const left = said['left'] as string[]
    expect(left.length).toBeGreaterThan(0)
    for (const one of left) expect(one).toMatch(/stands on Bob Lind, which is revoked/)
  })
})
