import { describe, expect, it } from 'vitest'
import { byBob, judged, said } from '../../support/item-policy.ts'

/* What a bill of materials must say, beyond being there. */

const cdx = (components: readonly unknown[], more: object = {}) =>
  said('https://cyclonedx.org/bom', { bomFormat: 'CycloneDX', specVersion: '1.6', components, ...more })
const full = {
  name: 'a',
  version: '1',
  purl: 'pkg:npm/a@1',
  licenses: [{ license: { id: 'MIT' } }],
  supplier: { name: 'x' },
  hashes: [{ alg: 'SHA-256', content: 'a'.repeat(64) }],
}

async function outcome(plans: Parameters<typeof judged>[0], more: string): Promise<string> {
  const [[result, found] = ['', '']] = await judged(plans, 'policy.sbom', {
    asks: `sbom: {signedBy: [alice]${more}}`,
  })
  return `${result}: ${found}`
}

describe('fields', () => {
  it.each(['version', 'purl', 'licence', 'supplier', 'hash'])('of each component: %s', async (field) => {
    const more = `, fields: [${field}]`
    expect(await outcome([cdx([full])], more)).toMatch(/^pass as-expected: /)
    expect(await outcome([cdx([full, { name: 'b' }])], more)).toBe(
      `fail differs: 1 of 2 components without ${field}`,
    )
  })

  it.each([
    ['created', { metadata: { timestamp: '2026-01-01T00:00:00Z' } }],
    ['author', { metadata: { authors: [{ name: 'x' }] } }],
    ['relations', { dependencies: [{ ref: 'a' }] }],
  ])('of the document: %s', async (field, with_) => {
    const more = `, fields: [${field}]`
    expect(await outcome([cdx([full], with_)], more)).toMatch(/^pass as-expected: /)
    expect(await outcome([cdx([full])], more)).toBe(`fail differs: it does not say ${field}`)
  })
})

describe('components', () => {
  it('without version are counted, and may be so many', async () => {
    const two = [cdx([full, { name: 'b' }, { name: 'c', version: '' }])]
    expect(await outcome(two, '')).toBe(
      'pass as-expected: CycloneDX 1.6, 3 components, 2 of them without version, signed by alice@priv.test, vouched for by https://issuer.priv.test',
    )
    expect(await outcome(two, ', unversioned: 2')).toMatch(/^pass/)
    expect(await outcome(two, ', unversioned: 1')).toBe('fail differs: 2 of 3 components without version')
  })

  it('that cannot be read, or whose ids stand twice, answer nothing', async () => {
    expect(await outcome([cdx([full, null])], ', unversioned: 0')).toMatch(
      /^not-checked unread: 1 components/,
    )
    expect(await outcome([cdx([full, null])], '')).toMatch(/^pass/)
    const twice = [
      cdx([
        { ...full, 'bom-ref': 'x' },
        { ...full, 'bom-ref': 'x' },
      ]),
    ]
    expect(await outcome(twice, ', unversioned: 0')).toBe('fail differs: 1 ids that stand twice')
    expect(await outcome(twice, '')).toMatch(/^pass/)
  })

  it('of another one by a stranger do not stand in', async () => {
    const plans = [cdx([{ name: 'b' }]), { ...cdx([full]), ...byBob }]
    expect(await outcome(plans, ', unversioned: 0')).toMatch(/^fail differs/)
  })

  it('of Syft count where Syft is asked for', async () => {
    const syft = said('https://syft.dev/bom', {
      artifacts: [{ name: 'a', version: '1' }],
      schema: { version: '16.0.0' },
    })
    expect(await outcome([syft], '')).toBe('fail none: none')
    expect(await outcome([syft], ', format: syft, fields: [version]')).toMatch(
      /^pass as-expected: Syft 16.0.0, 1 components/,
    )
    expect(await outcome([syft], ', format: syft, fields: [created]')).toBe(
      'fail differs: it does not say created',
    )
  })
})
