import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { done, printed, sallyport, type Said } from '../../support/command-line.ts'
import { makeCrossing, type Crossing } from '../../support/desks.ts'
import { eventsOf, lastOf } from '../../support/forged-desk.ts'
import { sha256, type SampleImage } from '../../support/images.ts'
import { acceptedImage, allowRegistry, envelopeBy, landingKey, statementIn } from '../../support/landing.ts'

/* Exports that are folders have the signed summaries beside the content, under the names of the waybill. */

let crossing: Crossing
let pub: string | undefined
let id: string
let sample: SampleImage
let count = 0
beforeAll(async () => {
  crossing = await makeCrossing()
  const made = await acceptedImage(crossing)
  id = made.id
  sample = made.sample
})
afterAll(() => crossing.dispose())

const place = (): string => join(crossing.folder, `out-${(count += 1)}`)
const exporting = (to: string, more: string[] = []): Promise<Said> =>
  done(['export', id, '--desk', crossing.high, '--to', to, ...more], crossing.clock)

const expected = (): string[] =>
  [sample.root, sample.amd64, sample.arm64]
    .map(({ digest }) => `sha256-${digest.slice(7)}.vsa.sigstore.json`)
    .sort()

function expectSummaries(folder: string): void {
  expect(readdirSync(folder).sort()).toEqual(expected())
  for (const name of readdirSync(folder)) {
    const { dsseEnvelope } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as {
      dsseEnvelope: Parameters<typeof statementIn>[0]
    }
    expect(envelopeBy(dsseEnvelope, pub ?? '')).toBe(true)
    const { subject, predicate, predicateType } = statementIn(dsseEnvelope)
    expect(predicateType).toBe('https://slsa.dev/verification_summary/v1')
    const [one] = subject
    expect(name).toBe(`sha256-${one?.digest.sha256}.vsa.sigstore.json`)
    expect(predicate).toMatchObject({
      verificationResult: 'PASSED',
      resourceUri: `${one?.name}@sha256:${one?.digest.sha256}`,
    })
  }
}

describe('an export to a folder', () => {
  it('has none before there is a landing key, and says so', async () => {
    const out = place()
    expect(await exporting(`dir:${out}`)).toMatchObject({ seals: 'no-key' })
    expect(existsSync(join(out, 'summaries'))).toBe(false)
  })

  it.each(['dir', 'oci-layout'])('%s has one for the index and one for each platform', async (kind) => {
    pub ??= readFileSync(await landingKey(crossing), 'utf8')
    const out = place()
    expect(await exporting(`${kind}:${out}`)).toMatchObject({ seals: 'made' })
    expectSummaries(join(out, 'summaries'))
    expect(lastOf(await eventsOf(crossing.high), 'export.done').facts).toMatchObject({ seals: 'made' })
  })

  it.each(['dir', 'oci-layout'])('%s has none with --no-seal, which is on the record', async (kind) => {
    const out = place()
    expect(await exporting(`${kind}:${out}`, ['--no-seal'])).toMatchObject({ seals: 'not-wanted' })
    expect(existsSync(join(out, 'summaries'))).toBe(false)
    expect(lastOf(await eventsOf(crossing.high), 'export.done').facts).toMatchObject({ seals: 'not-wanted' })
  })

  it('says what lies there and what does not, and of no seal that nobody made', async () => {
    const said = async (...more: string[]): Promise<string> =>
      printed(['export', id, '--desk', crossing.high, '--to', `dir:${place()}`, ...more], crossing.clock)
    expect(await said()).toContain('beside it in summaries/, signed by the landing key')
    expect(await said('--no-seal')).toContain('Without signed summaries: they were not wanted')
    await allowRegistry(crossing, 'registry.test', 2, 'landing: {signers: deciders}\n')
    const waits = await said()
    expect(waits).toContain('Without signed summaries: by the policy those who accepted it seal')
    expect(waits).not.toContain('landing seal')
    await allowRegistry(crossing, 'registry.test', 3)
  })

  it('is the same bytes the second time', async () => {
    const [one, two] = [place(), place()]
    await exporting(`dir:${one}`)
    await exporting(`dir:${two}`)
    for (const name of expected())
      expect(readFileSync(join(one, 'summaries', name))).toEqual(readFileSync(join(two, 'summaries', name)))
  })

  it('that is one file of another tool has no place for them, and says nothing of seals', async () => {
    const said = await exporting(`oci-archive:${place()}.tar`)
    expect(said).not.toHaveProperty('seals')
  })

  it('leaves no seal behind that anybody could take for one: only summaries are kept', async () => {
    const folder = join(crossing.high, 'consignments', id)
    const kept = readdirSync(folder).filter((name) => name.startsWith('seals-'))
    expect(kept).toHaveLength(1)
    const { signatures } = JSON.parse(readFileSync(join(folder, kept[0]!), 'utf8')) as {
      signatures: Record<string, string>
    }
    expect(Object.keys(signatures)).toHaveLength(3)
  })
})

describe('an export to a medium', () => {
  it.each(['folder', 'layout'])(
    'as %s has them, its record lists them, it reads back; and one that was changed there is found',
    async (form) => {
      pub ??= readFileSync(await landingKey(crossing), 'utf8')
      const medium = place()
      mkdirSync(medium)
      const said = await exporting(`medium:${medium}`, ['--form', form])
      const [name = ''] = readdirSync(medium)
      const folder = join(medium, name)
      const summaries = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((one) =>
        one.endsWith('summaries'),
      )
      expect(said).toMatchObject({ seals: 'made' })
      expectSummaries(join(folder, summaries ?? 'none'))
      const record = JSON.parse(readFileSync(join(folder, 'export.json'), 'utf8')) as {
        files: { path: string; digest?: string; sha256?: string }[]
      }
      for (const file of expected()) {
        const bytes = readFileSync(join(folder, summaries ?? '', file))
        const listed = record.files.find(({ path }) => path === `${summaries}/${file}`)
        expect(JSON.stringify(listed)).toContain(sha256(bytes).slice(7))
      }
      const back = await sallyport(['readback', folder, '--desk', crossing.high], crossing.clock)
      expect(back).toMatchObject({ code: 0 })
      const [first = ''] = expected()
      writeFileSync(join(folder, summaries ?? '', first), '{}')
      const changed = await sallyport(['readback', folder, '--desk', crossing.high], crossing.clock)
      expect(changed.code).not.toBe(0)
      expect(changed.stdout).toContain(first)
    },
  )
})
