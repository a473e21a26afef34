import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { digestOf } from '../../main/platform/hash.ts'
import { canonical, parseStrict } from '../../main/platform/json.ts'
import { Machine } from '../../main/policy/rego/machine.ts'
import { zRegoInput, type RegoInput } from '../../shared/rego-input.ts'
import { buildPrograms, missingPrograms, programPath } from '../support/go-programs.ts'

const missing = missingPrograms(['opa'])
if (missing !== null) console.log(`Not run: rule sets against OPA itself, because ${missing}.`)

const source = join(import.meta.dirname, '../support/rego')
const house = readFileSync(join(source, 'house.wasm'))
const inputs = 240

const text = fc.constantFrom(
  '',
  'a',
  'linux/amd64',
  'harmless',
  'harmless-more',
  'naïve ⟦x⟧ 𝒳',
  '%s %d',
  '"\\\n',
)
const time = fc.oneof(
  fc
    .integer({ min: 1_600_000_000, max: 1_800_000_000 })
    .map((seconds) => new Date(seconds * 1000).toISOString().replace('.000', '')),
  fc.constantFrom(
    '2026-11-21T09:00:00.000000001Z',
    '2026-11-22T14:00:00+05:00',
    'yesterday',
    '2026-02-30T00:00:00Z',
  ),
)
const digest = fc.constantFrom('a', 'b', 'c').map((sign) => `sha256:${sign.repeat(64)}`)
const signer = fc.oneof(
  fc.constant(null),
  fc.record({ kind: fc.constant('key' as const), fingerprint: text }),
  fc.record({ kind: fc.constant('certificate' as const), fingerprint: text, name: text, issuer: text }),
)
const piece = fc.record({
  ...{
    layer: digest,
    subject: digest,
    form: text,
    kind: fc.constantFrom('signature' as const, 'attestation' as const),
  },
  ...{
    predicateType: fc.option(text),
    result: fc.constantFrom('proven' as const, 'bad' as const, 'unknown' as const),
  },
  ...{ reason: fc.option(text), signer, times: fc.array(time, { maxLength: 3 }), logs: fc.nat(3) },
  ...{ build: fc.constant(null), sbom: fc.constant(null) },
})
const item = fc.record({
  ...{ name: text, kind: fc.constantFrom('image', 'file', 'chart') },
  reference: fc.constantFrom('registry.test/app:latest', 'registry.test/app:1', 'latest', 'a:latest:1'),
  root: fc.record({ digest, mediaType: text, size: fc.nat() }),
  ...{ version: fc.option(text), platforms: fc.array(text, { maxLength: 4 }) },
  findings: fc.array(fc.record({ code: text, subject: text, detail: text }), { maxLength: 3 }),
  rules: fc.array(fc.record({ id: text, result: text, reason: text }), { maxLength: 2 }),
  evidence: fc.array(piece, { maxLength: 4 }),
})
const document = fc.record({
  format: fc.constant('sallyport.rego-input/v1' as const),
  ...{
    now: fc.constant('2026-11-22T09:00:00Z'),
    floor: fc.option(time),
    policy: fc.record({ version: fc.nat() }),
  },
  waybill: fc.record({
    ...{
      name: text,
      created: time,
      expires: time,
      sender: text,
      channel: text,
      epoch: fc.nat(),
      marking: text,
    },
    destinations: fc.array(fc.record({ desk: text, sequence: fc.nat(), previous: fc.option(digest) }), {
      maxLength: 2,
    }),
    ticket: fc.constantFrom(null, 'CHG-1234', 'CHG-12345', 'chg-1234', 'CHG-١٢٣٤', 'CHG-1234\n'),
    ...{ reason: text, requester: text, people: fc.constant([]), removed: fc.constant([]) },
    blobs: fc.record({ count: fc.nat(), bytes: fc.nat() }),
  }),
  items: fc.array(item, { maxLength: 5 }),
})

/** What objects, in one order. */
const sorted = (objections: readonly unknown[]): string[] =>
  objections.map((one) => canonical(one).toString('utf8')).sort()

function ours(bytes: Buffer, input: RegoInput): string[] {
  const machine = new Machine(bytes)
  const [one] = parseStrict(
    machine.evaluate(machine.entrypoint('house/deny'), canonical(input)),
  ) as unknown as [{ readonly result: readonly unknown[] }]
  return sorted(one.result)
}

describe.skipIf(missing !== null)('rule sets, by OPA itself (needs Go)', () => {
  let folder: string
  beforeAll(async () => {
    buildPrograms(['opa'])
    folder = await mkdtemp(join(tmpdir(), 'sallyport-opa-'))
  }, 900_000)
  afterAll(() => rm(folder, { recursive: true, force: true }))
  const opa = (...words: string[]): Buffer =>
    execFileSync(programPath('opa'), words, { cwd: source, maxBuffer: 2 ** 26 })

  it('builds the module of the tests anew, byte for byte', () => {
    const bundle = join(folder, 'bundle.tar.gz')
    opa('build', '-t', 'wasm', '-e', 'house/deny', '-o', bundle, 'house.rego')
    const built = execFileSync('tar', ['-xzOf', bundle, '/policy.wasm'])
    expect(digestOf(built)).toBe(digestOf(house))
  })

  it(`says what OPA's own evaluation says, of ${inputs} inputs`, async () => {
    const path = join(folder, 'input.json')
    let objections = 0
    for (const made of fc.sample(document, { numRuns: inputs, seed: 20 })) {
      const input = zRegoInput.parse(made)
      await writeFile(path, canonical(input))
      const said = JSON.parse(
        opa('eval', '--format', 'json', '-d', 'house.rego', '-i', path, 'data.house.deny').toString('utf8'),
      ) as { result: [{ expressions: [{ value: unknown[] }] }] }
      const theirs = sorted(said.result[0].expressions[0].value)
      expect(ours(house, input), canonical(input).toString('utf8')).toEqual(theirs)
      objections += theirs.length
    }
    console.log(`${inputs} inputs, ${objections} objections: the same as OPA's.`)
    expect(objections).toBeGreaterThan(inputs)
  }, 300_000)
})
