import type { Digest } from '../../../shared/digest.ts'
import type { Tree } from '../../archive/tree.ts'
import { asObject, ManifestProblem, shown } from '../../oci/descriptor.ts'
import { JsonError, parseStrict } from '../../platform/json.ts'
import { limits } from '../../platform/limits.ts'
import type { Problems } from './contents.ts'
import { fileBehind, listPath, textIn } from './image-list.ts'

/** An image of Docker's list, with what its names are held against. */
export interface NamedLayers {
  readonly names: readonly string[]
  /** What the names stand for: images share a name only where they have this in common. */
  readonly content: ReadonlySet<Digest>
  /** Its last layer, as it lies here. */
  readonly top: Digest | null
}

const oldNames = 'repositories'

/** What crane calls an image that was pulled by its digest. Nobody ever gave it that tag. */
export const inventedTag = /:i-was-a-digest$/

/** The names in `repositories`, each with the id of its last layer. @throws ManifestProblem, JsonError */
async function namesBefore(tree: Tree): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  const { size } = tree.files.get(oldNames) ?? { size: 0 }
  if (size > limits.imageListBytes) {
    throw new ManifestProblem('too-large', `at most ${limits.imageListBytes} bytes`, `${size} bytes`)
  }
  const repositories = asObject(parseStrict(await tree.read(oldNames, limits.imageListBytes)), oldNames)
  for (const [repository, tags] of Object.entries(repositories)) {
    for (const [tag, id] of Object.entries(asObject(tags, oldNames))) {
      found.set(`${repository}:${tag}`, textIn(id, oldNames))
    }
  }
  return found
}

/**
 * Holds the names of Docker's list against each other and against `repositories`, by which programs before 1.10 go.
 *
 * @returns what was compared; `null`: there is no other document
 */
export async function dockerNames(
  tree: Tree,
  images: readonly NamedLayers[],
  problems: Problems,
  warnings: Problems,
): Promise<string | null> {
  const disagree = (subject: string, expected: string, found: string): void =>
    problems.add('container.agreement', 'documents-disagree', subject, expected, found)
  const listed = new Map<string, NamedLayers>()
  for (const image of images) {
    for (const name of image.names) {
      const known = listed.get(name)
      if (known !== undefined && ![...known.content].some((one) => image.content.has(one)))
        disagree(shown(name), 'one image of this name', 'two')
      listed.set(name, image)
      if (inventedTag.test(name)) {
        const found = 'a tag that crane invents for what it pulled by a digest'
        warnings.add('container.agreement', 'invented-tag', shown(name), 'a name that somebody gave', found)
      }
    }
  }
  if (!tree.files.has(oldNames)) return null
  let before
  try {
    before = await namesBefore(tree)
  } catch (error) {
    if (!(error instanceof ManifestProblem || error instanceof JsonError)) throw error
    const found = error instanceof JsonError ? error.message : error.found
    problems.add('container.agreement', 'form', oldNames, 'names with tags', found)
    return null
  }
  for (const [name, id] of before) {
    const image = listed.get(name)
    if (image === undefined) disagree(shown(name), `a name in ${listPath} too`, `only in ${oldNames}`)
    const top = fileBehind(tree, `${id}/layer.tar`)
    if (image?.top != null && top !== null && top.digest !== image.top)
      disagree(shown(name), image.top, `${top.digest} by ${oldNames}`)
  }
  for (const name of listed.keys())
    if (!before.has(name)) disagree(shown(name), `a name in ${oldNames} too`, `only in ${listPath}`)
  return `${before.size} names in ${listPath} and ${oldNames}`
}
