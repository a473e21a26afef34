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

/** What recovery data is called: PAR2 names its own files. */
export function isParityName(name: string): boolean {
  return /^bundle(\.vol[0-9]{1,5}\+[0-9]{1,5})?\.par2$/.test(name)
}

const areListed = (files: readonly z.infer<typeof zFile>[]): boolean =>
  files.length === listedFiles.length && listedFiles.every((name, i) => files[i]?.name === name)

/** The number of a slice; `null` of the whole tar. */
const numberOf = (name: string): number | null => {
  const digits = /\.([0-9]{3})$/.exec(name)?.[1]
  return digits === undefined ? null : Number(digits)
}

interface Held {
  readonly number: number
  readonly of: number
  readonly parts: readonly z.infer<typeof zPart>[]
}

// One file is `bundle.tar`; slices count from 001, on from one medium to the next, each where the one before it ends.
function areNamed({ number, of, parts }: Held): boolean {
  const first = numberOf(parts[0]?.name ?? '')
  if (first === null) return of === 1 && parts.length === 1
  if (number === 1 ? first !== 1 : first < number) return false
  if (of === 1 && parts.length === 1) return false
  return parts.every(({ name }, i) => numberOf(name) === first + i)
}

const zFields = z.strictObject({
  format: z.literal('sallyport.medium/v1'),
  waybill: zDigest,
  /** The write run: one writing of one medium. */
  run: zUuid,
  /** Which one it is of those that hold the bundle together. */
  number: z.number().int().min(1).max(999),
  of: z.number().int().min(1).max(999),
  copy: z.number().int().min(1).max(9999),
  written: zTime,
  // Names from a medium become paths: only these, each once, whoever signed them.
  files: z
    .array(zFile)
    .max(16)
    .refine(areListed, { error: `exactly ${listedFiles.join(', ')}` }),
  parts: z.array(zPart).min(1).max(999),
  /** Recovery data of the parts; not there where none was asked for. */
  parity: z
    .array(zFile.extend({ name: z.string().refine(isParityName, { error: 'a name of PAR2' }) }))
    .min(1)
    .max(40)
    .refine((files) => new Set(files.map(({ name }) => name)).size === files.length, { error: 'each once' })
    .optional(),
  serial: z.string().max(200).nullable(),
  volume: z.string().max(200).nullable(),
  /** Random, so that no two media are alike. */
  stamp: zHex64,
})

/** `medium.json`: what one medium of one writing holds, signed by the station. */
export const zMedium = zFields.refine(areNamed, { error: 'parts named in their order' })
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
    ...(medium.parity ?? []).map((file) => file.name),
    'medium.json',
    'medium.sigstore.json',
    'SHA256SUMS',
    'SHA256SUMS.sig.bin',
  ])
}
