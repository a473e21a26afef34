import { extract } from 'tar-stream'
import { limits } from '../platform/limits.ts'
import { feed } from './feed.ts'
import { ArchiveProblem } from './problem.ts'
import { TarGate } from './tar-gate.ts'

/** One entry of a tar. `body` must be read to its end, or left alone, before the next one is asked for. */
export interface TarEntry {
  /** Steps of names with `/` between them, none of them empty, `.` or `..`. */
  readonly path: string
  readonly kind: 'file' | 'folder' | 'symlink' | 'hardlink'
  readonly size: number
  /** Where a link says that it leads, as it stands there; empty for everything else. */
  readonly target: string
  readonly body: AsyncIterable<Buffer>
  /** Where its bytes begin in the tar. */
  readonly place: number | null
}

const kinds: Readonly<Record<string, TarEntry['kind']>> = {
  file: 'file',
  'contiguous-file': 'file',
  directory: 'folder',
  symlink: 'symlink',
  link: 'hardlink',
}

/**
 * The path of an entry below the top of its archive; the top itself is empty.
 *
 * @throws ArchiveProblem `path-outside`, `name`, `too-deep`
 */
export function insidePath(name: string): string {
  const subject = name.slice(0, 200)
  const expected = 'a path inside the archive'
  const steps = name.split('/').filter((step) => step !== '' && step !== '.')
  if (name.startsWith('/') || steps.includes('..') || /^[A-Za-z]:|\\/.test(name)) {
    throw new ArchiveProblem('path-outside', { subject, expected, found: JSON.stringify(subject) })
  }
  if (
    name === '' ||
    Buffer.byteLength(name) > limits.archiveNameBytes ||
    /[\u0000-\u001f\u007f\ufffd]/.test(name)
  ) {
    const found = JSON.stringify(subject)
    throw new ArchiveProblem('name', {
      subject,
      expected: `a name of at most ${limits.archiveNameBytes} bytes`,
      found,
    })
  }
  if (steps.length > limits.archiveSteps) {
    const found = `${steps.length} steps`
    throw new ArchiveProblem('too-deep', { subject, expected: `at most ${limits.archiveSteps} steps`, found })
  }
  return steps.join('/')
}

/** A head as the library gives it; its own types are narrower than what it gives. */
interface Head {
  readonly name: string
  readonly size: number
  readonly type: string | null
  readonly linkname: string | null
  readonly byteOffset?: number
}

function entryOf(header: Head, body: AsyncIterable<Buffer>): TarEntry {
  const path = insidePath(header.name)
  const kind = kinds[header.type ?? '']
  if (kind === undefined) {
    const found = header.type ?? 'an unknown type'
    throw new ArchiveProblem('device', { subject: path, expected: 'a file, folder or link', found })
  }
  const size = kind === 'file' ? header.size : 0
  return { path, kind, size, target: header.linkname ?? '', body, place: header.byteOffset ?? null }
}

/** Whether a file begins as a tar does. @param head its first 512 bytes */
export function beginsLikeTar(head: Buffer): boolean {
  return head.length >= 512 && /^ustar[ \0]/.test(head.subarray(257, 263).toString('latin1'))
}

async function* passing(bytes: AsyncIterable<Buffer>, gate: TarGate): AsyncGenerator<Buffer> {
  for await (const piece of bytes) {
    gate.pass(piece)
    yield piece
  }
  gate.end()
}

/**
 * The entries of a tar, in their order. It ends when the whole of it was read: what follows the end, or lacks before it,
 * is an error.
 *
 * @throws ArchiveProblem
 */
export async function* tarEntries(bytes: AsyncIterable<Buffer>): AsyncGenerator<TarEntry> {
  const gate = new TarGate()
  // Tars from before ustar have no mark; the types do not know that it can be told so.
  const options: object = { allowUnknownFormat: true }
  const reader = extract(options)
  const fed = feed(reader, passing(bytes, gate))
  try {
    for await (const entry of reader) {
      yield entryOf(entry.header, entry as AsyncIterable<Buffer>)
      entry.resume()
    }
  } catch (error) {
    if (!(error instanceof Error) || !/tar header|end of data|Invalid header|max size/.test(error.message))
      throw error
    const about = { subject: 'the tar', expected: 'entries with heads', found: error.message }
    throw new ArchiveProblem('damaged', about)
  } finally {
    reader.destroy(null)
    await fed
  }
}
