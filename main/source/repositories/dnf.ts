import { isDigest, type Digest } from '../../../shared/digest.ts'
import type { Index, Listed, Release, Repository, RepositoryFiles } from './listing.ts'

/* Repositories of RPM packages, as createrepo writes them (rpm-software-management/createrepo_c). */

const repomd = /^(.*\/|)repodata\/repomd\.xml$/

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const plainText = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => entities[name] ?? '')

function listedIn(entry: string): Listed | null {
  const path = /<location\b[^>]*\bhref="([^"]*)"/.exec(entry)?.[1]
  if (path === undefined) return null
  const [, type = '', hex = ''] =
    /<checksum\b[^>]*\btype="([^"]*)"[^>]*>\s*([0-9a-fA-F]+)\s*</.exec(entry) ?? []
  const digest = `sha256:${hex.toLowerCase()}`
  const sha256: Digest | null = type === 'sha256' && isDigest(digest) ? digest : null
  const size = /<size\b[^>]*\bpackage="(\d+)"/.exec(entry)?.[1] ?? /<size>(\d+)<\/size>/.exec(entry)?.[1]
  return { path: plainText(path), sha256, size: size === undefined ? null : Number(size) }
}

async function* entriesOf(files: RepositoryFiles, path: string, end: string): AsyncGenerator<Listed> {
  for await (const entry of files.parts(path, end)) {
    const found = listedIn(entry)
    if (found !== null) yield found
  }
}

/** What of a folder is a repository of RPM packages. */
export async function dnfRepository(files: RepositoryFiles): Promise<Repository> {
  const releases: Release[] = []
  const indexes: Index[] = []
  for (const path of files.paths.keys()) {
    const root = repomd.exec(path)?.[1]
    if (root === undefined) continue
    const signature = `${path}.asc`
    releases.push({ kind: 'dnf', path, signature: files.paths.has(signature) ? signature : null })
    indexes.push({ path, root, listed: () => entriesOf(files, path, '</data>') })
    for await (const entry of files.parts(path, '</data>')) {
      const found = /<data\b[^>]*\btype="primary"/.test(entry) ? listedIn(entry) : null
      if (found === null) continue
      const primary = `${root}${found.path}`
      indexes.push({ path: primary, root, listed: () => entriesOf(files, primary, '</package>') })
    }
  }
  return { releases, indexes, unread: [] }
}
