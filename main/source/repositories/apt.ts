import { isDigest, type Digest } from '../../../shared/digest.ts'
import {
  folderOf,
  type Index,
  type Listed,
  type Release,
  type Repository,
  type RepositoryFiles,
  type Unread,
} from './listing.ts'

/* Repositories of Debian packages (wiki.debian.org/DebianRepository/Format). */

const release = /(?:^|\/)Release$/
/** In the order in which one is chosen. */
const readable = ['Packages', 'Packages.gz', 'Packages.zst'] as const

const sum = (hex: string): Digest | null => {
  const digest = `sha256:${hex.toLowerCase()}`
  return isDigest(digest) ? digest : null
}

/** The files that a `Release` lists under `SHA256`. */
async function* inRelease(files: RepositoryFiles, path: string): AsyncGenerator<Listed> {
  let within = false
  for await (const line of files.parts(path, '\n')) {
    if (!line.startsWith(' ')) within = line.trim() === 'SHA256:'
    else if (within) {
      const [hex = '', size = '', name = ''] = line.trim().split(/\s+/)
      if (name !== '') yield { path: name, sha256: sum(hex), size: /^\d+$/.test(size) ? Number(size) : null }
    }
  }
}

/** The packages that a `Packages` lists, a paragraph each. */
async function* inPackages(files: RepositoryFiles, path: string): AsyncGenerator<Listed> {
  for await (const paragraph of files.parts(path, '\n\n')) {
    const field = (name: string): string =>
      new RegExp(`^${name}:[ \t]*(.*)$`, 'im').exec(paragraph)?.[1]?.trim() ?? ''
    const name = field('Filename').replace(/^\.\//, '')
    if (name === '') continue
    const size = field('Size')
    yield { path: name, sha256: sum(field('SHA256')), size: /^\d+$/.test(size) ? Number(size) : null }
  }
}

/** The lists of packages below a `Release`: of each folder the first that is read. */
function lists(
  files: RepositoryFiles,
  path: string,
): { readonly indexes: Index[]; readonly unread: Unread[] } {
  const below = folderOf(path)
  const root = below.replace(/(?:^|(?<=\/))dists\/.*$/, '')
  const found = [...files.paths.keys()].filter(
    (one) => one.startsWith(below) && /(?:^|\/)Packages(?:\.[a-z0-9]+)?$/.test(one),
  )
  const indexes: Index[] = []
  const unread: Unread[] = []
  for (const folder of new Set(found.map(folderOf))) {
    const name = readable.find((one) => files.paths.has(`${folder}${one}`))
    const at = `${folder}${name ?? 'Packages'}`
    if (name === undefined) unread.push({ path: at, why: 'it is packed in a way that is not read' })
    else indexes.push({ path: at, root, listed: () => inPackages(files, at) })
  }
  return { indexes, unread }
}

/** What of a folder is a repository of Debian packages. */
export function aptRepository(files: RepositoryFiles): Repository {
  const paths = [...files.paths.keys()]
  const releases = paths
    .filter((path) => release.test(path))
    .map((path): Release => {
      const signature = `${path}.gpg`
      return { kind: 'apt', path, signature: files.paths.has(signature) ? signature : null }
    })
  const all = releases.map(({ path }) => lists(files, path))
  const own = releases.map(({ path }): Index => ({
    path,
    root: folderOf(path),
    listed: () => inRelease(files, path),
  }))
  // Newer mirrors keep the signed text alone.
  const alone = paths.filter(
    (path) => /(?:^|\/)InRelease$/.test(path) && !files.paths.has(path.replace(/In(?=Release$)/, '')),
  )
  const why = 'only “Release” with “Release.gpg” beside it is read'
  return {
    releases,
    indexes: [...own, ...all.flatMap(({ indexes }) => indexes)],
    unread: [...alone.map((path) => ({ path, why })), ...all.flatMap(({ unread }) => unread)],
  }
}
