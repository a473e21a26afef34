import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Verdict } from '../../shared/verdict.ts'
import { alice } from '../support/authority/world.ts'
import { done, linesOf, sallyport, type Ended } from '../support/command-line.ts'
import { decideBoth, makeCrossing, signing, type Crossing } from '../support/desks.ts'
import { makeOfficers } from '../support/officers.ts'
import { about, carryApp, putSigned, rowsOf, trustAuthority } from '../support/signed-image.ts'

/* Every rule of a policy through one crossing, by the command line: what it refuses, what it lets pass, and why. */

const sbom = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  metadata: { timestamp: '2026-01-10T11:00:00Z' },
  components: [{ name: 'lodash', version: '4.17.20', purl: 'pkg:npm/lodash@4.17.20' }, { name: 'bare' }],
}
const scan = {
  scanner: { uri: 'pkg:x/grype', result: [{ id: 'CVE-1', severity: [{ method: 'm', score: 'high' }] }] },
  metadata: { scanFinishedOn: '2026-01-10T11:00:00Z' },
}
const summary = {
  verifier: { id: 'https://verifier.test' },
  timeVerified: '2026-01-10T11:00:00Z',
  resourceUri: 'pkg:oci/app',
  verificationResult: 'PASSED',
  verifiedLevels: ['SLSA_BUILD_LEVEL_2'],
}

let crossing: Crossing
let folder: string
let id: string
let digest: string
let version = 1
beforeAll(async () => {
  crossing = await makeCrossing()
  await trustAuthority(crossing)
  const { root } = await putSigned(crossing, ({ root: image }) => [
    about(image),
    about(image, 'https://cyclonedx.org/bom', sbom),
    about(image, 'https://in-toto.io/attestation/vulns/v0.2', scan),
    about(image, 'https://slsa.dev/verification_summary/v1', summary),
  ])
  digest = root.digest
  folder = (await carryApp(crossing)).folder
})
afterAll(() => crossing.dispose())

const identities = `identities: [{name: alice, issuer: '${alice.issuer}', identity: '${alice.san}'}]\n`
const run = (...words: string[]): Promise<Ended> =>
  sallyport([...words, '--desk', crossing.high], crossing.clock)

async function policyFile(more: string): Promise<string> {
  version += 1
  const path = join(crossing.folder, `policy-${version}.yaml`)
  await writeFile(path, `sallyport: policy/v1\nversion: ${version}\n${identities}${more}\n`)
  return path
}
const item = (asks: string): string => `items: [{kind: image, name: '**', ${asks}}]\n`

/** What comes of the medium under a policy: the exit code, and the rows of a check. */
async function judged(more: string, check: string): Promise<[number, string[]]> {
  const set = await run('policy', 'set', await policyFile(more))
  expect(set.code, set.stdout).toBe(0)
  const ended = await run('verify', folder)
  id = ended.json.id
  return [ended.code, rowsOf(ended, check)]
}
const trialOf = ({ json }: Ended) => json['trial'] as Pick<Verdict, 'checks' | 'outcome'>
const why = 'reason: known bad, since: 2026-01-01'
const day = (n: number): string =>
  new Date(crossing.clock.now().getTime() + n * 86_400_000).toISOString().slice(0, 10)

