import type { Tree } from '../../archive/tree.ts'
import { parseForeignYaml, type YamlText } from '../../platform/foreign-yaml.ts'
import { limits } from '../../platform/limits.ts'
import { YamlError } from '../../platform/yaml.ts'
import type { Problems } from './contents.ts'

/**
 * A document that a format must have.
 *
 * @param problems `container.complete` `missing`, `container.sums` `link`, `container.agreement` `too-large`
 * @returns `null` where there is none to read
 */
export async function documentOf(tree: Tree, path: string, problems: Problems): Promise<Buffer | null> {
  const file = tree.files.get(path)
  const most = limits.foreignDocumentBytes
  if (file === undefined) {
    if (tree.links.has(path)) problems.add('container.sums', 'link', path, 'a file', 'a link')
    else problems.add('container.complete', 'missing', path, 'a file', 'not here')
    return null
  }
  if (file.size <= most) return tree.read(path, most)
  const found = `${file.size} bytes`
  problems.add('container.agreement', 'too-large', path, `a document of at most ${most} bytes`, found)
  return null
}

/** The documents in a file of YAML; none, and a problem, where it cannot be read. */
export function yamlOf(bytes: Buffer, path: string, problems: Problems): YamlText[] {
  try {
    return parseForeignYaml(bytes)
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    problems.add('container.agreement', 'form', path, error.expected, error.found)
    return []
  }
}
