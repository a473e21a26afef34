import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  provenanceOf,
  provenanceProblem,
  provenanceSubject,
  provenanceType,
  type Making,
} from '../../../main/bundle/provenance.ts'
import { digestOf } from '../../../main/platform/hash.ts'
import { signerOf, signStatement, type Signer } from '../../../main/sign/signer.ts'
import type { Waybill } from '../../../shared/waybill.ts'

const signer = (): Signer => signerOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)
const station = signer()
const [index, request, app, chart] = ['index', 'request', 'app', 'chart'].map(digestOf) as [
  ReturnType<typeof digestOf>,
  ReturnType<typeof digestOf>,
  ReturnType<typeof digestOf>,
  ReturnType<typeof digestOf>,
]

const making: Making = {
  consignment: '3fa3083b-7d3f-46ab-89d3-c38f88cab6ca',
  name: 'payments',
  channel: 'payments',
  request,
  created: '2026-11-22T09:00:00Z',
  version: '0.1.0',
  station: station.key.fingerprint,
  sources: [
    { reference: 'registry.test/app:1', from: 'registry.test/app', digest: app },
    { reference: 'registry.test/chart:1', from: 'registry.test/chart', digest: chart },
  ],
}

const waybill = {
  name: 'payments',
  channel: 'payments',
  request: { digest: request },
  index: { digest: index },
  items: [
    { reference: 'registry.test/app:1', root: { digest: app } },
    { reference: 'registry.test/chart:1', root: { digest: chart } },
  ],
} as unknown as Waybill

const signed = (
  by: Signer,
  about: Making,
  subject = index,
  type = provenanceType,
  more: object = {},
): Promise<Buffer> =>
  signStatement(by, [provenanceSubject(subject)], type, { ...provenanceOf(about), ...more })

describe('the provenance of a bundle', () => {
  it('fits the waybill that it was made for', async () => {
    expect(provenanceProblem(await signed(station, making), waybill, station.key)).toBeNull()
  })

  for (const [attack, bytes, problem] of [
    ['signed by another station', signed(signer(), making), /station of the sender did not sign/],
    ['of another index', signed(station, making, digestOf('other')), /another index/],
    ['of another request', signed(station, { ...making, request: digestOf('other') }), /another request/],
    ['of another channel', signed(station, { ...making, channel: 'other' }), /another bundle/],
    ['of another name', signed(station, { ...making, name: 'other' }), /another bundle/],
    [
      'without one of the sources',
      signed(station, { ...making, sources: making.sources.slice(1) }),
      /app:1 came from/,
    ],
    [
      'with another digest of a source',
      signed(station, { ...making, sources: making.sources.map((one) => ({ ...one, digest: chart })) }),
      /app:1 came from/,
    ],
    [
      'of another type',
      signed(station, making, index, 'https://slsa.dev/provenance/v0.2'),
      /a statement of type/,
    ],
    [
      'with a field that nobody knows',
      signed(station, making, index, provenanceType, { extra: 1 }),
      /the predicate/,
    ],
    ['that is no envelope', Promise.resolve(Buffer.from('{}')), /./],
    ['that is cut off', signed(station, making).then((bytes) => bytes.subarray(0, 200)), /./],
  ] as const) {
    it(`is not taken when it is one ${attack}`, async () => {
      expect(provenanceProblem(await bytes, waybill, station.key)).toMatch(problem)
    })
  }
})
