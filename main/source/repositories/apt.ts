import { isDigest, type Digest } from '../../../shared/digest.ts'
import { ArchiveProblem } from '../../archive/problem.ts'
import { clearText } from './clear-signed.ts'
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
/** The same with its signature around it, which is what programs of today read first. */
const signedRelease = /(?:^|\/)InRelease$/
/** In the order in which one is chosen. */
const readable = ['Packages', 'Packages.gz', 'Packages.zst'] as const

const sum = (hex: string): Digest | null => {
  const digest = `sha256:${hex.toLowerCase()}`
  return isDigest(digest) ? digest : null
}

async function* linesOf(files: RepositoryFiles, path: string): AsyncGenerator<string> {
  if (!signedRelease.test(path)) {
    yield* files.parts(path, '\n')
    return
  }
  const text = clearText(await files.text(path))
  if (text === null) {
    const about = { subject: path, expected: 'one signed text and nothing else', found: 'another document' }
    throw new ArchiveProblem('damaged', about)
  }
  yield* text.split('\n')
}

/** The files that a `Release` lists under `SHA256`. */
async function* inRelease(files: RepositoryFiles, path: string): AsyncGenerator<Listed> {
  let within = false
  for await (const line of linesOf(files, path)) {
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

/** The documents that lead to everything else, with who must have signed each. */
function releasesIn(files: RepositoryFiles): Release[] {
  const found: Release[] = []
  for (const path of files.paths.keys()) {
    if (signedRelease.test(path)) found.push({ kind: 'apt', path, signature: path, around: true })
    if (!release.test(path)) continue
    const signature = files.paths.has(`${path}.gpg`) ? `${path}.gpg` : null
    // The same beside it, with its signature around it, stands for it.
    if (signature === null && files.paths.has(path.replace(/Release$/, 'InRelease'))) continue
    found.push({ kind: 'apt', path, signature })
  }
  return found
}

/** What of a folder is a repository of Debian packages. */
export function aptRepository(files: RepositoryFiles): Repository {
  const paths = [...files.paths.keys()].filter((path) => release.test(path) || signedRelease.test(path))
  const below = new Map(paths.map((path) => [folderOf(path), path]))
  const all = [...below.values()].map((path) => lists(files, path))
  const own = paths.map((path): Index => ({
    path,
    root: folderOf(path),
    listed: () => inRelease(files, path),
  }))
  return {
    releases: releasesIn(files),
    indexes: [...own, ...all.flatMap(({ indexes }) => indexes)],
    unread: all.flatMap(({ unread }) => unread),
  }
}
