import { bytesArtifact } from '../../../main/sigstore/artifact.ts'
import { verifyBundleSet } from '../../../main/sigstore/bundle-set.ts'
import { limits } from '../../../main/platform/limits.ts'
import type { ReasonCode } from '../../../shared/reason.ts'
import { makeBundle, type BundleJson, type BundlePlan } from '../authority/bundle.ts'
import { cosignBundle, pypiObject } from '../bundle-forms.ts'
import type { Attack } from './attack.ts'

/* Files in which a bundle is looked for: none, or one that must not count because it was wrapped. */

const set = (
  name: string,
  code: ReasonCode,
  bytes: () => Buffer | string,
  plan: BundlePlan = {},
): Attack => ({
  name,
  code,
  given: null,
  refusal: async () => {
    const { artifact, ask } = makeBundle(plan)
    const asked = plan.logs?.length === 0 ? { ...ask, logs: 0, times: 0 } : ask
    const { verdict } = await verifyBundleSet(Buffer.from(bytes()), bytesArtifact(artifact), asked)
    return verdict.ok ? null : verdict.reason
  },
})
const json = (change: (json: BundleJson) => unknown, plan = {}) => {
  return () => JSON.stringify(change(makeBundle(plan).json))
}
const envelope = { content: 'envelope' } as const
const asKey = { ...envelope, signer: 'key', logs: [], stamps: [] } as const
const one = (): string => JSON.stringify(makeBundle().json)

const named: readonly Attack[] = [
  set('OpenPGP', 'bundle.form', () => '-----BEGIN PGP SIGNATURE-----\n\nAAAA\n'),
  set('bytes of CMS', 'bundle.form', () =>
    Buffer.concat([Buffer.from('3082010006092a864886f70d010702', 'hex'), Buffer.alloc(80)]),
  ),
  set('a bare signature', 'bundle.form', () => Buffer.alloc(256, 0xab)),
  set('a bare signature in base64', 'bundle.form', () => Buffer.alloc(71, 0xab).toString('base64')),
  set('words', 'bundle.json', () => 'the bundle is in the safe'),
  set('a checksum', 'bundle.form', () => `${'a'.repeat(64)}  file\n`),
  set('an empty file', 'bundle.form', () => ''),
  set('a web page', 'bundle.form', () => '<!doctype html>'),
  set('a statement that nobody signed', 'bundle.form', () => '{"_type":"x","subject":[],"predicate":{}}'),
  set(
    'an answer of GitHub with addresses alone',
    'bundle.form',
    () => '{"attestations":[{"bundle":null,"bundle_url":"https://x"}]}',
  ),
  set(
    'what cosign downloads of an image',
    'bundle.form',
    () => '{"Base64Signature":"AAAA","Payload":"e30="}',
  ),
  set('an empty answer', 'bundle.form', () => '{"attestations":[]}'),
  set('lists in lists in lists', 'bundle.form', () => '[[[[[{"mediaType":""}]]]]]'),
  set('more bundles than anybody has', 'bundle.form', () => `${one()}\n`.repeat(limits.bundlesTogether + 1)),
  set('more of them in one answer', 'bundle.form', () =>
    JSON.stringify({
      attestations: Array.from({ length: limits.bundlesTogether + 1 }, () => ({ bundle: {} })),
    }),
  ),
]

const wrapped: readonly Attack[] = [
  set('words behind a bundle', 'bundle.json', () => `${one()} and more`),
  set(
    'a bundle over two lines, and one behind it',
    'bundle.json',
    () => `${one().replace(',', ',\n')}\n{"a":1,`,
  ),
  set(
    'a name that stands twice, on a line',
    'bundle.json',
    () => `{"a":1}\n${one().replace('{', '{"mediaType":"x",')}`,
  ),
  set(
    'an unknown field, in an answer',
    'bundle.shape',
    json((made) => ({ attestations: [{ bundle: { ...made, x: 1 } }] })),
  ),
  set(
    'an unknown field of PyPI',
    'bundle.shape',
    json((made) => ({ ...pypiObject(made), x: 1 }), envelope),
    envelope,
  ),
  set(
    'another version of PyPI',
    'bundle.shape',
    json((made) => ({ ...pypiObject(made), version: 2 }), envelope),
    envelope,
  ),
  set(
    'PyPI without its log entry',
    'log.none',
    json((made) => {
      made.verificationMaterial.tlogEntries = []
      return pypiObject(made)
    }, envelope),
    envelope,
  ),
  set(
    'another statement of PyPI',
    'log.other-content',
    json((made) => {
      if (made.dsseEnvelope) made.dsseEnvelope.payload = Buffer.from('{}').toString('base64')
      return pypiObject(made)
    }, envelope),
    envelope,
  ),
  set(
    'cosign’s older bundle with the entry of another',
    'log.other-signature',
    () => {
      const [mine, other] = [makeBundle({ form: '0.1' }), makeBundle({ form: '0.1' })]
      return JSON.stringify({
        ...cosignBundle(mine),
        rekorBundle: (cosignBundle(other) as { rekorBundle: unknown }).rekorBundle,
      })
    },
    { form: '0.1' },
  ),
  set(
    'cosign’s older bundle with an unknown field',
    'bundle.shape',
    () => '{"base64Signature":"AAAA","x":1}',
  ),
  set('cosign’s older bundle, base64 that is none', 'bundle.base64', () => '{"base64Signature":"A A A"}'),
  set(
    'cosign’s older bundle, a body that is none',
    'log.body',
    () =>
      `{"base64Signature":"AAAA","rekorBundle":{"SignedEntryTimestamp":"AAAA","Payload":{"body":"AAAA","integratedTime":1,"logIndex":1,"logID":"${'0'.repeat(64)}"}}}`,
  ),
  set(
    'an envelope alone, by another key',
    'signature.no-fit',
    json(({ dsseEnvelope }) => dsseEnvelope, { ...asKey, kind: 'p384' }),
    {
      ...asKey,
    },
  ),
  set(
    'an envelope alone, changed',
    'signature.no-fit',
    json(({ dsseEnvelope }) => ({ ...dsseEnvelope, payload: Buffer.from('{}').toString('base64') }), asKey),
    asKey,
  ),
  set(
    'an envelope alone, where a certificate is asked for',
    'key.none-given',
    json(({ dsseEnvelope }) => dsseEnvelope, envelope),
    envelope,
  ),
  set('an envelope with sixteen and one signatures', 'bundle.shape', () =>
    JSON.stringify({
      payload: 'e30=',
      payloadType: 'x',
      signatures: Array.from({ length: 17 }, () => ({ sig: 'AA==' })),
    }),
  ),
]

/** Files of bundles of which none counts. */
export const setAttacks: readonly Attack[] = [...named, ...wrapped]
