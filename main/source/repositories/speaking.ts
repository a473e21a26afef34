import { isDocument, spokenFor, beginsLikeBundles } from '../../oci/file-evidence.ts'
import { readHead } from '../../platform/files.ts'
import type { Listed, ListedSignature, RepositoryFiles } from './listing.ts'

const headBytes = 64 * 1024

/** What speaks for one file of a folder. */
export interface Speaking {
  /** Path of the file that it speaks for. */
  readonly of: string
  /** Path of the document, or of the list that it stands in. */
  readonly path: string
  /** How the document is read; of what stands in a list, the signature itself. */
  readonly how: { readonly type: string } | ListedSignature
}

/** Documents that lie beside a file of the folder, by their names (PEP 740, Sigstore). */
export async function speakingBeside(files: RepositoryFiles): Promise<Speaking[]> {
  const found: Speaking[] = []
  for (const path of files.paths.keys()) {
    const named = spokenFor(path)
    const place = files.place(path)
    if (named === null || place === null || !files.paths.has(named.of)) continue
    const { of, type } = named
    if (isDocument(type) && !beginsLikeBundles(await readHead(place, headBytes))) continue
    found.push({ of, path, how: { type } })
  }
  return found
}

/**
 * What a list has or names of a file that is here.
 *
 * @param of path of the file
 * @param list path of the list
 * @returns and whether a document that it names is not here
 */
export function speakingIn(
  { evidence, signatures = [] }: Listed,
  { of, list }: { readonly of: string; readonly list: string },
  files: RepositoryFiles,
): { readonly found: Speaking[]; readonly absent: boolean } {
  const found: Speaking[] = signatures.map((how) => ({ of, path: list, how }))
  const path = evidence?.paths.find((one) => files.paths.has(one))
  if (evidence !== undefined && path !== undefined) found.push({ of, path, how: { type: evidence.type } })
  return { found, absent: evidence !== undefined && path === undefined }
}
