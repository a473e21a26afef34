import { makeBundle, type BundlePlan } from '../authority/bundle.ts'
import { world } from '../authority/world.ts'
import { pem } from '../pki/key.ts'
import { subject, type LayerPlan } from './evidence.ts'

/* Evidence in cosign's form before bundles: what was signed is the layer, all else stands in annotations. */

/** The annotations by what they hold. */
export const legacyNames = {
  signature: 'dev.cosignproject.cosign/signature',
  certificate: 'dev.sigstore.cosign/certificate',
  bundle: 'dev.sigstore.cosign/bundle',
  timestamp: 'dev.sigstore.cosign/rfc3161timestamp',
} as const

/** The text that cosign signs for an image. */
export const simpleText = (critical: object = {}, more: object = {}): Buffer =>
  Buffer.from(
    JSON.stringify({
      critical: {
        identity: { 'docker-reference': 'registry.test/app' },
        image: { 'docker-manifest-digest': subject },
        type: 'cosign container image signature',
        ...critical,
      },
      optional: null,
      ...more,
    }),
  )

function annotated(made: ReturnType<typeof makeBundle>): Record<string, string> {
  const { verificationMaterial: material } = made.json
  const [entry] = material.tlogEntries
  const [stamp] = material.timestampVerificationData?.rfc3161Timestamps ?? []
  const [leaf] = material.x509CertificateChain?.certificates ?? []
  const logged = entry && {
    SignedEntryTimestamp: entry.inclusionPromise?.signedEntryTimestamp,
    Payload: {
      body: entry.canonicalizedBody,
      integratedTime: Number(entry.integratedTime),
      logIndex: Number(entry.logIndex),
      logID: Buffer.from(entry.logId.keyId, 'base64').toString('hex'),
    },
  }
  return {
    ...(leaf && { [legacyNames.certificate]: pem('CERTIFICATE', Buffer.from(leaf.rawBytes, 'base64')) }),
    ...(logged && { [legacyNames.bundle]: JSON.stringify(logged) }),
    ...(stamp && {
      [legacyNames.timestamp]: JSON.stringify({ SignedRFC3161Timestamp: stamp.signedTimestamp }),
    }),
  }
}

/** A `.sig` layer. */
export function legacySignature(plan: BundlePlan = {}, text = simpleText()): LayerPlan {
  const made = makeBundle({ form: '0.1', logs: [world.one], artifact: text, ...plan })
  const signature = made.json.messageSignature?.signature ?? ''
  return {
    mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json',
    bytes: text,
    annotations: { ...annotated(made), [legacyNames.signature]: signature },
  }
}

/** An `.att` layer. */
export function legacyAttestation(plan: BundlePlan = {}): LayerPlan {
  const made = makeBundle({ form: '0.1', logs: [world.one], content: 'envelope', ...plan })
  return {
    mediaType: 'application/vnd.dsse.envelope.v1+json',
    bytes: made.rawEnvelope,
    annotations: annotated(made),
  }
}
