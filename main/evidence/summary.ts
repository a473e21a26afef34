import type { EvidencePiece, EvidenceSummary, Provenance } from '../../shared/evidence.ts'
import type { Assessed } from './assess.ts'

function buildOf({ builder, source }: Provenance): string {
  const at = [source.ref, source.commit].filter((one) => one !== null).join(', commit ')
  const from = source.repository ?? 'a source that is not said'
  return `by ${builder} from ${from}${at === '' ? '' : ` at ${at}`}`
}

/** Pieces as answers tell them. */
export const summariesOf = (assessed: readonly Assessed[]): EvidenceSummary[] =>
  assessed.map(({ view }) => summaryOf(view))

/** A piece as records and assessments name it: whole names and keys, one line for each thing that it says. */
export function summaryOf(piece: EvidencePiece): EvidenceSummary {
  const { proven, provenance, sbom } = piece
  const signer = proven?.signer ?? null
  return {
    blob: piece.layer,
    subject: piece.subject,
    kind: piece.kind,
    type: piece.predicateType,
    result: piece.result,
    reason: piece.reason?.code ?? piece.unreadable?.code ?? null,
    signer:
      signer === null
        ? null
        : signer.kind === 'key'
          ? `key ${signer.fingerprint}`
          : `${signer.name}, vouched for by ${signer.issuer}`,
    times: (proven?.times ?? []).map(({ at, by }) => `${at} by ${by}`),
    build: provenance === null ? null : buildOf(provenance),
    sbom: sbom === null ? null : `${sbom.format}, ${sbom.components} components`,
    ...(piece.says === null ? {} : { says: piece.says }),
    notChecked: [...(proven?.notChecked ?? []), ...(provenance?.disagrees ?? [])],
  }
}
