import { isDigest } from '../../shared/digest.ts'
import type { Tree } from '../archive/tree.ts'
import { parseForeignYaml, under } from '../platform/foreign-yaml.ts'
import { YamlError } from '../platform/yaml.ts'
import type { ForeignProblem } from '../source/foreign/contents.ts'

/**
 * The sums in the signed text of a chart's provenance (`helm package --sign`): the chart's own description, and in the
 * next document the files with their digests.
 *
 * @returns `null` where there are none to read
 */
export function sumsIn(text: string): ReadonlyMap<string, string> | null {
  try {
    const documents = parseForeignYaml(Buffer.from(text, 'utf8'))
    const files = documents.slice(1).map((one) => under(one, 'files'))
    const [found, ...more] = files.filter((one) => typeof one === 'object' && !Array.isArray(one))
    if (found === undefined || more.length > 0) return null
    const sums = Object.entries(found as Readonly<Record<string, unknown>>)
    return new Map(
      sums.flatMap(([name, sum]) => (typeof sum === 'string' && isDigest(sum) ? [[name, sum]] : [])),
    )
  } catch (error) {
    if (error instanceof YamlError) return null
    throw error
  }
}

/** Holds a chart against the sums of its provenance. Which file they call it by is not asked: it may have been renamed. */
export function provenanceProblem(path: string, text: string | null, tree: Tree): ForeignProblem | null {
  const about = { subject: path, expected: 'a signed text with the sums of files', found: 'another' }
  const sums = text === null ? null : sumsIn(text)
  if (sums === null) return { check: 'container.agreement', reason: 'form', ...about }
  const digest = tree.digest ?? ''
  const stated = [...sums.values()]
  if (stated.includes(digest)) return null
  const expected = sums.get(tree.name) ?? stated.join(', ')
  return { check: 'container.sums', reason: 'sum-differs', subject: tree.name, expected, found: digest }
}
