import type { ConsignmentEvidence, EvidencePiece, ItemEvidence } from '../../shared/evidence.ts'
import type { CheckResult } from '../../shared/verdict.ts'
import type { Evidence } from '../../shared/waybill.ts'
import { count } from './format.ts'

/** What a piece of evidence claims to be, by the type that its maker gave it. Nothing of it is proven by that. */
export function evidenceName({ artifactType, mediaType }: Evidence): string {
  const type = artifactType ?? mediaType
  if (/sigstore\.bundle/.test(type)) return 'Sigstore bundle (signature or attestation)'
  if (/cosign|simplesigning/.test(type)) return 'cosign signature'
  if (/notary/.test(type)) return 'Notary signature'
  if (/in-toto|dsse/.test(type)) return 'attestation'
  if (/spdx|cyclonedx|sbom/.test(type)) return 'SBOM'
  return 'other evidence'
}

/** What a piece is, with the meaning of the field's word beside it. */
export function pieceName({ kind, predicateType, provenance, sbom }: EvidencePiece): string {
  if (kind === 'signature') return 'Signature'
  if (provenance !== null || /slsa\.dev\/provenance/.test(predicateType ?? ''))
    return 'Provenance: a signed statement of how it was built'
  if (sbom !== null || /spdx|cyclonedx/.test(predicateType ?? '')) return 'SBOM: a signed bill of materials'
  if (/^https:\/\/slsa\.dev\/verification_summary\//.test(predicateType ?? ''))
    return 'VSA: a signed summary of what somebody verified'
  if (/\/attestation\/vulns?(?:\/|$)/.test(predicateType ?? '')) return 'Scan: a signed list of findings'
  if (/openvex\.dev|\/csaf\//.test(predicateType ?? ''))
    return 'VEX: a signed statement about vulnerabilities'
  return 'Attestation: a signed statement'
}

/** What a piece is, in a word or two. */
export function shortName(piece: EvidencePiece): string {
  const [name = ''] = pieceName(piece).split(':')
  return name
}

/** What of a proven piece was not checked or does not agree, in sentences. */
export function notProven({ proven, provenance }: EvidencePiece): readonly string[] {
  return [...(proven?.notChecked ?? []), ...(provenance?.disagrees ?? [])]
}

/** The state of a piece as results of checks are shown. */
export const pieceResults: Readonly<Record<EvidencePiece['result'], CheckResult>> = {
  proven: 'pass',
  bad: 'fail',
  unknown: 'not-checked',
}

const worst: readonly CheckResult[] = ['fail', 'not-checked', 'overridden', 'warn', 'pass']

/** What an item comes to: by the rules where the policy has some, else by what its evidence proves. */
export function itemResult({ rules, pieces }: ItemEvidence): CheckResult {
  const results =
    rules.length > 0 ? rules.map((rule) => rule.result) : pieces.map((piece) => pieceResults[piece.result])
  if (rules.length === 0 && !results.includes('fail')) return 'not-checked'
  return worst.find((result) => results.includes(result)) ?? 'not-checked'
}

/** Items, those that need somebody first. */
export function itemsWorstFirst({ items }: ConsignmentEvidence): readonly ItemEvidence[] {
  return [...items].sort((a, b) => worst.indexOf(itemResult(a)) - worst.indexOf(itemResult(b)))
}

/** The answer of the evidence in one sentence. */
export function evidenceHeading({ items }: ConsignmentEvidence): string {
  const asked = items.filter((item) => item.rules.length > 0)
  const pieces = items.flatMap((item) => item.pieces)
  const proven = pieces.filter((piece) => piece.result === 'proven').length
  const bad = asked.filter((item) => !['pass', 'warn'].includes(itemResult(item))).length
  if (asked.length > 0 && bad === 0) {
    return `${count(asked.length, 'item is', 'items are')} signed and built as the policy asks`
  }
  if (asked.length > 0)
    return `${bad} of ${count(asked.length, 'item')} ${bad === 1 ? 'is' : 'are'} not proven`
  if (pieces.length === 0) return 'Nothing speaks for these items but the people who sign'
  return `${proven} of ${count(pieces.length, 'piece')} of evidence ${proven === 1 ? 'is' : 'are'} proven; the policy asks for none`
}
