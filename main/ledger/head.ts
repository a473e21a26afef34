import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { causeOf, diskFailure, Failure } from '../platform/failure.ts'
import { flushFolder, readCapped, writeRecord } from '../platform/files.ts'
import { limits } from '../platform/limits.ts'
import type { PublicKey } from '../sigstore/public-key.ts'
import { readCheckpoint } from './checkpoint.ts'
import type { Head } from './merkle.ts'
import type { BadLine, ReadLedger } from './read.ts'

/*
 * The signed head of a ledger on disc. A line counts only once a head that the station has signed includes it, and that
 * head is durable before the line is: `checkpoint.next` first, then the line, then `checkpoint.next` takes the name
 * `checkpoint`. So a line that somebody adds without the station's key is never taken for one that a crash left.
 */

const headFile = (folder: string): string => join(folder, 'checkpoint')
const nextFile = (folder: string): string => join(folder, 'checkpoint.next')

/** A signed head as it lies on disc. */
export interface SignedHead {
  readonly head: Head
  readonly text: string
}

async function readHead(path: string, desk: string, key: PublicKey): Promise<SignedHead | string> {
  let text: string
  try {
    text = (await readCapped(path, limits.checkpointCharacters)).toString('utf8')
  } catch (error) {
    return error instanceof Failure ? String(error.facts.found ?? error.code) : causeOf(error)
  }
  const head = readCheckpoint(text, desk, key)
  return head === null ? 'something else' : { head, text }
}

function matches(head: Head, { tree }: ReadLedger): boolean {
  return tree.rootAt(head.size)?.equals(head.root) === true
}

/** What the signed heads say about a ledger that was read. */
export interface CheckedHead {
  readonly bad: BadLine | null
  /** The newest head that includes every line; `null` where something is bad. */
  readonly signed: SignedHead | null
  /** Whether it is `checkpoint.next`, which a crash kept from taking its name. */
  readonly next: boolean
}

const wrong = (line: number, expected: string, found: string): CheckedHead => ({
  bad: { line, expected, found },
  signed: null,
  next: false,
})

/**
 * Holds a ledger against its signed heads: never shorter than `checkpoint`, and at most one line longer, which
 * `checkpoint.next` must then sign exactly.
 */
export async function checkHead(
  folder: string,
  desk: string,
  key: PublicKey,
  read: ReadLedger,
): Promise<CheckedHead> {
  const { tree } = read
  const end = tree.size + 1
  const newest = await readHead(headFile(folder), desk, key)
  if (typeof newest === 'string') return wrong(end, 'the file checkpoint, signed by the station', newest)
  const { size, root } = newest.head
  if (size > tree.size) return wrong(end, `${size} events, as the checkpoint says`, `${tree.size} events`)
  if (!matches(newest.head, read)) {
    const expected = `root ${root.toString('hex')}, as the checkpoint says`
    return wrong(size, expected, `root ${tree.root(size).toString('hex')}`)
  }
  if (size === tree.size) return { bad: null, signed: newest, next: false }
  if (tree.size > size + 1) {
    return wrong(
      size + 1,
      `${size} events, as the checkpoint says`,
      `${tree.size - size} lines that no head signs`,
    )
  }
  const next = await readHead(nextFile(folder), desk, key)
  if (typeof next !== 'string' && next.head.size === tree.size && matches(next.head, read)) {
    return { bad: null, signed: next, next: true }
  }
  return wrong(tree.size, `${size} events, as the checkpoint says`, 'a line that no head signs')
}

/** Makes the head durable that will include the line that is written next. @throws Failure `disk-*` */
export async function announceHead(folder: string, text: string): Promise<void> {
  await writeRecord(nextFile(folder), text)
}

/** The announced head becomes the checkpoint: its line is on the disc. @throws Failure `disk-*` */
export async function confirmHead(folder: string): Promise<void> {
  try {
    await rename(nextFile(folder), headFile(folder))
    await flushFolder(folder)
  } catch (error) {
    throw diskFailure(error, headFile(folder))
  }
}

/** Forgets a head that was announced for a line that never came. */
export async function withdrawHead(folder: string): Promise<void> {
  await rm(nextFile(folder), { force: true })
}
