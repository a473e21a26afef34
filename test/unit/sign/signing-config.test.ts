import { describe, expect, it } from 'vitest'
import {
  authorityOf,
  issuerOf,
  readSigningConfig,
  servicesOf,
  type SigningConfig,
} from '../../../main/sign/keyless/signing-config.ts'
import { signingConfig, type ServicePlan, type SigningConfigPlan } from '../../support/sigstore/documents.ts'

const now = new Date('2026-06-01T00:00:00Z')
const read = (plan: SigningConfigPlan): SigningConfig =>
  readSigningConfig(Buffer.from(JSON.stringify(signingConfig(plan))))
const service = (
  name: string,
  version: number,
  operator: string,
  start: string,
  end?: string,
): ServicePlan => ({
  url: `https://${name}.test`,
  version,
  operator,
  start,
  ...(end === undefined ? {} : { end }),
})
const names = (found: readonly { readonly url: URL }[]): string[] =>
  found.map(({ url }) => url.hostname.split('.')[0] ?? '')
const logs = (plan: readonly ServicePlan[], selector: string, count?: number): string[] => {
  const logSelector = count === undefined ? { selector } : { selector, count }
  return names(servicesOf(read({ rekor: plan, logSelector }), now).logs)
}

const all = [
  service('old', 1, 'a', '2021-01-01T00:00:00Z'),
  service('past', 2, 'a', '2024-01-01T00:00:00Z', '2025-01-01T00:00:00Z'),
  service('new', 2, 'a', '2025-01-01T00:00:00Z'),
  service('newer', 2, 'a', '2026-01-01T00:00:00Z'),
  service('coming', 2, 'a', '2027-01-01T00:00:00Z'),
  service('unknown', 3, 'c', '2026-01-01T00:00:00Z'),
  service('other', 1, 'b', '2026-05-01T00:00:00Z'),
]

describe('a signing configuration', () => {
  it('newest interface first, then newest start; one per operator; nothing outside its time or unknown', () => {
    expect(logs(all, 'ANY')).toEqual(['newer'])
    expect(logs(all, 'ALL')).toEqual(['newer', 'other'])
    expect(logs(all, 'EXACT', 1)).toEqual(['newer'])
    expect(logs(all, 'EXACT', 2)).toEqual(['newer', 'other'])
  })

  it('asks for more than there is: refused', () => {
    expect(() => logs(all, 'EXACT', 3)).toThrow('service-none')
    expect(() => logs([service('coming', 2, 'a', '2027-01-01T00:00:00Z')], 'ANY')).toThrow('service-none')
    expect(() => logs([], 'ALL')).toThrow('service-none')
    expect(() => authorityOf(read({}), now)).toThrow('service-none')
    expect(() => issuerOf(read({}), now)).toThrow('service-none')
  })

  it('both ends of a time count', () => {
    const edge = (start: string, end: string): string[] => logs([service('edge', 2, 'a', start, end)], 'ANY')
    expect(edge('2026-06-01T00:00:00Z', '2027-01-01T00:00:00Z')).toEqual(['edge'])
    expect(edge('2026-01-01T00:00:00Z', '2026-06-01T00:00:00Z')).toEqual(['edge'])
  })

  it('nothing is asked of logs and timestamps that it does not name', () => {
    expect(servicesOf(read({}), now)).toEqual({ logs: [], timestamps: [] })
  })

  const good = signingConfig({ fulcio: [{ url: 'https://a.test' }] }) as Record<string, unknown>
  const broken: Readonly<Record<string, unknown>> = {
    'another media type': { ...good, mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.1+json' },
    'an unknown field': { ...good, more: 1 },
    'a service without a start': {
      ...good,
      caUrls: [{ url: 'https://a.test', majorApiVersion: 1, validFor: {}, operator: '' }],
    },
    'a service that is null': { ...good, caUrls: [null] },
    'a start that is null': {
      ...good,
      caUrls: [{ url: 'https://a.test', validFor: { start: null } }],
    },
    'plain http elsewhere': signingConfig({ fulcio: [{ url: 'http://a.test' }] }),
    'an address with a password': signingConfig({ fulcio: [{ url: 'https://a:b@a.test' }] }),
    'another scheme': signingConfig({ fulcio: [{ url: 'file:///etc/passwd' }] }),
    'a selector of its own': signingConfig({
      rekor: [{ url: 'https://a.test' }],
      logSelector: { selector: 'SOME' },
    }),
    'a count below none': signingConfig({
      rekor: [{ url: 'https://a.test' }],
      logSelector: { selector: 'EXACT', count: -1 },
    }),
  }
  it('takes null for what is not there', () => {
    const validFor = { start: '2026-01-01T00:00:00Z', end: null }
    const caUrls = [{ url: 'https://a.test', majorApiVersion: 1, validFor, operator: null }]
    const text = JSON.stringify({ ...good, caUrls, tsaUrls: null, tsaConfig: null })
    const config = readSigningConfig(Buffer.from(text))
    expect(config.tsaUrls).toEqual([])
    expect(authorityOf(config, now).url.href).toBe('https://a.test/')
  })

  it.each(Object.entries(broken))('%s: refused', (_name, value) => {
    expect(() => readSigningConfig(Buffer.from(JSON.stringify(value)))).toThrow('signing-config')
  })
  it('two fields of one name: refused', () => {
    const text = JSON.stringify(good).replace('{', '{"caUrls":[],')
    expect(() => readSigningConfig(Buffer.from(text))).toThrow('signing-config')
  })
})