describe('every rule of a policy', () => {
  it.each([
    [
      'policy.freshness',
      (): string => item('signedBy: {identities: [alice], maxAge: 3650}'),
      [0, ['pass as-expected']],
    ],
    [
      'policy.freshness',
      (): string => item('signedBy: {identities: [alice], maxAge: 30}'),
      [4, ['fail too-old']],
    ],
    ['policy.freshness', (): string => item('sbom: {signedBy: [alice], maxAge: 30}'), [4, ['fail too-old']]],
    ['policy.pinned', (): string => item('pinned: requested'), [4, ['fail by-name']]],
    ['policy.pinned', (): string => item('pinned: resolved'), [0, ['pass as-expected']]],
    [
      'policy.sbom',
      (): string => item('sbom: {signedBy: [alice], unversioned: 1}'),
      [0, ['pass as-expected']],
    ],
    [
      'policy.sbom',
      (): string => item('sbom: {signedBy: [alice], fields: [version]}'),
      [4, ['fail differs']],
    ],
    [
      'policy.forbidden',
      (): string => `forbidden: [{purl: 'pkg:npm/lodash', versions: '<4.17.21', ${why}}]`,
      [4, ['fail forbidden']],
    ],
    [
      'policy.forbidden',
      (): string => `forbidden: [{purl: 'pkg:npm/other', ${why}}]\n${item('free: {signedBy: [alice]}')}`,
      [0, ['pass as-expected']],
    ],
    [
      'policy.forbidden',
      (): string => `forbidden: [{purl: 'pkg:npm/bare', ${why}}]`,
      [5, ['not-checked cannot-compare']],
    ],
    [
      'policy.forbidden',
      (): string => `forbidden: [{licence: MIT, ${why}}]\n${item('free: {signedBy: [alice]}')}`,
      [5, ['not-checked licence-not-said']],
    ],
    [
      'policy.scan',
      (): string => item('scan: {signedBy: [alice], highest: high}'),
      [0, ['pass as-expected']],
    ],
    ['policy.scan', (): string => item('scan: {signedBy: [alice], highest: medium}'), [4, ['fail findings']]],
    [
      'policy.summary',
      (): string =>
        item(
          "summary: [{verifier: 'https://verifier.test', signedBy: alice, resource: 'pkg:oci/app', levels: [SLSA_BUILD_LEVEL_2]}]",
        ),
      [0, ['pass as-expected']],
    ],
    [
      'policy.summary',
      (): string =>
        item(
          "summary: [{verifier: 'https://other.test', signedBy: alice, resource: 'pkg:oci/app', levels: [SLSA_BUILD_LEVEL_2]}]",
        ),
      [4, ['fail differs']],
    ],
    [
      'policy.tombstone',
      (): string => `tombstones: [{digest: '${digest}', ${why}}]`,
      [4, ['fail withdrawn']],
    ],
    ['policy.lifetime', (): string => 'channels: [{name: payments, lifetime: 10}]', [4, ['fail too-long']]],
    [
      'policy.channel-signers',
      (): string => 'channels: [{name: payments, signers: {release: 2}}]',
      [4, ['fail missing']],
    ],
    [
      'policy.version-floor',
      (): string => "channels: [{name: payments, floors: [{name: '**', version: 2.0.0}]}]",
      [5, ['not-checked not-comparable']],
    ],
    [
      'policy.unchecked',
      (): string =>
        `channels: [{name: payments, notChecked: refuses}]\n${item('signedBy: {identities: [alice]}')}`,
      [0, ['pass as-expected']],
    ],
    [
      'policy.unchecked',
      (): string =>
        `channels: [{name: payments, notChecked: refuses}]\nforbidden: [{purl: 'pkg:npm/bare', ${why}}]`,
      [4, ['fail unchecked']],
    ],
    [
      'policy.unchecked',
      (): string =>
        `channels: [{name: other, notChecked: refuses}]\nforbidden: [{purl: 'pkg:npm/bare', ${why}}]`,
      [5, []],
    ],
    [
      'policy.algorithms',
      (): string => 'algorithms: fips-approved',
      [4, ['pass as-expected', 'fail not-approved', 'pass as-expected']],
    ],
  ] as const)('%s', async (check, more, answer) => {
    expect(await judged(more(), check)).toEqual(answer)
  })

  it('is overridden, never passed, where the policy says so ahead, by two people and for its days', async () => {
    const rule = item('pinned: requested')
    const exception = (approvers: string, since: string, until: string): string =>
      `${rule}exceptions: [{check: policy.pinned, reason: tags for now, approvers: [${approvers}], since: ${since}, until: ${until}}]\n`
    expect(await judged(exception('dave, erin', day(0), day(3)), 'policy.pinned')).toEqual([
      0,
      ['overridden overridden'],
    ])
    expect(await judged(exception('dave, erin', day(1), day(3)), 'policy.pinned')).toEqual([
      4,
      ['fail by-name'],
    ])
    expect(await judged(exception('dave, erin', day(-3), day(-1)), 'policy.pinned')).toEqual([
      4,
      ['fail by-name'],
    ])
    expect(await judged(exception('dave, nobody', day(0), day(3)), 'policy.pinned')).toEqual([
      4,
      ['fail by-name'],
    ])
  })
})

