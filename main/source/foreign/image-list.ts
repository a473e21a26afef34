import { insidePath } from '../../archive/tar.ts'
import { ArchiveProblem } from '../../archive/problem.ts'
import type { Tree, TreeFile } from '../../archive/tree.ts'
import { asObject, ManifestProblem, shown, type JsonObject } from '../../oci/descriptor.ts'
import { JsonError, parseStrict, type Json } from '../../platform/json.ts'
import { limits } from '../../platform/limits.ts'
import type { ContainerCheck, Problems } from './contents.ts'

/** The document by which Docker's archives, imgpkg's and skopeo's folders begin; each puts something else in it. */
export const listPath = 'manifest.json'

/** What stands in `manifest.json`: JSON, or what is wrong with it. */
export type ListDocument =
  | { readonly value: Json }
  /** `list`: it begins as a list does, which only archives of images have there. */
  | { readonly wrong: string; readonly list: boolean }

/** @returns `null` where there is no `manifest.json` */
export async function listDocument(tree: Tree): Promise<ListDocument | null> {
  const file = tree.files.get(listPath)
  if (file === undefined) return null
  if (file.size > limits.imageListBytes) {
    return { wrong: `${file.size} bytes; more than ${limits.imageListBytes} are not read`, list: true }
  }
  const bytes = await tree.read(listPath, limits.imageListBytes)
  try {
    return { value: parseStrict(bytes) }
  } catch (error) {
    if (!(error instanceof JsonError)) throw error
    return { wrong: error.message, list: /^[\s\ufeff]*\[/.test(bytes.toString('utf8', 0, 64)) }
  }
}

/** An image of Docker's list: paths in the archive, and its names as they stand there. */
export interface DockerEntry {
  readonly config: string
  readonly names: readonly string[]
  readonly layers: readonly string[]
}

/**
 * The fields of an object that programs in Go read: they take names in any case, so two that differ in nothing else are
 * one to them and two to others.
 *
 * @throws ManifestProblem
 */
export function fieldsOf(value: Json | undefined, what: string): JsonObject {
  const fields = asObject(value, what)
  const names = Object.keys(fields)
  if (new Set(names.map((name) => name.toLowerCase())).size === names.length) return fields
  throw new ManifestProblem('manifest-form', `${what}: each name once, in any case`, shown(names))
}

/** A text. @throws ManifestProblem */
export function textIn(value: Json | undefined, what: string): string {
  if (typeof value === 'string') return value
  throw new ManifestProblem('manifest-form', `${what}: text`, shown(value))
}

/** A list; `null` and nothing are an empty one, as programs in Go write it. @throws ManifestProblem */
export function listIn(value: Json | undefined, what: string): readonly Json[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value
  throw new ManifestProblem('manifest-form', `${what}: a list`, shown(value))
}

/** Whether a list is Docker's: by what its first element has, not by its name. */
export function isDockerList(value: Json): value is Json[] {
  if (!Array.isArray(value)) return false
  const [first] = value
  const named = typeof first === 'object' && first !== null && !Array.isArray(first)
  return first === undefined || (named && Object.keys(first).some((name) => /^config$/i.test(name)))
}

function entryOf(value: Json, what: string): DockerEntry {
  const fields = fieldsOf(value, what)
  // imgpkg would read another image out of it.
  const other = Object.keys(fields).find((name) => /^image(index)?$/i.test(name))
  if (other !== undefined)
    throw new ManifestProblem('manifest-form', `${what}: an image of one kind`, `Config and ${other}`)
  return {
    config: textIn(fields.Config, `${what}, Config`),
    names: listIn(fields.RepoTags, `${what}, RepoTags`).map((name) => textIn(name, `${what}, RepoTags`)),
    layers: listIn(fields.Layers, `${what}, Layers`).map((path) => textIn(path, `${what}, Layers`)),
  }
}

/** The images of Docker's list; those that have not its form are problems. */
export function dockerEntries(list: readonly Json[], problems: Problems): DockerEntry[] {
  if (list.length === 0) problems.add('container.agreement', 'form', listPath, 'images', 'an empty list')
  if (list.length > limits.descriptors) {
    const expected = `at most ${limits.descriptors} images`
    problems.add('container.agreement', 'form', listPath, expected, `${list.length}`)
    return []
  }
  return list.flatMap((one, at) => {
    const what = `${listPath}, image ${at + 1}`
    try {
      return [entryOf(one, what)]
    } catch (error) {
      if (!(error instanceof ManifestProblem)) throw error
      problems.add('container.agreement', 'form', what, error.expected, error.found)
      return []
    }
  })
}

/** A path that a document names, in its one spelling; `null`: it leads outside, or is none, which is a problem. */
export function namedPath(path: string, check: ContainerCheck, problems: Problems): string | null {
  try {
    return insidePath(path)
  } catch (error) {
    if (!(error instanceof ArchiveProblem)) throw error
    problems.add(check, error.reason, shown(path), error.expected, error.found)
    return null
  }
}

/** Where a link leads, in its one spelling; `null`: outside, or it is not said. */
export function linkTarget(path: string, target: string): string | null {
  const steps = path.split('/').slice(0, -1)
  if (target === '' || target.startsWith('/')) return null
  for (const step of target.split('/')) {
    if (step === '' || step === '.') continue
    if (step !== '..') steps.push(step)
    else if (steps.pop() === undefined) return null
  }
  return steps.join('/')
}

// Docker to 24 and the tools after it: one folder a layer, by an id of its own.
const oldLayer = /^[^/]+\/layer\.tar$/

/**
 * The file behind a path. Docker to 24 stores a layer that occurs twice once, and a link in the folder of its other id:
 * such a link is followed, one step, to a file of the archive. No other one is.
 */
export function fileBehind(tree: Tree, path: string): TreeFile | null {
  const file = tree.files.get(path)
  if (file !== undefined) return file
  const link = tree.links.get(path)
  if (link?.kind !== 'symlink' || !oldLayer.test(path)) return null
  const target = linkTarget(path, link.target)
  return target === null ? null : (tree.files.get(target) ?? null)
}
