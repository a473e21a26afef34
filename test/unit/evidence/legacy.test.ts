import { describe, expect, it } from 'vitest'
import { readVerifierKey } from '../../../main/sigstore/verifier-key.ts'
import { assessedLayers, type LayerPlan } from '../../support/attacks/evidence.ts'
import { legacyAttestation, legacyNames, legacySignature, simpleText } from '../../support/attacks/legacy.ts'
import { artifact, statement } from '../../support/authority/bundle.ts'
import { sharedKey } from '../../support/authority/scheme.ts'
import { trust } from '../../support/authority/world.ts'

/* cosign's form before bundles, made here: what is honest, and everything that can be wrong with it. */

const signer = readVerifierKey(sharedKey('p256').spki)
const keys = { roots: [trust], keys: [signer] }

async function judge(layer: LayerPlan, knows?: typeof keys) {
  const [one] = await assessedLayers([layer], knows)
  if (one === undefined) throw new Error('not looked at')
  return one.view
}
const reason = async (layer: LayerPlan, knows?: typeof keys): Promise<string> => {
  const { result, reason: why } = await judge(layer, knows)
  return `${result} ${why?.code ?? ''}`
}
const annotate = (
  layer: LayerPlan,
  annotations: Readonly<Record<string, string | undefined>>,
): LayerPlan => ({
  ...layer,
  annotations: Object.fromEntries(
    Object.entries({ ...layer.annotations, ...annotations }).flatMap(([name, text]) =>
      text === undefined ? [] : [[name, text]],
    ),
  ),
})
const changed = (name: string, change: (value: Record<string, unknown>) => void): LayerPlan => {
  const layer = legacySignature()
  const value = JSON.parse(layer.annotations?.[name] ?? '') as Record<string, unknown>
  change(value)
  return annotate(layer, { [name]: JSON.stringify(value) })
}

describe('what is honest', () => {
  it('a signature by a certificate, with its log and its time', async () => {
    const found = await judge(legacySignature())
    expect(found).toMatchObject({
      form: 'cosign-signature',
      kind: 'signature',
      predicateType: null,
      result: 'proven',
      reason: null,
      opinion: { answer: 'agrees', why: '' },
    })
    expect(found.proven).toMatchObject({
      mediaType: 'cosign',
      signer: { kind: 'certificate', name: 'alice@priv.test' },
      statement: null,
      times: [{ source: 'timestamp' }, { source: 'log' }],
      logs: [{ log: 'https://log-one.test', kind: 'hashedrekord 0.0.1' }],
      notChecked: [],
    })
  })

  it.each(['dsse 0.0.1', 'intoto 0.0.1', 'intoto 0.0.2'] as const)(
    'an attestation, logged as %s by the bytes of its envelope',
    async (entryKind) => {
      const found = await judge(legacyAttestation({ entryKind }))
      expect(found).toMatchObject({
        form: 'cosign-attestation',
        kind: 'attestation',
        predicateType: 'https://example.test/checked/v1',
        result: 'proven',
      })
      expect(found.opinion?.answer).not.toBe('contradicts')
      expect(found.proven).toMatchObject({
        statement: { predicateType: 'https://example.test/checked/v1', subjects: 1 },
        logs: [{ kind: entryKind }],
      })
    },
  )

  it('a signature of the newer type', async () => {
    const text = simpleText({ type: 'https://sigstore.dev/cosign/sign/v1' })
    expect(await reason(legacySignature({}, text))).toBe('proven ')
  })

  it('by a timestamp alone, by a log alone, and with nothing where nothing is needed', async () => {
    const key = { signer: 'key', stamps: [] } as const
    expect((await judge(legacySignature({ stamps: [] }))).proven?.times).toHaveLength(1)
    expect((await judge(legacySignature(key), keys)).proven).toMatchObject({
      signer: { kind: 'key', fingerprint: signer.fingerprint },
      logs: [{ log: 'https://log-one.test' }],
      times: [{ source: 'log' }],
    })
    const bare = legacySignature({ ...key, logs: [] })
    const { certificate, bundle, timestamp } = legacyNames
    for (const layer of [bare, annotate(bare, { [certificate]: '', [bundle]: '', [timestamp]: '' })]) {
      const { proven, opinion } = await judge(layer, keys)
      expect(proven).toMatchObject({ logs: [], times: [], certificateLogs: [] })
      expect(proven?.notChecked).toEqual([
        'No transparency log holds it: a signature made in secret with a stolen key would not show.',
        'Nobody known says when the signature was made: whether the key was still good then is not checked.',
      ])
      expect(opinion).toEqual({ answer: 'cannot-judge', why: 'It judges certificates only.' })
    }
  })

  it('a certificate between other line ends', async () => {
    const layer = legacySignature()
    const text = `\n${(layer.annotations?.[legacyNames.certificate] ?? '').replaceAll('\n', '\r\n')}\n`
    expect(await reason(annotate(layer, { [legacyNames.certificate]: text }))).toBe('proven ')
  })
})

