import type { EvidencePiece } from '../../shared/evidence.ts'
import type { Digest } from '../../shared/digest.ts'
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
import type { KeyKind } from '../sigstore/verifier-key.ts'
import type { Proven } from '../sigstore/verify-bundle.ts'
import type { Bill } from './sbom/component.ts'
import { readSbom, sbomKind } from './sbom/read.ts'
import { readScan, scanTypes, type Scan } from './statements/scan.ts'
import { readSummary, summaryType, type Summary } from './statements/summary.ts'
import { saysOf } from './statements/says.ts'
import type { VexLine } from './statements/vex-line.ts'
import { unwrapped } from './statements/wrapped.ts'
import { isVexType, readVex } from './statements/vex.ts'

/** A piece as both faces show it, with what rules compare it by: exactly as signed, uncut. */
export interface Assessed {
  readonly view: EvidencePiece
  /** Whom the certificate was made for; `null` for a key and for whatever is not proven. */
  readonly identity: Identity | null
  /** SHA-256 of the key that signed, hex; `null` for a certificate and for whatever is not proven. */
  readonly key: string | null
  /** What a proven statement says of a build; `null` for everything else. */
  readonly build: BuildClaims | null
  /** What a proven bill of materials lists. */
  readonly bill: Bill | null
  /** The same of one that nobody known signed: it proves nothing, and may still name what is not wanted. */
  readonly saidBill: Bill | null
  /** What a proven verification summary, scan or statement about vulnerabilities says. */
  readonly summary: Summary | null
  readonly scan: Scan | null
  readonly vex: readonly VexLine[] | null
  /** The kinds of keys that its proof stands on, each with what it is for. */
  readonly keys: readonly { readonly what: string; readonly kind: KeyKind }[]
  /** Operators that were counted under all roots; `null` for what is not proven so. */
  readonly counts: Counts | null
  /** The same under each root that the policy names for somebody. */
  readonly under: readonly Under[]
  /** The predicate type; `null` where there is none. */
  readonly predicateType: string | null
}

type Contents = Pick<EvidencePiece, 'provenance' | 'sbom' | 'unreadable'> &
  Pick<Assessed, 'build' | 'bill' | 'summary' | 'scan' | 'vex'>

const none: Contents = {
  ...{ provenance: null, sbom: null, unreadable: null },
  ...{ build: null, bill: null, summary: null, scan: null, vex: null },
}

function read(signed: Statement, identity: Identity | null, subject: Digest): Contents {
  const provenance = readProvenance(signed, identity)
  if (provenance !== null) return { ...none, provenance: provenance.view, build: provenance.claims }
  const statement = isRead(signed.predicateType) ? unwrapped(signed) : signed
  const sbom = readSbom(statement, subject)
  if (sbom !== null) return { ...none, sbom: sbom.view, bill: sbom.bill }
  return {
    ...none,
    summary: readSummary(statement),
    scan: readScan(statement),
    vex: readVex(statement, subject),
  }
}

function contentsOf(judged: Judged): Contents {
  if (judged.verdict.result !== 'proven') return none
  const { statement, signer } = judged.verdict.proven
  if (statement === null) return none
  if (!statement.whole) return { ...none, unreadable: leftUnread(statement) }
  try {
    return read(statement, signer.kind === 'certificate' ? signer.identity : null, judged.piece.signed)
  } catch (error) {
    if (error instanceof Refusal) return { ...none, unreadable: reasonView(error.reason) }
    throw error
  }
}

// Whatever is wrong with what nobody known signed says nothing of the item.
function saidBill({ said, piece }: Judged): Bill | null {
  if (said === null) return null
  try {
    return (
      readSbom(sbomKind(said.predicateType) === null ? said : unwrapped(said), piece.signed)?.bill ?? null
    )
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}

// Of what is nothing that rules read nothing but its type is ever read.
const isRead = (type: string): boolean =>
  sbomKind(type) !== null || [...provenanceTypes, ...scanTypes, summaryType].includes(type) || isVexType(type)

function leftUnread({ predicateType }: Statement): ReasonView | null {
  if (!isRead(predicateType)) return null
  const expected = `a statement of at most ${limits.statementValues} values in ${limits.heldPayloadBytes} bytes`
  return reasonView(new Refusal('statement.too-large', expected, 'a larger one').reason)
}

function keysOf({ signer, times, entries, scts }: Proven): Assessed['keys'] {
  const of = (what: string, kinds: readonly KeyKind[]) => kinds.map((kind) => ({ what, kind }))
  const chain = signer.kind === 'certificate' ? signer.chain : []
  return [
    ...of('the signature', [signer.key.kind]),
    ...of('the certificates above it', chain.slice(1)),
    ...entries.flatMap(({ log }) => of(`the log ${shown(log.baseUrl)}`, [log.key.kind])),
    ...times.flatMap(({ by, keys }) => of(`the time by ${shown(by)}`, keys)),
    ...scts.flatMap(({ log }) => of(`the log of certificates ${shown(log.baseUrl)}`, [log.key.kind])),
  ]
}

function assessed(judged: Judged): Assessed {
  const { piece, kind, predicateType, verdict } = judged
  const proven = verdict.result === 'proven' ? verdict.proven : null
  const signer = proven?.signer ?? null
  const { provenance, sbom, unreadable, ...claims } = contentsOf(judged)
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
      ...{ provenance, sbom, unreadable, says: saysOf(claims) },
      opinion: verdict.result === 'proven' ? verdict.opinion : null,
    },
    identity: signer?.kind === 'certificate' ? signer.identity : null,
    key: signer?.kind === 'key' ? signer.key.fingerprint : null,
    ...claims,
    saidBill: saidBill(judged),
    keys: proven === null ? [] : keysOf(proven),
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
