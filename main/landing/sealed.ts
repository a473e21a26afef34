import { envelopeLayer, signatureLayer } from '../oci/attached.ts'
import type { Signer } from '../sign/signer.ts'
import { envelopeBytes } from '../sigstore/envelope.ts'
import type { PublicKey } from '../sigstore/public-key.ts'
import type { Sealed } from './land.ts'
import {
  keptSignature,
  sealPredicate,
  sealStatement,
  sealWith,
  simpleSeal,
  type LandedName,
  type Signatures,
  type ToSeal,
} from './seal.ts'
import { summaryPredicate, summaryStatement, type Verification } from './summary.ts'

/** A manifest that lands, and what was verified of it. */
export interface ToLand extends LandedName {
  /** The repository in its registry, without the host. */
  readonly path: string
  readonly verification: Verification
}

/** The three things that a key signs of each manifest. */
interface Three {
  readonly seal: ToSeal
  readonly simple: ToSeal
  readonly summary: ToSeal
}

const threeOf = (one: ToLand, fingerprint: string): Three => ({
  seal: sealStatement(one),
  simple: simpleSeal(one, one.verification.at),
  summary: summaryStatement(one, one.verification, fingerprint),
})

/** Signs everything that is not signed yet by this key. */
export async function signAll(signer: Signer, landed: readonly ToLand[], kept: Signatures): Promise<void> {
  for (const one of landed)
    for (const seal of Object.values(threeOf(one, signer.key.fingerprint)) as ToSeal[])
      await sealWith(signer, seal, kept)
}

/** Signs the summaries alone, of what lands under no name of a registry: nothing is sealed by that. */
export async function signSummaries(
  signer: Signer,
  stated: readonly ToLand[],
  kept: Signatures,
): Promise<void> {
  for (const one of stated) await sealWith(signer, threeOf(one, signer.key.fingerprint).summary, kept)
}

/** Whether this key has signed all of it: half of a sealing by two. */
export const signedAll = (key: PublicKey, landed: readonly ToLand[], kept: Signatures): boolean =>
  landed.every((one) =>
    (Object.values(threeOf(one, key.fingerprint)) as ToSeal[]).every(
      (seal) => keptSignature(key, seal, kept) !== null,
    ),
  )

/** A key, and what it signed. */
export interface SealedBy {
  readonly key: PublicKey
  readonly signatures: Signatures
}

function signatureOf({ key, signatures }: SealedBy, seal: ToSeal): Buffer {
  const signature = keptSignature(key, seal, signatures)
  if (signature === null) throw new Error('a seal that is not signed')
  return signature
}

const bundleBy = (by: SealedBy, seal: ToSeal): Buffer =>
  envelopeBytes({
    fingerprint: by.key.fingerprint,
    payload: seal.payload,
    signature: signatureOf(by, seal),
  })

function bySeal(one: ToLand, by: SealedBy) {
  const { seal, simple, summary } = threeOf(one, by.key.fingerprint)
  return {
    bundles: [
      { bundle: bundleBy(by, seal), predicateType: sealPredicate },
      { bundle: bundleBy(by, summary), predicateType: summaryPredicate },
    ],
    sig: signatureLayer(simple.payload, signatureOf(by, simple)),
    att: envelopeLayer(summary.payload, signatureOf(by, summary), summaryPredicate),
  }
}

/** The signed summary alone, as a Sigstore bundle: what goes into a folder. @throws Error where it is not signed */
export const summaryBundle = (one: ToLand, by: SealedBy): Buffer =>
  bundleBy(by, threeOf(one, by.key.fingerprint).summary)

/**
 * Everything that is put beside the manifests at the target. Every signature is verified before it is taken.
 *
 * @throws Error where a key has not signed all of it: the caller has asked `signedAll`
 */
export function sealedBy(landed: readonly ToLand[], keys: readonly SealedBy[]): Sealed[] {
  return landed.map((one) => {
    const all = keys.map((by) => bySeal(one, by))
    return {
      path: one.path,
      digest: one.digest,
      bundles: all.flatMap(({ bundles }) => bundles),
      attached: { sig: all.map(({ sig }) => sig), att: all.map(({ att }) => att) },
    }
  })
}
