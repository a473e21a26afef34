import type { Digest } from '../../../shared/digest.ts'
import { ArchiveProblem } from '../../archive/problem.ts'
import { insidePath } from '../../archive/tar.ts'
import type { Tree } from '../../archive/tree.ts'
import { shown } from '../../oci/descriptor.ts'
import type { ForeignProblem, Problems } from './contents.ts'
import { documentOf } from './documents.ts'
import type { ZarfDefinition } from './zarf-yaml.ts'

export const sums = 'checksums.txt'
/** Files that sign `zarf.yaml`: the Sigstore bundle, and what was written before there were bundles. */
export const signatureFiles = ['zarf.bundle.sig', 'zarf.yaml.sig'] as const

/** One line: the sum in hex, one blank, the path. */
const line = /^([0-9a-f]{64}) (.+)$/

function pathIn(text: string): string | null {
  try {
    return insidePath(text) === text ? text : null
  } catch (error) {
    if (error instanceof ArchiveProblem) return null
    throw error
  }
}

/** The lines of `checksums.txt`, each path once. */
function listed(bytes: Buffer, problems: Problems): Map<string, Digest> {
  const found = new Map<string, Digest>()
  const lines = bytes.toString('utf8').split('\n')
  if (lines.pop() !== '') {
    problems.add('container.agreement', 'form', sums, 'lines that end', 'a last line that does not')
  }
  for (const [at, text] of lines.entries()) {
    const [, hex = '', name = ''] = line.exec(text) ?? []
    const path = pathIn(name)
    const subject = `${sums}, line ${at + 1}`
    if (path === null) {
      problems.add('container.agreement', 'form', subject, 'a sum and the path of a file', shown(text))
    } else if (found.has(path)) {
      problems.add('container.agreement', 'documents-disagree', path, 'each file once', 'two lines')
    } else found.set(path, `sha256:${hex}`)
  }
  return found
}

/** How a missing file is told: as a problem, or where it may be left out as a warning. */
export interface Missing {
  readonly problems: Problems
  readonly warnings: Problems
  readonly mayMiss: (path: string) => boolean
}

function compare(tree: Tree, path: string, digest: Digest, { problems, warnings, mayMiss }: Missing): void {
  const file = tree.files.get(path)
  if (file?.within === null) {
    if (file.digest !== digest) problems.add('container.sums', 'sum-differs', path, digest, file.digest)
  } else if (tree.links.has(path)) {
    problems.add('container.sums', 'link', path, 'a file with these bytes', 'a link')
  } else {
    const expected = `a file, ${digest}`
    if (mayMiss(path)) warnings.add('container.complete', 'left-out', path, expected, 'not here')
    else problems.add('container.complete', 'missing', path, expected, 'not here')
  }
}

/**
 * Holds the files of a package against `checksums.txt`, and that against its sum in `zarf.yaml`.
 *
 * Problems are `container.sums` `sum-differs`, `link`, `not-listed`; `container.complete` `missing`; `container.agreement` `form`.
 *
 * @returns how many files it lists, and what is not listed and would be excused by a proven signature
 */
export async function compareSums(
  tree: Tree,
  { aggregate, provenanceFiles }: Pick<ZarfDefinition, 'aggregate' | 'provenanceFiles'>,
  missing: Missing,
): Promise<{ readonly lines: number; readonly excused: ForeignProblem[] }> {
  const { problems } = missing
  const excused: ForeignProblem[] = []
  const bytes = await documentOf(tree, sums, problems)
  if (bytes === null) return { lines: 0, excused }
  const found = tree.files.get(sums)?.digest ?? ''
  if (aggregate !== '' && found !== `sha256:${aggregate}`) {
    problems.add('container.sums', 'sum-differs', sums, `sha256:${shown(aggregate)}`, found)
  }
  const lines = listed(bytes, problems)
  for (const [path, digest] of lines) compare(tree, path, digest, missing)
  const apart = new Set<string>(['zarf.yaml', sums, ...signatureFiles])
  const own = [...tree.files.values(), ...tree.links.values()].filter(({ within }) => within === null)
  for (const { path } of own) {
    if (lines.has(path) || apart.has(path)) continue
    const about = { subject: path, expected: `a line in ${sums}`, found: 'none' }
    const problem = { check: 'container.sums', reason: 'not-listed', ...about } as const
    // The list of such files lies in the package itself: without a signature over it anybody can add to it.
    if (provenanceFiles.includes(path) && excused.length < 200) excused.push(problem)
    else problems.add('container.sums', 'not-listed', path, about.expected, about.found)
  }
  return { lines: lines.size, excused }
}
