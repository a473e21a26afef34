import { withoutMark } from '../platform/text-forms.ts'
import { linesOf } from './lines.ts'
import { Refusal } from './refusal.ts'
import { readTrustedRoot, type TrustedRoot } from './trusted-root.ts'

const isSeveral = (error: unknown): boolean =>
  error instanceof Refusal &&
  error.reason.code === 'root.json' &&
  error.reason.found.startsWith('trailing text')

/**
 * The trusted roots in a file: one, or one on each line, as `gh attestation trusted-root` writes them; also as Windows
 * encodes it. A line that cannot be read is told among what the first root cannot use, and costs none of the others.
 *
 * @throws Refusal `root.*` where none can be read
 */
export function readTrustedRoots(file: Buffer): TrustedRoot[] {
  const bytes = withoutMark(file)
  try {
    return [readTrustedRoot(bytes)]
  } catch (error) {
    if (!isSeveral(error)) throw error
  }
  const unusable: string[] = []
  const refusals: Refusal[] = []
  const roots = linesOf(bytes).flatMap((line, i) => {
    try {
      return [readTrustedRoot(line)]
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      refusals.push(error)
      unusable.push(`root ${i + 1}: ${error.reason.found}`)
      return []
    }
  })
  const [first, ...others] = roots
  if (first === undefined) throw refusals[0] ?? new Refusal('root.json', 'a trusted root', 'none')
  return [{ ...first, unusable: [...first.unusable, ...unusable] }, ...others]
}

/**
 * The roots of a file as they may be installed, each the bytes that it is known by: the file itself, or of one with a root on
 * each line the lines, as they stand and as `split` cuts them (with the end of the line).
 */
export function rootsToInstall(file: Buffer): Buffer[] {
  const lines = linesOf(file)
  if (lines.length < 2 || !lines.every((line) => /^\{.*\}\r?$/.test(line.toString('latin1')))) return [file]
  return lines.flatMap((line) => [line, Buffer.concat([line, Buffer.from('\n')])])
}

/** Why a file that must be one root, as it is, is not; with the command that makes such a file. `null`: another cause. */
export function nameOfRootFile(file: Buffer): string | null {
  if (withoutMark(file) !== file) {
    const encoding = file[0] === 0xef ? 'UTF-8 with a byte order mark' : 'UTF-16'
    const command =
      file[0] === 0xef ? 'tail -c +4 FILE > root.json' : 'iconv -f UTF-16 -t UTF-8 FILE > root.json'
    return `text in ${encoding}, as Windows writes it; “${command}” writes it anew`
  }
  const lines = linesOf(file).map((line) => line.toString('latin1').trim())
  if (lines.length < 2 || !lines.every((line) => /^\{.*\}$/.test(line))) return null
  return `${lines.length} roots, one on each line; “sallyport trust root show FILE” shows the fingerprint of each; the one whose fingerprint is typed is installed`
}
