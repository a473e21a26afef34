import { ArchiveProblem } from '../../archive/problem.ts'
import { fileBundles } from '../../oci/file-evidence.ts'
import { JsonError, parseStrict, type Json } from '../../platform/json.ts'
import {
  folderOf,
  type Index,
  type Listed,
  type Repository,
  type RepositoryFiles,
  type Unread,
} from './listing.ts'
import { registrySignatures } from './npm-signatures.ts'

/* Repositories of npm: a document for each package (npm/registry, `docs/REGISTRY-API.md`), its packed versions beside it. */

type Fields = { readonly [name: string]: Json }
const fieldsOf = (value: Json | undefined): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}

/** A document of a package. */
interface Package {
  readonly name: string
  readonly versions: Fields
}

/** The package that a document is about; `null` for what is no such document. @throws ArchiveProblem */
async function packageIn(files: RepositoryFiles, path: string): Promise<Package | null> {
  try {
    const document = fieldsOf(parseStrict(Buffer.from(await files.text(path), 'utf8')))
    return document['dist-tags'] === undefined || document.versions === undefined
      ? null
      : {
          name: typeof document.name === 'string' ? document.name : '',
          versions: fieldsOf(document.versions),
        }
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

/** Where mirrors put what registries have at an address: below any folder that the document lies in. */
function placesOf(path: string, address: string): string[] {
  let below: string
  try {
    below = decodeURIComponent(new URL(address).pathname.slice(1))
  } catch {
    return []
  }
  const steps = folderOf(path).split('/').slice(0, -1)
  return [...steps.keys(), steps.length].map((count) => [...steps.slice(0, count), below].join('/'))
}

/** The document with bundles that a version names, as `npm audit signatures` asks for it. */
function evidenceOf(path: string, attestations: Json | undefined): Pick<Listed, 'evidence'> {
  const { url } = fieldsOf(attestations)
  return typeof url === 'string' ? { evidence: { paths: placesOf(path, url), type: fileBundles } } : {}
}

async function* listedIn(
  files: RepositoryFiles,
  path: string,
  { name, versions }: Package,
): AsyncGenerator<Listed> {
  for (const [number, version] of Object.entries(versions)) {
    const { tarball, integrity, attestations, signatures } = fieldsOf(fieldsOf(version).dist)
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
      ...evidenceOf(path, attestations),
      // Without a sum that is compared such a signature says nothing of the file.
      ...(sum === undefined || typeof integrity !== 'string'
        ? {}
        : { signatures: registrySignatures(`${name}@${number}:${integrity}`, signatures) }),
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
      const found = await packageIn(files, path)
      if (found !== null) indexes.push({ path, root: '', listed: () => listedIn(files, path, found) })
    } catch (error) {
      if (!(error instanceof ArchiveProblem)) throw error
      unread.push({ path, why: `${error.found}; expected ${error.expected}` })
    }
  }
  return { releases: [], indexes, unread }
}
