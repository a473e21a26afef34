import { readFileSync, writeFileSync } from 'node:fs'

const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'

function wireOf(bytes: Buffer): { readonly at: number; readonly length: number } {
  const at = bytes.indexOf(sentinel) + sentinel.length
  return { at: at + 2, length: bytes[at + 1] ?? 0 }
}

/** The fuses of a binary: one character each, in Electron's order, after a sentinel. */
export function fusesOf(file: string): string {
  const bytes = readFileSync(file)
  const { at, length } = wireOf(bytes)
  return bytes.subarray(at, at + length).toString('latin1')
}

/** Sets one fuse, by its place in Electron's order; the fuse for tests is the only one that a release has otherwise. */
export function setFuse(file: string, place: number, value: '0' | '1'): void {
  const bytes = readFileSync(file)
  bytes.write(value, wireOf(bytes).at + place, 'latin1')
  writeFileSync(file, bytes)
}
