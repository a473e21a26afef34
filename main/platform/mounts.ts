import { open } from 'node:fs/promises'
import { limits } from './limits.ts'

/** A mount of this computer, as Linux tells it (proc(5), “/proc/pid/mountinfo”). */
export interface Mount {
  /** Number of its device, `major:minor`. */
  readonly number: string
  /** The folder at which it is seen. */
  readonly point: string
  /** The kernel's name of the file system. */
  readonly type: string
  /** Usually a device file; whatever the one who mounted it said. */
  readonly source: string
  readonly readOnly: boolean
}

/** A device number as `stat` gives it, in the form `major:minor`. */
export function deviceNumber(dev: number): string {
  return `${(dev >> 8) & 0xfff}:${(dev & 0xff) | ((dev >> 12) & 0xfff00)}`
}

// Blanks, tabs, line ends and backslashes of a path stand there as octal numbers.
const unescaped = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))

/** Reads the form of `mountinfo`. Lines of another form are passed over. */
export function parseMounts(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const fields = line.split(' ')
    const dash = fields.indexOf('-', 6)
    const [, , number, , point, options] = fields
    const type = fields[dash + 1]
    const source = fields[dash + 2]
    if (dash < 0 || number === undefined || point === undefined || type === undefined) return []
    const readOnly = `${options ?? ''},${fields[dash + 3] ?? ''}`.split(',').includes('ro')
    return [{ number, point: unescaped(point), type, source: unescaped(source ?? ''), readOnly }]
  })
}

/** What a file of the kernel says, which has no size; '' where there is none or more than that. */
export async function kernelText(path: string, most: number): Promise<string> {
  const file = await open(path, 'r').catch(() => null)
  if (file === null) return ''
  try {
    const pieces: Buffer[] = []
    let size = 0
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(64 * 1024), 0, 64 * 1024, null)
      if (bytesRead === 0) return Buffer.concat(pieces).toString('utf8')
      size += bytesRead
      if (size > most) return ''
      pieces.push(buffer.subarray(0, bytesRead))
    }
  } catch {
    return ''
  } finally {
    await file.close()
  }
}

/** The mounts that this process sees, in the order in which they were made; none where there is no Linux. */
export async function mountsHere(root = '/'): Promise<readonly Mount[]> {
  return parseMounts(await kernelText(`${root}/proc/self/mountinfo`, limits.mountsBytes))
}
