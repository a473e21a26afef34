/** `sha256:` and 64 lower-case hex digits: how content is named in every file of ours (bundle.md, "Reader rules"). */
export type Digest = `sha256:${string}`

const digestPattern = /^sha256:[0-9a-f]{64}$/
const hexPattern = /^[0-9a-f]{64}$/

export function isDigest(value: string): value is Digest {
  return digestPattern.test(value)
}

/** Whether a value is a bare SHA-256: a desk's id or a key's fingerprint. */
export function isHex64(value: string): boolean {
  return hexPattern.test(value)
}

/** The 64 hex digits of a digest, as they stand in a blob's file name. */
export function hexOf(digest: Digest): string {
  return digest.slice('sha256:'.length)
}

/**
 * The id of a transfer, the same on both sides, on paper and in every window: the first 16 hex digits of its waybill's
 * digest. The folder of the bundle on a medium is named by it, too.
 */
export function transferIdOf(waybill: Digest): string {
  return hexOf(waybill).slice(0, 16)
}

/** Groups of four, for the eye. The form to copy is always the contiguous one. */
export function grouped(hex: string): string {
  return hex.match(/.{1,4}/g)?.join(' ') ?? ''
}