describe('what somebody else signed, or for something else', () => {
  const digestOf = (hex: string): object => ({ image: { 'docker-manifest-digest': hex } })
  it.each([
    ['another image', digestOf(`sha256:${'0'.repeat(64)}`), 'statement.other-subject'],
    ['the image by another digest', digestOf(`sha1:${'0'.repeat(40)}`), 'statement.other-subject'],
    ['no image', digestOf(''), 'statement.other-subject'],
    ['a text of another type', { type: 'atomic container signature' }, 'statement.type'],
    ['a text with more than is known', { more: 1 }, 'statement.form'],
  ] as const)('%s', async (_, critical, code) => {
    expect(await reason(legacySignature({}, simpleText(critical)))).toBe(`unknown ${code}`)
    expect(await reason(legacySignature({ signer: 'key' }, simpleText(critical)), keys)).toBe(
      `unknown ${code}`,
    )
  })

  it('a statement of another image', async () => {
    const payload = statement({ subject: [{ name: 'x', digest: { sha256: '0'.repeat(64) } }] })
    expect(await reason(legacyAttestation({ payload }))).toBe('unknown statement.other-subject')
  })

  it('the right text with the signature of another, and a changed text', async () => {
    const layer = legacySignature()
    const { signature } = legacyNames
    const other = legacySignature({}, simpleText({}, { optional: { x: 1 } })).annotations?.[signature]
    expect(await reason(annotate(layer, { [signature]: other }))).toMatch(/^bad /)
    expect(await reason({ ...layer, bytes: simpleText({}, { optional: {} }) })).toMatch(/^bad /)
  })

  it('an envelope whose bytes are not those that the log holds', async () => {
    const layer = legacyAttestation()
    const bytes = Buffer.from(`${layer.bytes.toString()} `)
    expect(await reason({ ...layer, bytes })).toBe('bad log.other-content')
  })

  it('by nobody who is known', async () => {
    expect(await reason(legacySignature({ signer: 'key' }))).toBe('unknown key.unknown')
    const stranger = { roots: [], keys: [] }
    expect(await reason(legacySignature(), stranger)).toMatch(/^unknown /)
  })
})

describe('what cannot be read', () => {
  const { signature, certificate, bundle, timestamp } = legacyNames
  const cases: readonly (readonly [
    name: string,
    annotations: Record<string, string | undefined>,
    code: string,
  ])[] = [
    ['no signature', { [signature]: undefined }, 'bundle.base64'],
    ['an empty signature', { [signature]: '' }, 'bundle.base64'],
    ['a signature with blanks', { [signature]: ' AAAA' }, 'bundle.base64'],
    ['a signature without padding', { [signature]: 'AAA' }, 'bundle.base64'],
    ['a certificate that is none', { [certificate]: 'x' }, 'certificate.form'],
    [
      'words before a certificate',
      { [certificate]: 'x\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' },
      'certificate.form',
    ],
    ['a log entry that is no JSON', { [bundle]: '{' }, 'bundle.json'],
    ['a log entry that is a list', { [bundle]: '[]' }, 'bundle.shape'],
    ['a timestamp that is no JSON', { [timestamp]: '{' }, 'bundle.json'],
    ['a timestamp with more', { [timestamp]: '{"SignedRFC3161Timestamp":"AAAA","x":1}' }, 'bundle.shape'],
    ['a timestamp that is no base64', { [timestamp]: '{"SignedRFC3161Timestamp":"A"}' }, 'bundle.base64'],
  ]
  it.each(cases)('%s', async (_, annotations, code) => {
    const found = await judge(annotate(legacySignature(), annotations))
    expect([found.result, found.reason?.code, found.kind]).toEqual(['unknown', code, 'signature'])
  })

  const payload = (change: object) => (value: Record<string, unknown>) => {
    value['Payload'] = { ...(value['Payload'] as object), ...change }
  }
  it.each([
    ['more than is known', { x: 1 }, 'bundle.shape'],
    ['a negative place', { logIndex: -1 }, 'bundle.shape'],
    ['half a second', { integratedTime: 0.5 }, 'bundle.shape'],
    ['the id of a log in capitals', { logID: 'A'.repeat(64) }, 'bundle.shape'],
    ['the id of a log that is short', { logID: 'a'.repeat(62) }, 'bundle.shape'],
    ['a body that is no JSON', { body: Buffer.from('{').toString('base64') }, 'log.body'],
    ['a body of no kind', { body: Buffer.from('{}').toString('base64') }, 'log.body'],
    ['another time than was promised', { integratedTime: 1 }, 'log.promise-bad'],
    ['another place than was promised', { logIndex: 1 }, 'log.promise-bad'],
  ] as const)('a log entry with %s', async (_, change, code) => {
    expect(await reason(changed(bundle, payload(change)))).toBe(
      `${code === 'log.promise-bad' ? 'bad' : 'unknown'} ${code}`,
    )
  })

  const envelope = (
    change: (value: { signatures: object[] } & Record<string, unknown>) => void,
  ): LayerPlan => {
    const layer = legacyAttestation()
    const value = JSON.parse(layer.bytes.toString()) as { signatures: object[] }
    change(value)
    return { ...layer, bytes: Buffer.from(JSON.stringify(value)) }
  }
  it.each([
    ['two signatures', envelope((one) => one.signatures.push({ ...one.signatures[0] })), 'bundle.shape'],
    ['no signature', envelope((one) => one.signatures.pop()), 'bundle.shape'],
    ['more than is known', envelope((one) => (one['x'] = 1)), 'bundle.shape'],
    ['a payload that is no base64', envelope((one) => (one['payload'] = '-')), 'bundle.base64'],
  ] as const)('an envelope with %s', async (_, layer, code) => {
    const found = await judge(layer)
    expect([found.result, found.reason?.code, found.kind]).toEqual(['unknown', code, 'attestation'])
  })

  it('of a layer of another kind nothing is said', async () => {
    const layer = { mediaType: 'application/spdx+json', bytes: artifact }
    expect(await assessedLayers([layer, { ...layer, mediaType: 'constructor' }])).toEqual([])
  })
})
