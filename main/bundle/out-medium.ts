import { z } from 'zod'
import { transferIdOf, type Digest } from '../../shared/digest.ts'
import { zDigest, zHex64, zSize, zTime, zUuid } from '../../shared/schema.ts'

/*
 * A medium on which a high desk hands accepted content on: no bundle, which only the sender's people can sign, but files as
 * a folder or an OCI layout, with what this station says of them.
 */

export const outPredicate = 'urn:sallyport:export-medium:v1'

/** The files beside the content, in the order in which they are written. */
export const outSmall = [
  'VERIFY.txt',
  'station.pub',
  'export.json',
  'export.sigstore.json',
  'SHA256SUMS',
  'SHA256SUMS.sig.bin',
] as const
/** The folder of the content in that of the medium. */
export const outContent = 'content'

const step = /^[^/\\\0-\x1f\x7f]{1,255}$/
const isBelow = (path: string): boolean =>
  path.startsWith(`${outContent}/`) &&
  path.split('/').every((one) => step.test(one) && one !== '.' && one !== '..')
const isSorted = (files: readonly { readonly path: string }[]): boolean =>
  files.every(({ path }, at) => at === 0 || (files[at - 1]?.path ?? '') < path)

const zOutFile = z.strictObject({
  path: z.string().max(4096).refine(isBelow, 'a path below content/'),
  size: zSize,
  digest: zDigest,
})
export type OutFile = z.infer<typeof zOutFile>

/** `export.json`: what one medium of accepted content holds, signed by the station that wrote it. */
export const zOutMedium = z.strictObject({
  format: z.literal('sallyport.export-medium/v1'),
  /** The waybill under which it was accepted here. */
  waybill: zDigest,
  /** The desk that accepted and wrote it. */
  desk: zHex64,
  form: z.enum(['folder', 'layout']),
  run: zUuid,
  copy: z.number().int().min(1).max(9999),
  written: zTime,
  /** By path, unique. */
  files: z.array(zOutFile).min(1).max(1_000_000).refine(isSorted, 'sorted by path, each once'),
  serial: z.string().max(200).nullable(),
  volume: z.string().max(200).nullable(),
  /** Random, so that no two media are alike. */
  stamp: zHex64,
})
export type OutMedium = z.infer<typeof zOutMedium>

const folderName = /^sallyport-out-[0-9a-f]{16}$/

/** The folder of accepted content on a medium. */
export const outFolderOf = (waybill: Digest): string => `sallyport-out-${transferIdOf(waybill)}`

/** Whether a folder is called like one with accepted content. */
export const isOutFolder = (name: string): boolean => folderName.test(name)
