import type { EvidencePiece, Provenance, Sbom } from '../../shared/evidence.ts'
import { reasonView, type ReasonView } from '../../shared/reason.ts'
import type { Manifest } from '../oci/manifest.ts'
import { limits } from '../platform/limits.ts'
import type { Identity } from '../sigstore/identity.ts'
import type { Sizes } from '../sigstore/large/set-aside.ts'
import { Refusal, shown } from '../sigstore/refusal.ts'
import type { Statement } from '../sigstore/subject.ts'
import { judge, type Counts, type EvidenceTrust, type Judged, type Under } from './judge.ts'
import { piecesOf, type About, type BlobReader } from './piece.ts'
import { provenanceTypes, readProvenance, type BuildClaims } from './provenance.ts'
import { provenView } from './proven-view.ts'
import { readSbom, sbomKind } from './sbom.ts'

/** A piece as both faces show it, with what rules compare it by: exactly as signed, uncut. */
export interface Assessed {
  readonly view: EvidencePiece
  /** Whom the certificate was made for; `null` for a key and for whatever is not proven. */
  readonly identity: Identity | null
  /** SHA-256 of the key that signed, hex; `null` for a certificate and for whatever is not proven. */
  readonly key: string | null
  /** What a proven statement says of a build; `null` for everything else. */
  readonly build: BuildClaims | null
  /** Operators that were counted under all roots; `null` for what is not proven so. */
  readonly counts: Counts | null
  /** The same under each root that the policy names for somebody. */
  readonly under: readonly Under[]
  /** The predicate type; `null` where there is none. */
  readonly predicateType: string | null
}

interface Contents {
  readonly provenance: Provenance | null
  readonly build: BuildClaims | null
  readonly sbom: Sbom | null
  readonly unreadable: ReasonView | null
}

function contentsOf(judged: Judged): Contents {
  const none = { provenance: null, build: null, sbom: null, unreadable: null }
  if (judged.verdict.result !== 'proven') return none
  const { statement, signer } = judged.verdict.proven
  if (statement === null) return none
  if (!statement.whole) return { ...none, unreadable: leftUnread(statement) }
  const identity = signer.kind === 'certificate' ? signer.identity : null
  try {
    const provenance = readProvenance(statement, identity)
    const sbom = provenance === null ? readSbom(statement, judged.piece.signed) : null
    return { provenance: provenance?.view ?? null, build: provenance?.claims ?? null, sbom, unreadable: null }
  } catch (error) {
    if (error instanceof Refusal) return { ...none, unreadable: reasonView(error.reason) }
    throw error
  }
}

// Of what is no bill of materials and no provenance nothing but its type is ever read.
function leftUnread({ predicateType }: Statement): ReasonView | null {
  if (sbomKind(predicateType) === null && !provenanceTypes.includes(predicateType)) return null
  const expected = `a statement of at most ${limits.statementValues} values in ${limits.heldPayloadBytes} bytes`
  return reasonView(new Refusal('statement.too-large', expected, 'a larger one').reason)
}

function assessed(judged: Judged): Assessed {
  const { piece, kind, predicateType, verdict } = judged
  const proven = verdict.result === 'proven' ? verdict.proven : null
  const signer = proven?.signer ?? null
  const { build, ...contents } = contentsOf(judged)
  return {
    view: {
      form: piece.form,
      manifest: piece.manifest,
      layer: piece.layer,
      subject: piece.subject,
      kind,
      predicateType: predicateType === null ? null : shown(predicateType),
      result: verdict.result,
      reason: verdict.result === 'proven' ? null : reasonView(verdict.reason),
      proven: verdict.result === 'proven' ? provenView(verdict.proven, verdict.ask) : null,
      ...contents,
      opinion: verdict.result === 'proven' ? verdict.opinion : null,
    },
    identity: signer?.kind === 'certificate' ? signer.identity : null,
    key: signer?.kind === 'key' ? signer.key.fingerprint : null,
    build,
    counts: verdict.result === 'proven' ? verdict.counts : null,
    under: verdict.result === 'proven' ? verdict.under : [],
    predicateType,
  }
}

/**
 * Judges everything in an evidence manifest about its subject.
 *
 * @throws Failure when a blob cannot be read at all
 */
export async function assess(
  manifest: Manifest,
  about: About,
  blobs: BlobReader,
  trust: EvidenceTrust,
  sizes?: Sizes,
): Promise<Assessed[]> {
  const found: Assessed[] = []
  for await (const piece of piecesOf(manifest, about, blobs, trust.keys, sizes))
    found.push(assessed(await judge(piece, trust)))
  return found
}
