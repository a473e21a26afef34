import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parsePolicy } from '../../../../main/policy/parse.ts'
import { regoInput } from '../../../../main/policy/rego/input.ts'
import { regoInputSchema } from '../../../../main/policy/schema.ts'
import type { ItemEvidence } from '../../../../shared/evidence.ts'
import { zRegoInput } from '../../../../shared/rego-input.ts'
import type { Item, Waybill } from '../../../../shared/waybill.ts'
import { assessed, subject } from '../../../support/attacks/evidence.ts'
import { alice, trust } from '../../../support/authority/world.ts'
import { byKey } from '../../../support/item-policy.ts'
import { policyTime } from '../../../support/policy-time.ts'

const policy = parsePolicy(Buffer.from('sallyport: policy/v1\nversion: 7\n'))
const item: Item = {
  ...{ name: 'registry.test/app', kind: 'image', reference: 'registry.test/app:v1', version: 'v1' },
  root: {
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    digest: subject,
    size: 1,
    artifactType: null,
  },
  ...{ platforms: ['linux/amd64'], evidence: [], findings: [] },
}
const waybill = {
  ...{ name: 'one', created: '2026-11-22T09:00:00Z', expires: '2026-12-22T09:00:00Z' },
  sender: { format: 'sallyport.desk/v1', side: 'low', name: 'low', created: '2026-11-01T09:00:00Z' },
  ...{ channel: 'releases', epoch: 1, marking: 'NOT MARKED', people: [], removed: [] },
  destinations: [{ desk: 'a'.repeat(64), sequence: 3, previous: null, base: null }],
  request: { ticket: null, reason: 'why', requester: 'alice', digest: subject },
  items: [item, { ...item, name: 'registry.test/other' }],
  blobs: [{ digest: subject, size: 5, state: 'carried', early: false }],
} as unknown as Waybill

describe('what a rule set is asked about', () => {
  it('is of the published form, and says what is proven as proven alone', async () => {
    const evidence = await assessed([{}, byKey], { roots: [trust], keys: [] })
    const judged: ItemEvidence = {
      ...{ name: item.name, kind: item.kind, root: subject },
      rules: [
        { id: 'policy.evidence', result: 'warn', expected: '', found: '', reason: 'unknown', evidence: [] },
      ],
      pieces: evidence.map(({ view }) => view),
    }
    const input = regoInput(policy, waybill, [judged], policyTime)
    expect(zRegoInput.parse(input)).toEqual(input)
    expect([input.now, input.floor, input.policy.version]).toEqual([policyTime.now, policyTime.floor, 7])
    expect(input.waybill.blobs).toEqual({ count: 1, bytes: 5 })
    const [first, second] = input.items
    expect(first?.rules).toEqual([{ id: 'policy.evidence', result: 'warn', reason: 'unknown' }])
    expect(first?.evidence.map(({ result, signer }) => [result, signer])).toEqual([
      ['proven', expect.objectContaining({ kind: 'certificate', name: alice.san, issuer: alice.issuer })],
      ['unknown', null],
    ])
    expect(first?.evidence[0]?.times.length).toBeGreaterThan(0)
    expect(first?.evidence[1]?.reason).toBeTypeOf('string')
    // What was judged of one item is never said of another.
    expect([second?.rules, second?.evidence]).toEqual([[], []])
  })

  it('lies beside the app as a schema; `sallyport policy schema --rego-input` writes it anew', () => {
    const path = join(import.meta.dirname, '../../../../build/schema/rego-input.schema.json')
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(JSON.parse(regoInputSchema()))
  })
})
