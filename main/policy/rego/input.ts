import type { EvidencePiece, ItemEvidence } from '../../../shared/evidence.ts'
import type { Policy } from '../../../shared/policy.ts'
import type { RegoInput } from '../../../shared/rego-input.ts'
import type { Item, Waybill } from '../../../shared/waybill.ts'
import { deskIdOf } from '../../bundle/waybill.ts'
import type { PolicyTime } from '../age.ts'

type Piece = RegoInput['items'][number]['evidence'][number]

function signerOf({ proven }: EvidencePiece): Piece['signer'] {
  if (proven === null) return null
  const { signer } = proven
  const { kind, fingerprint } = signer
  if (kind === 'key') return { kind, fingerprint }
  return { kind, fingerprint, name: signer.name, issuer: signer.issuer }
}

function buildOf({ provenance }: EvidencePiece): Piece['build'] {
  if (provenance === null) return null
  const { builder, buildType, source, startedOn, finishedOn } = provenance
  return { builder, buildType, ...source, startedOn, finishedOn }
}

function sbomOf({ sbom }: EvidencePiece): Piece['sbom'] {
  if (sbom === null) return null
  const { format, created, components, describes } = sbom
  return { format, created, components, describes }
}

function pieceOf(piece: EvidencePiece): Piece {
  const { layer, subject, form, kind, predicateType, result, reason, proven } = piece
  return {
    ...{ layer, subject, form, kind, predicateType, result },
    reason: reason?.code ?? null,
    signer: signerOf(piece),
    times: (proven?.times ?? []).map(({ at }) => at),
    logs: proven?.logs.length ?? 0,
    // What nobody proved is nobody's word.
    build: proven === null ? null : buildOf(piece),
    sbom: proven === null ? null : sbomOf(piece),
  }
}

function itemOf(item: Item, judged: ItemEvidence | undefined): RegoInput['items'][number] {
  const { name, kind, reference, version, platforms, findings } = item
  const { digest, mediaType, size } = item.root
  const rules = (judged?.rules ?? []).map(({ id, result, reason }) => ({ id, result, reason }))
  return {
    ...{ name, kind, reference, root: { digest, mediaType, size }, version, platforms, findings, rules },
    evidence: (judged?.pieces ?? []).map(pieceOf),
  }
}

function waybillOf(waybill: Waybill): RegoInput['waybill'] {
  const { name, created, expires, channel, epoch, marking, people, blobs, removed } = waybill
  const { ticket, reason, requester } = waybill.request
  return {
    ...{ name, created, expires, sender: deskIdOf(waybill.sender), channel, epoch, marking },
    destinations: waybill.destinations.map(({ desk, sequence, previous }) => ({ desk, sequence, previous })),
    ...{ ticket, reason, requester, people, removed },
    blobs: { count: blobs.length, bytes: blobs.reduce((sum, { size }) => sum + size, 0) },
  }
}

const keyOf = (...words: readonly string[]): string => words.join(' ')

/** The document that every rule set is asked about: the waybill, its items, and what was judged of their evidence. */
export function regoInput(
  { version }: Policy,
  waybill: Waybill,
  judged: readonly ItemEvidence[],
  { now, floor }: PolicyTime,
): RegoInput {
  const byItem = new Map(judged.map((one) => [keyOf(one.kind, one.name, one.root), one]))
  return {
    format: 'sallyport.rego-input/v1',
    ...{ now, floor, policy: { version }, waybill: waybillOf(waybill) },
    items: waybill.items.map((item) =>
      itemOf(item, byItem.get(keyOf(item.kind, item.name, item.root.digest))),
    ),
  }
}
