import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sallyport, type Ended } from '../../support/command-line.ts'
import { decideBoth, makeBundle, makeCrossing, signing, type Crossing } from '../../support/desks.ts'
import { eventsOf } from '../../support/forged-desk.ts'
import { honestWaybill } from '../../support/forge.ts'
import { highDesk } from '../../support/high-desk.ts'
import { sampleImage } from '../../support/images.ts'
import {
  acceptedAnyway,
  acceptedImage,
  carriedImage,
  envelopeBy,
  landingKey,
  recordedOf,
  statementIn,
} from '../../support/landing.ts'
import { makeOfficers } from '../../support/officers.ts'

/* `landing failed`: what two people named as the cause of a rejection, for engines that stop at a failed summary. */

let crossing: Crossing
let pub: string
let count = 0
beforeEach(async () => {
  crossing = await makeCrossing()
  pub = readFileSync(await landingKey(crossing), 'utf8')
})
afterEach(() => crossing.dispose())
const { verify } = highDesk(() => crossing)
const out = (): string => join(crossing.folder, `failed-${(count += 1)}`)
const failed = (id: string, place = out()): Promise<Ended> =>
  sallyport(['landing', 'failed', id, '--desk', crossing.high, '--out', place], crossing.clock)

interface Rejected {
  readonly id: string
  readonly digests: readonly string[]
}
async function read(files: Readonly<Record<string, string>>, name = 'bundle'): Promise<Rejected> {
  const { folder } = await makeBundle(crossing, name, files)
  const digests = (await honestWaybill(folder)).items.map(({ root }) => root.digest)
  return { id: (await verify(folder)).said.id, digests }
}
const rejectBy = (id: string, person: 'dave' | 'erin', causes: readonly string[]): Promise<Ended> =>
  sallyport(
    [
      ...['decide', id, '--desk', crossing.high, '--reject', '--reason', 'Malware'],
      ...causes.flatMap((cause) => ['--cause', cause]),
      ...signing(crossing, person),
    ],
    crossing.clock,
  )
/** Refused for this reason: nothing is written, here or there. */
async function expectNone(id: string, code: string): Promise<void> {
  const recorded = await recordedOf(crossing.high)
  const place = out()
  expect((await failed(id, place)).json.failure.code).toBe(code)
  expect(existsSync(place)).toBe(false)
  expect(await recordedOf(crossing.high)).toEqual(recorded)
}
const filesIn = (place: string) =>
  readdirSync(place).map((name) => {
    const bundle = JSON.parse(readFileSync(join(place, name), 'utf8')) as {
      readonly mediaType: string
      readonly dsseEnvelope: Parameters<typeof statementIn>[0]
    }
    return { name, bundle, statement: statementIn(bundle.dsseEnvelope) }
  })

