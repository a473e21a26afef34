import { z } from 'zod'
import { transferIdOf, type Digest } from '../../shared/digest.ts'
import { zDigest, zHex64, zSize, zTime, zUuid } from '../../shared/schema.ts'

export const mediumPredicate = 'urn:sallyport:medium:v1'

/** The files that `medium.json` lists besides the parts. */
export const listedFiles = ['VERIFY.txt', 'station.pub', 'waybill.json', 'waybill.sigstore.jsonl'] as const

const zFile = z.strictObject({ name: z.string().max(100), digest: zDigest, size: zSize })
const zPart = z.strictObject({
  name: z.string().regex(/^bundle\.tar(\.[0-9]{3})?$/),
  offset: zSize,
  size: zSize,
  digest: zDigest,
})

const areListed = (files: readonly z.infer<typeof zFile>[]): boolean =>
  files.length === listedFiles.length && listedFiles.every((name, i) => files[i]?.name === name)

// One file is `bundle.tar`; slices count from 001, in order.
const areNamed = (parts: readonly z.infer<typeof zPart>[]): boolean =>
  parts.every(
    ({ name }, i) =>
      name === (parts.length === 1 ? 'bundle.tar' : `bundle.tar.${String(i + 1).padStart(3, '0')}`),
  )

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
  // Names from a medium become paths: only these, each once, whoever signed them.
  files: z
    .array(zFile)
    .max(16)
    .refine(areListed, { error: `exactly ${listedFiles.join(', ')}` }),
  parts: z.array(zPart).min(1).max(999).refine(areNamed, { error: 'parts named in their order' }),
  serial: z.string().max(200).nullable(),
  volume: z.string().max(200).nullable(),
  /** Random, so that no two media are alike. */
  stamp: zHex64,
})
export type Medium = z.infer<typeof zMedium>

/** The folder of a bundle on a medium. */
export function folderNameOf(waybill: Digest): string {
  return `sallyport-${transferIdOf(waybill)}`
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
