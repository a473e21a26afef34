import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { headerOf, padded } from '../bundle/layout.ts'
import type { Located } from '../bundle/locate.ts'
import { slicesOf, type Piece } from '../bundle/parts.ts'
import { causeOf } from '../platform/failure.ts'
import { readCapped } from '../platform/files.ts'
import { limits } from '../platform/limits.ts'

/** The first two files, each read once into memory and as opaque bytes. */
export interface FirstFiles {
  readonly waybill: Buffer | null
  readonly signatures: Buffer | null
  /** Why one of them is missing. */
  readonly problem: string
}

async function readRange(pieces: readonly Piece[], from: number, length: number): Promise<Buffer> {
  const parts: Buffer[] = []
  for (const slice of slicesOf(pieces, from, from + length)) {
    const handle = await open(slice.path, 'r')
    try {
      const bytes = Buffer.alloc(slice.length)
      for (let done = 0; done < bytes.length;) {
        const { bytesRead } = await handle.read(bytes, done, bytes.length - done, slice.position + done)
        if (bytesRead === 0) throw new Error('the file ends too early')
        done += bytesRead
      }
      parts.push(bytes)
    } finally {
      await handle.close()
    }
  }
  const all = Buffer.concat(parts)
  if (all.length !== length) throw new Error('the file ends too early')
  return all
}

// Only the size is taken from a header before its bytes are known; the whole header must then be what we would write.
async function member(pieces: readonly Piece[], at: number, name: string, most: number): Promise<Buffer> {
  const header = await readRange(pieces, at, 512)
  const octal = header.toString('latin1', 124, 136)
  if (!/^[0-7]{11}\0$/.test(octal)) throw new Error(`the header of ${name} has no octal size`)
  const size = Number.parseInt(octal, 8)
  if (size > most) throw new Error(`${name} has ${size} bytes; at most ${most} are read`)
  if (!header.equals(headerOf(name, size))) throw new Error(`another header than that of ${name}`)
  return readRange(pieces, at + 512, size)
}

async function fromTar(pieces: readonly Piece[]): Promise<FirstFiles> {
  let waybill: Buffer | null = null
  try {
    waybill = await member(pieces, 0, 'waybill.json', limits.waybillBytes)
    const next = 512 + padded(waybill.length)
    const signatures = await member(pieces, next, 'waybill.sigstore.jsonl', limits.signatureBytes)
    return { waybill, signatures, problem: '' }
  } catch (error) {
    return { waybill, signatures: null, problem: causeOf(error) }
  }
}

async function fromFolder(folder: string): Promise<FirstFiles> {
  const read = async (name: string, most: number): Promise<Buffer | string> => {
    try {
      return await readCapped(join(folder, name), most)
    } catch (error) {
      return `${name}: ${causeOf(error instanceof Error ? (error.cause ?? error) : error)}`
    }
  }
  const signatures = await read('waybill.sigstore.jsonl', limits.signatureBytes)
  const waybill = await read('waybill.json', limits.waybillBytes)
  const problem = [waybill, signatures].filter((one) => typeof one === 'string').join('; ')
  return {
    waybill: typeof waybill === 'string' ? null : waybill,
    signatures: typeof signatures === 'string' ? null : signatures,
    problem,
  }
}

/** Reads the waybill and its signatures, capped. Never throws for what lies there. */
export function readFirst(located: Located): Promise<FirstFiles> {
  return located.scope === 'tar' ? fromTar(located.pieces) : fromFolder(located.folder)
}
