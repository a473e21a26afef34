import { isDigest, type Digest } from '../../../shared/digest.ts'
import { ArchiveProblem } from '../../archive/problem.ts'
import { pypiAttestation } from '../../oci/file-evidence.ts'
import { JsonError, parseStrict, type Json } from '../../platform/json.ts'
import { folderOf, type Index, type Listed, type Repository, type RepositoryFiles } from './listing.ts'

/* Repositories of Python packages: a page for each project, as HTML (PEP 503) or JSON (PEP 691), with sums of its files. */

const page = /(?:^|\/)simple\/[^/]+\/index\.(html|json)$/
const link = /<a\b[^>]*\bhref\s*=\s*["']([^"']+)["'][^>]*/gi
// PEP 740: the address of the object around the attestations of a file.
const provenance = /\bdata-provenance\s*=\s*["']([^"']+)["']/i

const sha256Of = (hex: string): Digest | null => {
  const digest = `sha256:${hex.toLowerCase()}`
  return isDigest(digest) ? digest : null
}

/** Where an address leads below the root of the folder; one of another host leads to nothing that is here. */
function pathOf(address: string, index: string): string {
  try {
    const url = new URL(address.replaceAll('&amp;', '&'), `http://here/${folderOf(index)}`)
    const path = decodeURIComponent(url.pathname.slice(1))
    return url.host === 'here' ? path : `${url.host}/${path}`
  } catch {
    return address.slice(0, 300)
  }
}

const evidenceAt = (address: Json | undefined, index: string): Pick<Listed, 'evidence'> =>
  typeof address === 'string' ? { evidence: { paths: [pathOf(address, index)], type: pypiAttestation } } : {}

function* inHtml(text: string, index: string): Generator<Listed> {
  for (const [tag, address = ''] of text.matchAll(link)) {
    const [place = '', mark = ''] = address.split('#')
    yield {
      path: pathOf(place, index),
      sha256: sha256Of(/^sha256=([0-9a-f]+)$/i.exec(mark)?.[1] ?? ''),
      size: null,
      ...evidenceAt(provenance.exec(tag)?.[1], index),
    }
  }
}

const fieldOf = (value: Json | undefined, name: string): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value[name] : undefined

function* inJson(text: string, index: string): Generator<Listed> {
  let document: Json
  try {
    document = parseStrict(Buffer.from(text, 'utf8'))
  } catch (error) {
    if (!(error instanceof JsonError)) throw error
    throw new ArchiveProblem('not-read', { subject: index, expected: 'JSON', found: error.message })
  }
  const files = fieldOf(document, 'files')
  for (const file of Array.isArray(files) ? files : []) {
    const [url, sum, size] = [
      fieldOf(file, 'url'),
      fieldOf(fieldOf(file, 'hashes'), 'sha256'),
      fieldOf(file, 'size'),
    ]
    if (typeof url !== 'string') continue
    const stated = typeof size === 'number' ? size : null
    yield {
      path: pathOf(url, index),
      sha256: sha256Of(typeof sum === 'string' ? sum : ''),
      size: stated,
      ...evidenceAt(fieldOf(file, 'provenance'), index),
    }
  }
}

async function* listedIn(files: RepositoryFiles, path: string): AsyncGenerator<Listed> {
  const text = await files.text(path)
  yield* path.endsWith('.json') ? inJson(text, path) : inHtml(text, path)
}

/** What of a folder is a repository of Python packages. It has no release that is signed as a whole. */
export function pypiRepository(files: RepositoryFiles): Repository {
  const pages = [...files.paths.keys()].filter((path) => page.test(path))
  const indexes = pages.map((path): Index => ({ path, root: '', listed: () => listedIn(files, path) }))
  return { releases: [], indexes, unread: [] }
}