describe('a policy that waits for a second officer', () => {
  it('is shown to them rule by rule, as what it changes; not any more once it is in force', async () => {
    const own = await makeCrossing()
    try {
      const officers = await makeOfficers(own, own.high)
      await officers.seal()
      const path = join(own.folder, 'asked.yaml')
      await writeFile(path, 'sallyport: policy/v1\nversion: 2\nlifetime: 30\nalgorithms: fips-approved\n')
      const set = await done(['policy', 'set', path, '--desk', own.high, ...officers.signs(0)], own.clock)
      const number = String((set['pending'] as { number: number }).number)
      const show = (): Promise<Record<string, unknown>> =>
        done(['change', 'show', number, '--desk', own.high], own.clock)
      expect((await show())['details']).toEqual([
        'Lifetime of a waybill: at most 30 days (now: at most 90 days)',
        'New: Algorithms: approved ones alone: ECDSA P-256, P-384, P-521, or RSA; no Ed25519',
      ])
      await done(['change', 'sign', number, '--desk', own.high, ...officers.signs(1)], own.clock)
      expect((await show())['details']).toEqual([])
    } finally {
      await own.dispose()
    }
  })
})

describe('a channel with a lifetime of its own', () => {
  it('is kept by whoever makes the waybill: none is made that the other side must refuse', async () => {
    const own = await makeCrossing()
    try {
      const path = join(own.folder, 'low.yaml')
      await writeFile(path, 'sallyport: policy/v1\nversion: 2\nchannels: [{name: payments, lifetime: 7}]\n')
      await done(['policy', 'set', path, '--desk', own.low], own.clock)
      await putSigned(own, () => [])
      const made = await carryApp(own)
      const waybill = JSON.parse(await readFile(join(made.folder, 'waybill.json'), 'utf8')) as {
        created: string
        expires: string
      }
      expect(Date.parse(waybill.expires) - Date.parse(waybill.created)).toBe(7 * 86_400_000)
    } finally {
      await own.dispose()
    }
  })
})