describe('a failed summary', () => {
  it('is made of what both named, and of nothing that one named', async () => {
    const { id, digests } = await read({ 'a.txt': 'a', 'b.txt': 'b', 'c.txt': 'c' })
    const [a = '', b = '', c = ''] = digests
    await rejectBy(id, 'dave', [a, b])
    await rejectBy(id, 'erin', [b, c])
    const place = out()
    const { json } = await failed(id, place)
    expect(json).toMatchObject({ ok: true, causes: [b], files: [`sha256-${b.slice(7)}.vsa.sigstore.json`] })
    const files = filesIn(place)
    expect(files.map(({ name }) => name)).toEqual(json['files'])
    for (const { bundle, statement } of files) {
      expect(bundle.mediaType).toBe('application/vnd.dev.sigstore.bundle.v0.3+json')
      expect(envelopeBy(bundle.dsseEnvelope, pub)).toBe(true)
      expect(statement.predicateType).toBe('https://slsa.dev/verification_summary/v1')
      expect(statement.subject.map(({ digest }) => digest.sha256)).toEqual([b.slice(7)])
      expect(statement.predicate).toMatchObject({
        verificationResult: 'FAILED',
        verifiedLevels: ['FAILED'],
        inputAttestations: [],
      })
    }
    expect((await eventsOf(crossing.high)).at(-1)).toMatchObject({
      type: 'landing.failed',
      facts: { consignment: id, causes: [b] },
    })
  })

  it('of an image is about its name and its index', async () => {
    const folder = await carriedImage(crossing)
    const { root } = sampleImage(20_000, 'app')
    const { id } = (await verify(folder)).said
    await decideBoth(crossing, id, 'reject', ['--cause', root.digest])
    const place = out()
    expect((await failed(id, place)).code).toBe(0)
    const [file] = filesIn(place)
    expect(file?.statement.predicate['resourceUri']).toMatch(new RegExp(`app@${root.digest}$`))
  })

  it('of what nobody or only one named, and of what is not rejected, is none', async () => {
    const one = await read({ 'a.txt': 'a' })
    await expectNone(one.id, 'consignment-state')
    await rejectBy(one.id, 'dave', [one.digests[0]!])
    await expectNone(one.id, 'consignment-state')
    await rejectBy(one.id, 'erin', [])
    await expectNone(one.id, 'landing-no-causes')
    const two = await read({ 'b.txt': 'b' }, 'two')
    await decideBoth(crossing, two.id, 'hold')
    await expectNone(two.id, 'consignment-state')
    await decideBoth(crossing, two.id, 'reject')
    await expectNone(two.id, 'landing-no-causes')
    const { id } = await acceptedImage(crossing)
    await expectNone(id, 'consignment-state')
  })

  it('of what officers lifted since is none', async () => {
    const { id, digests } = await read({ 'a.txt': 'a' })
    await decideBoth(crossing, id, 'reject', ['--cause', digests[0]!])
    expect((await failed(id)).code).toBe(0)
    const officers = await makeOfficers(crossing, crossing.high)
    await officers.seal()
    await officers.change(['cause', 'lift', digests[0]!])
    await expectNone(id, 'landing-no-causes')
  })

  it('of what was accepted with something else is none: nothing false is said of what runs', async () => {
    const { id, digests } = await read({ 'a.txt': 'the same\n', 'z.txt': 'alone\n' })
    await decideBoth(
      crossing,
      id,
      'reject',
      digests.flatMap((cause) => ['--cause', cause]),
    )
    await acceptedAnyway(crossing, 'two', { 'a.txt': 'the same\n', 'b.txt': 'more\n' })
    const { json } = await failed(id)
    expect(json['causes']).toHaveLength(1)
    await acceptedAnyway(crossing, 'three', { 'z.txt': 'alone\n' })
    await expectNone(id, 'landing-no-causes')
  })

  it('is not written over anything, nor into the folder of the desk, nor without a key', async () => {
    const { id, digests } = await read({ 'a.txt': 'a' })
    await decideBoth(crossing, id, 'reject', ['--cause', digests[0]!])
    const place = out()
    await failed(id, place)
    const before = readdirSync(place)
    const recorded = await recordedOf(crossing.high)
    expect((await failed(id, place)).json.failure.code).toBe('export-target')
    expect(readdirSync(place)).toEqual(before)
    expect((await failed(id, join(crossing.high, 'out'))).json.failure.code).toBe('medium-inside-desk')
    const file = out()
    writeFileSync(file, 'mine')
    expect((await failed(id, file)).json.failure.code).toBe('export-target')
    expect(readFileSync(file, 'utf8')).toBe('mine')
    expect(await recordedOf(crossing.high)).toEqual(recorded)
    const { key } = (await sallyport(['landing', 'key', 'show', '--desk', crossing.high], crossing.clock))
      .json as unknown as { key: { fingerprint: { hex: string } } }
    const officers = await makeOfficers(crossing, crossing.high)
    await officers.seal()
    await officers.change(['trust', 'revoke', key.fingerprint.hex, '--reason', 'Stolen'])
    await expectNone(id, 'landing-none')
  })
})
