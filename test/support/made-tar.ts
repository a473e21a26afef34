import { createHash } from 'node:crypto'
import { pack, type Header, type Pack } from 'tar-stream'

/** One entry of a tar that a test makes; a text is its content. */
export type MadeEntry = Partial<Omit<Header, 'pax'>> & {
  readonly name: string
  readonly content?: Buffer | string
  readonly pax?: Record<string, string>
}

/** A tar with these entries, as a well-behaved program writes it. */
export async function madeTar(entries: readonly MadeEntry[]): Promise<Buffer> {
  const made = pack()
  for (const { content, ...header } of entries) {
    const bytes = Buffer.from(content ?? '')
    made.entry({ ...header, size: bytes.length, mtime: new Date(0) }, bytes)
  }
  return packed(made)
}

/** The bytes of a tar to which all its entries were added. */
export async function packed(tar: Pack): Promise<Buffer> {
  tar.finalize()
  const pieces: Buffer[] = []
  for await (const piece of tar) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}

const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`

/** The head of an entry, byte by byte, for what no program writes. */
export function madeHead(about: {
  readonly name: string
  readonly size: number | Buffer
  readonly type?: string
  readonly magic?: string
  readonly link?: string
}): Buffer {
  const head = Buffer.alloc(512)
  head.write(about.name, 0)
  head.write(octal(0o644, 7), 100)
  head.write(octal(0, 7), 108)
  head.write(octal(0, 7), 116)
  if (typeof about.size === 'number') head.write(octal(about.size, 11), 124)
  else about.size.copy(head, 124)
  head.write(octal(0, 11), 136)
  head.write('        ', 148)
  head.write(about.type ?? '0', 156)
  head.write(about.link ?? '', 157)
  head.write(about.magic ?? 'ustar\0' + '00', 257, 'latin1')
  const sum = head.reduce((all, byte) => all + byte, 0)
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return head
}

/** Content with the zeros behind it up to the next block. */
export function padded(content: Buffer | string): Buffer {
  const bytes = Buffer.from(content)
  return Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)])
}

/** What ends a tar. */
export const tarEnd = Buffer.alloc(1024)

export const sha256 = (bytes: Buffer | string): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`