describe('a policy, before it is in force', () => {
  const files = async (): Promise<string[]> => (await readdir(crossing.high, { recursive: true })).sort()

  it('is explained and tried on a bundle: nothing is decided, recorded or kept', async () => {
    await judged(item('pinned: resolved'), 'policy.pinned')
    const file = await policyFile(
      `${item('pinned: requested')}exceptions: [{check: policy.sbom, reason: x, approvers: [dave, nobody], since: ${day(0)}, until: ${day(1)}}]\n`,
    )
    const [ledger, before] = [await readFile(join(crossing.high, 'ledger.jsonl')), await files()]
    const tried = await run('policy', 'check', file, '--bundle', folder)
    expect([tried.code, trialOf(tried).outcome]).toEqual([4, 'refused'])
    expect(tried.json['differences']).toEqual([
      {
        rule: 'Rule for every image named **',
        before: 'pinned to its digest',
        after: 'requested by its digest',
      },
      {
        rule: 'Exception from policy.sbom, all of them',
        before: null,
        after: `x; by dave and nobody, from ${day(0)} to ${day(1)}`,
      },
    ])
    expect(tried.json['idle']).toEqual(['policy.sbom, all of them: dave and nobody'])
    expect(tried.json['unmatched']).toEqual([])
    expect(await readFile(join(crossing.high, 'ledger.jsonl'))).toEqual(ledger)
    expect(await files()).toEqual(before)
  })

  it('is tried on a waybill alone: who signed and what speaks for items is not checked, and said', async () => {
    const file = await policyFile(
      `channels: [{name: payments, signers: {release: 1}}]\n${item('signedBy: {identities: [alice]}, pinned: requested')}`,
    )
    const waybill = join(folder, 'waybill.json')
    const tried = await run('policy', 'check', file, '--waybill', waybill)
    expect(tried.code).toBe(4)
    const rows = trialOf(tried).checks.map((one) => `${one.id} ${one.result}`)
    expect(rows.sort()).toEqual([
      'policy.channel-signers not-checked',
      'policy.evidence not-checked',
      'policy.item-rule pass',
      'policy.lifetime pass',
      'policy.pinned fail',
      'policy.signature not-checked',
    ])
    const both = await run('policy', 'check', file, '--waybill', waybill, '--bundle', folder)
    expect(both.code).toBe(2)
    const none = await run('policy', 'check', file, '--waybill', file)
    expect([none.code, none.json.failure.code]).toEqual([1, 'bad-input'])
  })

  it('names patterns that are about nothing, and says what cannot come into force', async () => {
    const file = join(crossing.folder, 'old.yaml')
    await writeFile(
      file,
      "sallyport: policy/v1\nversion: 1\nitems: [{kind: image, name: 'registry.tset/**', nothing: true}]\n",
    )
    const lines = await linesOf(['policy', 'check', file, '--desk', crossing.high], crossing.clock)
    expect(lines).toContain('  the rule for every image named registry.tset/**')
    expect(lines.join('\n')).toContain('It CANNOT come into force here')
  })

  it('is explained afterwards, rule by rule, with the evidence that each stands on', async () => {
    await judged(
      item('signedBy: {identities: [alice]}, scan: {signedBy: [alice], highest: medium}'),
      'policy.scan',
    )
    const found = await done(['policy', 'explain', id, '--desk', crossing.high], crossing.clock)
    const rules = found['rules'] as {
      id: string
      result: string
      title: string
      next: string
      evidence: string[]
    }[]
    const one = (check: string) => rules.find((rule) => rule.id === check)
    expect(found['current']).toBe(true)
    expect(one('policy.scan')).toMatchObject({
      result: 'fail',
      title: 'Known vulnerabilities',
      evidence: [expect.stringMatching(/^sha256:/)],
    })
    expect(one('policy.scan')?.next).toContain('ask the sender for a repaired item')
    expect(one('policy.signature')?.evidence).toHaveLength(1)
    expect(one('policy.lifetime')?.evidence).toEqual([])
    await run('policy', 'set', await policyFile(item('pinned: resolved')))
    const lines = await linesOf(['policy', 'explain', id, '--desk', crossing.high], crossing.clock)
    expect(lines[0]).toContain('NO LONGER in force')
    const unknown = await run('policy', 'explain', '00000000-0000-4000-8000-000000000000')
    expect(unknown.json.failure.code).toBe('consignment-unknown')
  })

  it('begins with one of four, which come into force as they stand; its form is there for editors', async () => {
    const list = await done(['policy', 'packs'])
    const names = (list['packs'] as { name: string }[]).map(({ name }) => name)
    for (const name of names) {
      const source = (await linesOf(['policy', 'packs', '--source', name], crossing.clock)).join('\n')
      const file = join(crossing.folder, `${name}.yaml`)
      await writeFile(file, source)
      const checked = await run('policy', 'check', file)
      expect([name, checked.code]).toEqual([name, 0])
      expect((await linesOf(['policy', 'packs', '--name', name], crossing.clock)).join('\n')).toContain(
        'Change first:',
      )
    }
    expect((await sallyport(['policy', 'packs', '--name', 'none'])).code).toBe(2)
    expect((await sallyport(['policy', 'packs', '--name', 'lab', '--source', 'lab'])).code).toBe(2)
    const schema = JSON.parse((await linesOf(['policy', 'schema'], crossing.clock)).join('\n')) as {
      title: string
    }
    expect(schema.title).toBe('Policy of a Sallyport desk')
  })
})

// The last one: from here on the clock stands later.
describe('what grows old after it was judged', () => {
  const age = (): number =>
    Math.ceil((crossing.clock.now().getTime() - Date.parse('2026-01-10T12:00:00Z')) / 86_400_000)

  it('is asked again when people decide, and when it goes out', async () => {
    const rule = item(`signedBy: {identities: [alice], maxAge: ${age() + 5}}`)
    expect(await judged(rule, 'policy.freshness')).toEqual([0, ['pass as-expected']])
    const decide = (who: 'dave' | 'erin'): Promise<Ended> =>
      run('decide', id, '--accept', ...signing(crossing, who))
    expect((await decide('dave')).code).toBe(0)
    crossing.clock.forward(10)
    expect((await decide('erin')).json.failure.code).toBe('verdict-stale')
    expect(await judged(rule, 'policy.freshness')).toEqual([4, ['fail too-old']])
    expect(
      await judged(item(`signedBy: {identities: [alice], maxAge: ${age() + 5}}`), 'policy.freshness'),
    ).toEqual([0, ['pass as-expected']])
    await decideBoth(crossing, id, 'accept')
    crossing.clock.forward(10)
    const out = await run('export', id, '--to', `dir:${join(crossing.folder, 'out')}`)
    expect([out.code, out.json.failure.code]).toEqual([1, 'verdict-stale'])
  })
})
