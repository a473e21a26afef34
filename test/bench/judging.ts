import { performance } from 'node:perf_hooks'
import { itemRules } from '../../main/policy/items.ts'
import { parsePolicy } from '../../main/policy/parse.ts'
import type { Policy } from '../../shared/policy.ts'
import { assessed } from '../support/attacks/evidence.ts'
import { signatureType } from '../../main/evidence/judge.ts'
import type { BundlePlan } from '../support/authority/bundle.ts'
import { identities, image, said } from '../support/item-policy.ts'
import { policyTime } from '../support/policy-time.ts'
import { line } from './measure.ts'

const mib = 1024 ** 2
const component = (i: number): object => ({
  type: 'library',
  'bom-ref': `pkg:npm/part-${i}@1.${i % 100}.0`,
  name: `part-${i}`,
  version: `1.${i % 100}.0`,
  purl: `pkg:npm/part-${i}@1.${i % 100}.0`,
  licenses: [{ license: { id: 'MIT' } }],
  hashes: [{ alg: 'SHA-256', content: i.toString(16).padStart(64, '0') }],
})
const sbom = (components: number): BundlePlan =>
  said('https://cyclonedx.org/bom', {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    metadata: { timestamp: '2026-01-10T11:00:00Z' },
    components: Array.from({ length: components }, (_, i) => component(i)),
  })

function policy(bans: number): Policy {
  const why = 'reason: x, since: 2026-01-01'
  const list = Array.from(
    { length: bans },
    (_, i) => `  - {purl: 'pkg:npm/bad-${i}', versions: '<2.0.0', ${why}}\n`,
  ).join('')
  const asks = [
    'signedBy: {identities: [alice], log: true, time: true, maxAge: 30}',
    'sbom: {signedBy: [alice], fields: [version, purl, licence, hash], maxAge: 30}',
    'free: {signedBy: [alice]}',
    'scan: {signedBy: [alice], highest: medium, maxAge: 30}',
    'pinned: resolved',
  ]
  return parsePolicy(
    Buffer.from(
      `sallyport: policy/v1\nversion: 1\nalgorithms: default\nidentities:${identities}items:\n  - {kind: image, name: '**', ${asks.join(', ')}}\nforbidden:\n${list}`,
    ),
  )
}
const scan: BundlePlan = said('https://in-toto.io/attestation/vulns/v0.2', {
  scanner: {
    uri: 'x',
    result: Array.from({ length: 100 }, (_, i) => ({ id: `CVE-${i}`, severity: [{ score: 'low' }] })),
  },
  metadata: { scanFinishedOn: '2026-01-10T11:00:00Z' },
})

function judge(by: Policy, evidence: Awaited<ReturnType<typeof assessed>>): void {
  const wrong = itemRules(by, image, evidence, policyTime).find(({ result }) => result !== 'pass')
  if (wrong !== undefined) throw new Error(`${wrong.id}: ${wrong.found}`)
}

/** A policy of every rule over 1,000 items, and over one bill of materials of the largest size that is read. */
export async function judgingBench(): Promise<void> {
  const by = policy(1000)
  const evidence = await assessed([said(signatureType, {}), sbom(300), scan])
  const before = performance.now()
  for (let n = 0; n < 1000; n += 1) judge(by, evidence)
  line('rules over 1,000 items of 300 components, 1,000 bans', `${Math.round(performance.now() - before)} ms`)
  const one = JSON.stringify(component(50_000)).length + 1
  const large = sbom(Math.floor((16 * mib - 4096) / one) - 800)
  const start = process.resourceUsage().maxRSS
  const [from, made] = [performance.now(), large.payload?.length ?? 0]
  const found = await assessed([said(signatureType, {}), large, scan])
  const read = performance.now()
  judge(by, found)
  const peak = (process.resourceUsage().maxRSS - start) / 1024
  line(
    `one bill of materials of ${(made / mib).toFixed(1)} MiB`,
    `read and proven in ${Math.round(read - from)} ms, judged in ${Math.round(performance.now() - read)} ms, ${Math.round(peak)} MiB more at the peak`,
  )
}
