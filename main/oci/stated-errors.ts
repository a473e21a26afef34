import { isDigest, type Digest } from '../../shared/digest.ts'
import { JsonError, parseStrict } from '../platform/json.ts'
import { limits } from '../platform/limits.ts'

/** What a registry says of why it refuses: one line of ASCII, and what it says that it does not have. */
export interface StatedErrors {
  readonly found: string
  readonly missing: readonly Digest[]
}

interface Entry {
  readonly code?: unknown
  readonly message?: unknown
  readonly detail?: unknown
}

// The codes by which something below what was sent is missing (OCI distribution-spec, “Error Codes”).
const ofMissing: ReadonlySet<unknown> = new Set(['MANIFEST_BLOB_UNKNOWN', 'MANIFEST_UNKNOWN', 'BLOB_UNKNOWN'])

/** Digests in a detail, which has no form of its own: registries write the digest itself, or an object that has it. */
function digestsIn({ code, detail }: Entry): Digest[] {
  if (!ofMissing.has(code)) return []
  const values: unknown[] = typeof detail === 'object' && detail !== null ? Object.values(detail) : [detail]
  return values.filter((value): value is Digest => typeof value === 'string' && isDigest(value))
}

function entriesIn(bytes: Buffer): Entry[] {
  try {
    const { errors } = Object(parseStrict(bytes)) as { errors?: unknown }
    return Array.isArray(errors)
      ? errors.slice(0, limits.errorsRead).map((one): Entry => Object(one) as Entry)
      : []
  } catch (error) {
    if (error instanceof JsonError) return []
    throw error
  }
}

/** Reads the body of a refusal (OCI distribution-spec, “Error Codes”), whatever it is: code and message of its first entry. */
export function statedErrors(bytes: Buffer): StatedErrors {
  const entries = entriesIn(bytes)
  const [first] = entries
  const said = [first?.code, first?.message].filter((part) => typeof part === 'string').join(', ')
  const found = said === '' ? 'no explanation' : said.replace(/[^\x20-\x7e]/g, '?').slice(0, 200)
  return { found, missing: [...new Set(entries.flatMap(digestsIn))].slice(0, limits.missingTold) }
}
