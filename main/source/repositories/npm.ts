import { ArchiveProblem } from '../../archive/problem.ts'
import { JsonError, parseStrict, type Json } from '../../platform/json.ts'
import {
  folderOf,
  type Index,
  type Listed,
  type Repository,
  type RepositoryFiles,
  type Unread,
} from './listing.ts'

/* Repositories of npm: a document for each package (npm/registry, `docs/REGISTRY-API.md`), its packed versions beside it. */

type Fields = { readonly [name: string]: Json }
const fieldsOf = (value: Json | undefined): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}

/** The versions that a document lists; `null` for what is no such document. @throws ArchiveProblem */
async function versionsIn(files: RepositoryFiles, path: string): Promise<Fields | null> {
  try {
    const document = fieldsOf(parseStrict(Buffer.from(await files.text(path), 'utf8')))
    return document['dist-tags'] === undefined || document.versions === undefined
      ? null
      : fieldsOf(document.versions)
  } catch (error) {
    if (error instanceof JsonError) return null
    throw error
  }
}

/** Mirrors put the packed versions beside the document, or into a folder called `-` there. */
function placeOf(files: RepositoryFiles, path: string, address: string): string {
  const name = address.slice(address.lastIndexOf('/') + 1)
  const below = folderOf(path)
  return files.paths.has(`${below}-/${name}`) ? `${below}-/${name}` : `${below}${name}`
}

async function* listedIn(files: RepositoryFiles, path: string, versions: Fields): AsyncGenerator<Listed> {
  for (const version of Object.values(versions)) {
    const { tarball, integrity } = fieldsOf(fieldsOf(version).dist)
    if (typeof tarball !== 'string') continue
    const at = placeOf(files, path, tarball)
    const sum =
      typeof integrity === 'string' ? /(?:^|\s)sha512-([A-Za-z0-9+/]{86}==)/.exec(integrity)?.[1] : undefined
    const found = sum === undefined || !files.paths.has(at) ? null : await files.sha512(at)
    yield {
      path: at,
      sha256: null,
      size: null,
      ...(sum === undefined ? {} : { sha512: { stated: sum, found } }),
    }
  }
}

/** What of a folder is a repository of npm. It has no release that is signed as a whole. */
export async function npmRepository(files: RepositoryFiles): Promise<Repository> {
  const indexes: Index[] = []
  const unread: Unread[] = []
  for (const path of files.paths.keys()) {
    if (!/(?:^|\/)package\.json$/.test(path)) continue
    try {
      const versions = await versionsIn(files, path)
      if (versions !== null) indexes.push({ path, root: '', listed: () => listedIn(files, path, versions) })
    } catch (error) {
      if (!(error instanceof ArchiveProblem)) throw error
      unread.push({ path, why: `${error.found}; expected ${error.expected}` })
    }
  }
  return { releases: [], indexes, unread }
}
