import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Digest } from '../../../shared/digest.ts'
import { limits } from '../../platform/limits.ts'
import { readShape } from '../../sigstore/parse.ts'
import { Refusal } from '../../sigstore/refusal.ts'
import type { Statement } from '../../sigstore/subject.ts'

/*
 * OpenSSF Model Signing (ossf/model-signing-spec; `model_signing` 1.1.1, `_signing/signing.py` and `manifest.py`): a
 * statement that lists the files of a folder by their digests.
 */

/** A statement of version 1, and one of before, whose subjects are the files themselves. */
const version1 = 'https://model_signing/signature/v1.0'
const before1 = 'https://model_signing/Digests/v0.1'
export const modelStatements: readonly string[] = [version1, before1]

/** What a statement says of a model. */
export interface ModelStatement {
  /** What the signer's folder was called; '' where that is not said. */
  readonly name: string
  readonly resources: readonly { readonly name: string; readonly digest: Digest }[]
  /** Paths below the model that it does not speak for, with all that lies below them. */
  readonly ignored: readonly string[]
}

// What the program leaves out unless it is told otherwise; it says so only since 1.1.
const usuallyIgnored = ['.git', '.gitattributes', '.github', '.gitignore'] as const

const zPredicate = z.object({
  serialization: z.object({
    method: z.string(),
    hash_type: z.string(),
    ignore_paths: z.array(z.string()).optional(),
  }),
  resources: z.array(z.object({ name: z.string(), algorithm: z.string(), digest: z.string() })),
})

const codes = { shape: 'statement.form', base64: 'statement.form' } as const
const hex = /^[0-9a-f]{64}$/
/** A piece of a file: `weights.bin:0:1000000000`. */
const shard = /:\d+:\d+$/

function notRead(found: string): never {
  throw new Refusal('statement.not-read', 'files, each whole and by its SHA-256', found)
}

function sha256In(value: string | undefined): string {
  if (value !== undefined && hex.test(value)) return value
  throw new Refusal('statement.form', 'a SHA-256 of 64 digits', value ?? 'none')
}

function tooLarge(found: string): never {
  throw new Refusal('statement.too-large', `a list of at most ${limits.modelResources} files`, found)
}

/** Names that lie below the model, each once. @throws Refusal `statement.form`, `statement.file-names` */
function checkNames(resources: ModelStatement['resources']): void {
  // Nothing passes because nothing was listed.
  if (resources.length === 0) throw new Refusal('statement.form', 'a list of files', 'an empty one')
  const seen = new Set<string>()
  for (const { name } of resources) {
    if (!isBelow(name)) throw new Refusal('statement.file-names', 'paths below the model', name)
    if (seen.has(name)) throw new Refusal('statement.file-names', 'each file once', name)
    seen.add(name)
  }
}

/** Whether a path with `/` leads to something below where it starts, and is written in the one way for it. */
export const isBelow = (path: string): boolean =>
  path.split('/').every((step) => step !== '' && step !== '.' && step !== '..')

function readVersion1({ predicate, subjects }: Statement): ModelStatement {
  const { serialization, resources: listed } = readShape(
    predicate,
    zPredicate,
    'a signature of a model',
    codes,
  )
  const { method, hash_type: hash, ignore_paths: ignored = usuallyIgnored } = serialization
  if (method !== 'files') notRead(`by ${method}`)
  const other = [hash, ...listed.map(({ algorithm }) => algorithm)].find((one) => one !== 'sha256')
  if (other !== undefined) notRead(`digests by ${other}`)
  // What the program calls the one file of a model that is no folder.
  if (listed.some(({ name }) => name === '.')) notRead('a model that is one file')
  const [subject, ...more] = subjects
  if (subject === undefined || more.length > 0)
    throw new Refusal('statement.form', 'one subject, the model', String(subjects.length))
  const whole = createHash('sha256')
  const resources = listed.map(({ name, digest }) => {
    const value = sha256In(digest)
    whole.update(Buffer.from(value, 'hex'))
    return { name, digest: `sha256:${value}` } as const
  })
  const [expected, found] = [sha256In(subject.digest['sha256']), whole.digest('hex')]
  if (found !== expected) throw new Refusal('statement.root-digest', expected, found)
  return { name: subject.name, resources, ignored }
}

function readBefore1({ subjects }: Statement): ModelStatement {
  const piece = subjects.find(({ name }) => shard.test(name))
  if (piece !== undefined) notRead(`the piece ${piece.name}`)
  const resources = subjects.map(({ name, digest }) => {
    return { name, digest: `sha256:${sha256In(digest['sha256'])}` } as const
  })
  return { name: '', resources, ignored: usuallyIgnored }
}

/**
 * Reads what a statement of one of the {@link modelStatements} says of a model.
 *
 * @throws Refusal `statement.form`, `statement.too-large`, `statement.not-read`, `statement.root-digest`, `statement.file-names`
 */
export function readModelStatement(statement: Statement): ModelStatement {
  const isNew = statement.predicateType === version1
  if (!statement.whole) tooLarge('a larger one')
  const listed = (statement.predicate as { resources?: unknown } | null)?.resources
  if (isNew && Array.isArray(listed) && listed.length > limits.modelResources) tooLarge(`${listed.length}`)
  const found = isNew ? readVersion1(statement) : readBefore1(statement)
  checkNames(found.resources)
  return found
}
