import { hexOf, type Digest } from '../../shared/digest.ts'
import type { Waybill } from '../../shared/waybill.ts'
import { indexBytes, ociLayoutBytes } from './index-json.ts'

const block = 512

/** One member of the tar. `at` is where its header starts; the content follows it, then zeros to a full block. */
export interface Entry {
  readonly name: string
  readonly size: number
  readonly at: number
  /** Known bytes, or the blob that stands here. */
  readonly content: Buffer | Digest
}

/** Every byte of a bundle's tar, before one of it is read or written. */
export interface Layout {
  readonly entries: readonly Entry[]
  /** Bytes of the whole tar, the two zero blocks at its end included. */
  readonly size: number
}

/** Bytes that a content of `size` takes in a tar. */
export function padded(size: number): number {
  return Math.ceil(size / block) * block
}

/** Where an entry ends: the next header's start. */
export function endOf(entry: Entry): number {
  return entry.at + block + padded(entry.size)
}

function order(waybill: Waybill): { digest: Digest; size: number }[] {
  // `blobs` is sorted by digest already; early ones go first.
  const carried = waybill.blobs.filter((blob) => blob.state === 'carried')
  return [...carried.filter((blob) => blob.early), ...carried.filter((blob) => !blob.early)]
}

/**
 * The one function that maps a waybill and its signature file to the byte layout (bundle.md, "Container"). Writer and
 * reader share it, so that the reader compares bytes and interprets none.
 */
export function layoutOf(waybill: Waybill, waybillBytes: Buffer, signatures: Buffer): Layout {
  const members: { name: string; size: number; content: Buffer | Digest }[] = [
    { name: 'waybill.json', size: waybillBytes.length, content: waybillBytes },
    { name: 'waybill.sigstore.jsonl', size: signatures.length, content: signatures },
    { name: 'oci-layout', size: ociLayoutBytes.length, content: ociLayoutBytes },
  ]
  const index = indexBytes(waybill.items)
  members.push({ name: 'index.json', size: index.length, content: index })
  for (const { digest, size } of order(waybill)) {
    members.push({ name: `blobs/sha256/${hexOf(digest)}`, size, content: digest })
  }
  const entries: Entry[] = []
  let at = 0
  for (const member of members) {
    const entry = { ...member, at }
    entries.push(entry)
    at = endOf(entry)
  }
  return { entries, size: at + 2 * block }
}

/** The ustar header of a member: no PAX, no links, mtime 0, owner 0, mode 0644; 8 GiB and more in base 256. */
export function headerOf(name: string, size: number): Buffer {
  const header = Buffer.alloc(block)
  header.write(name, 0, 100, 'latin1')
  header.write('0000644\0', 100, 'latin1')
  header.write('0000000\0', 108, 'latin1')
  header.write('0000000\0', 116, 'latin1')
  if (size < 0o77777777777 + 1) {
    header.write(`${size.toString(8).padStart(11, '0')}\0`, 124, 'latin1')
  } else {
    header.writeUInt8(0x80, 124)
    header.writeBigUInt64BE(BigInt(size), 128)
  }
  header.write('00000000000\0', 136, 'latin1')
  header.write('        ', 148, 'latin1')
  header.write('0', 156, 'latin1')
  header.write('ustar\x0000', 257, 'latin1')
  header.write('0000000\0', 329, 'latin1')
  header.write('0000000\0', 337, 'latin1')
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return header
}
