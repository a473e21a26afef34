import { z } from 'zod'
import { hexOf, type Digest } from '../../shared/digest.ts'
import { zDigest, zHex64, zSize, zTime, zUuid } from '../../shared/schema.ts'

export const mediumPredicate = 'urn:sallyport:medium:v1'

const zPartName = z.string().regex(/^bundle\.tar(\.[0-9]{3})?$/)

/** `medium.json`: what one medium of one writing holds, signed by the station. */
export const zMedium = z.strictObject({
  format: z.literal('sallyport.medium/v1'),
  waybill: zDigest,
  /** The write run: parts of two runs never mix. */
  run: zUuid,
  number: z.number().int().min(1).max(999),
  of: z.number().int().min(1).max(999),
  copy: z.number().int().min(1).max(9999),
  written: zTime,
  files: z.array(z.strictObject({ name: z.string().max(100), digest: zDigest, size: zSize })).max(16),
  parts: z
    .array(z.strictObject({ name: zPartName, offset: zSize, size: zSize, digest: zDigest }))
    .min(1)
    .max(999),
  serial: z.string().max(200).nullable(),
  volume: z.string().max(200).nullable(),
  /** Random, so that no two media are alike. */
  stamp: zHex64,
})
export type Medium = z.infer<typeof zMedium>

/** The files that `medium.json` lists besides the parts. */
export const listedFiles = ['VERIFY.txt', 'station.pub', 'waybill.json', 'waybill.sigstore.jsonl'] as const

/** The folder of a bundle on a medium. */
export function folderNameOf(waybill: Digest): string {
  return `sallyport-${hexOf(waybill).slice(0, 16)}`
}

/** `SHA256SUMS` in GNU form over names and bare digests, sorted by name. */
export function sumsBytes(files: readonly { readonly name: string; readonly sha256: string }[]): Buffer {
  const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : 1))
  return Buffer.from(sorted.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join(''), 'utf8')
}

/** Every name that a bundle's folder has, exactly. */
export function namesOf(medium: Medium): Set<string> {
  return new Set([
    ...listedFiles,
    ...medium.parts.map((part) => part.name),
    'medium.json',
    'medium.sigstore.json',
    'SHA256SUMS',
    'SHA256SUMS.sig.bin',
  ])
}
