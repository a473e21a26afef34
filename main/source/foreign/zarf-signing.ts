import { hexOf } from '../../../shared/digest.ts'
import type { Tree } from '../../archive/tree.ts'
import { fileSignature } from '../../oci/file-evidence.ts'
import { JsonError, parseStrict } from '../../platform/json.ts'
import { limits } from '../../platform/limits.ts'
import type { ContainerSignature, ForeignProblem, Problems, Signing } from './contents.ts'
import { documentOf } from './documents.ts'

const sigstoreBundle = 'application/vnd.dev.sigstore.bundle.v0.3+json'

interface MessageDigest {
  readonly messageSignature?: {
    readonly messageDigest?: { readonly algorithm?: unknown; readonly digest?: unknown }
  }
}

/** The digest that a bundle says it was made over; anybody can see it without a key. `null`: it says none. */
function statedDigest(bytes: Buffer): string | null {
  try {
    const bundle = parseStrict(bytes, limits.bundleValues) as MessageDigest | null
    const { algorithm, digest } = bundle?.messageSignature?.messageDigest ?? {}
    if (algorithm !== 'SHA2_256' || typeof digest !== 'string') return null
    return `sha256:${Buffer.from(digest, 'base64').toString('hex')}`
  } catch (error) {
    if (error instanceof JsonError) return null
    throw error
  }
}

/**
 * A file of a container that signs another one, if it is there: a bundle of Sigstore, or a bare signature in base64.
 *
 * @param problems `container.agreement` `signed-other` for a bundle that says itself that it was made over something else
 */
export async function signatureFile(
  tree: Tree,
  path: string,
  over: string,
  problems: Problems,
): Promise<ContainerSignature | null> {
  if (!tree.files.has(path)) return null
  const bytes = await documentOf(tree, path, problems)
  const digest = tree.files.get(over)?.digest
  if (bytes === null || digest === undefined) return null
  const isBundle = bytes.subarray(0, 64).toString('latin1').trimStart().startsWith('{')
  const stated = isBundle ? statedDigest(bytes) : null
  if (stated !== null && stated !== `sha256:${hexOf(digest)}`) {
    const expected = `a signature over ${over}, ${digest}`
    problems.add('container.agreement', 'signed-other', path, expected, `one over ${stated}`)
  }
  return { path, bytes, type: isBundle ? sigstoreBundle : fileSignature, over }
}

/**
 * How a container is signed that says so itself.
 *
 * @param said `true`, `false`, or empty where it says nothing
 */
export function signingOf(
  signatures: readonly ContainerSignature[],
  said: string,
  unlessProven: readonly ForeignProblem[],
): Signing {
  const found = signatures.length === 0 ? 'no signature' : signatures.map(({ path }) => path).join(', ')
  const signedNot = said === 'true' && signatures.length === 0
  const signedOff = said === 'false' && signatures.length > 0
  const expected = signedNot ? 'a signature, as it says itself' : 'no signature, as it says itself'
  const reason = signedNot ? 'signed-not' : 'signed-off'
  const contradicts = signedNot || signedOff ? { expected, found, reason } : null
  return { signatures, contradicts, reaches: null, unlessProven }
}
