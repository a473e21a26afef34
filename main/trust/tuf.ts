import { z } from 'zod'
import { zHex64 } from '../../shared/schema.ts'
import { parseStrict, type Json } from '../platform/json.ts'
import { verifiesMessage, type Scheme } from '../sigstore/signature.ts'
import { readVerifierKey, UnknownKey, type VerifierKey } from '../sigstore/verifier-key.ts'

/*
 * The Update Framework, as far as one target file needs it: root, timestamp, snapshot and targets, signed by thresholds
 * of keys. Own and small, because every signature must be checked with an explicit digest. Numbers are clauses of the
 * TUF specification 1.0.
 */

/** Why metadata is refused. */
export class TufError extends Error {}

// Unknown fields are allowed by the standard; they are signed like all others and say nothing here.
const zKeyOf = z.object({ keytype: z.string(), scheme: z.string(), keyval: z.object({ public: z.string() }) })
const zRole = z.object({
  keyids: z.array(z.string()).min(1).max(64),
  threshold: z.number().int().min(1).max(64),
})
const zVersion = z.number().int().min(1)
const zExpires = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/)
const base = { spec_version: z.string().regex(/^1\./), version: zVersion, expires: zExpires }
const zFile = z.object({
  version: zVersion,
  length: z.number().int().min(0).optional(),
  hashes: z.object({ sha256: zHex64.optional() }).optional(),
})
const zTarget = z.object({ length: z.number().int().min(0), hashes: z.object({ sha256: zHex64 }) })

const shapes = {
  root: z.object({
    ...base,
    _type: z.literal('root'),
    keys: z.record(z.string(), zKeyOf),
    roles: z.object({ root: zRole, timestamp: zRole, snapshot: zRole, targets: zRole }),
  }),
  timestamp: z.object({ ...base, _type: z.literal('timestamp'), meta: z.object({ 'snapshot.json': zFile }) }),
  snapshot: z.object({ ...base, _type: z.literal('snapshot'), meta: z.object({ 'targets.json': zFile }) }),
  targets: z.object({ ...base, _type: z.literal('targets'), targets: z.record(z.string(), zTarget) }),
} as const
type Shapes = typeof shapes
export type RoleName = keyof Shapes
export type Signed<Name extends RoleName> = z.output<Shapes[Name]>

/** A metadata file as it was parsed, before its signatures are believed. */
export interface Metadata<Name extends RoleName> {
  readonly name: Name
  readonly signed: Signed<Name>
  /** What the signatures are over. */
  readonly message: Buffer
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[]
}

// The canonical JSON of OLPC, which is not RFC 8785: strings are raw but for two escapes, numbers are whole.
function olpc(value: Json): string {
  if (typeof value === 'string') return `"${value.replace(/[\\"]/g, (one) => `\\${one}`)}"`
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new TufError('a number that is not whole')
    return String(value)
  }
  if (Array.isArray(value)) return `[${value.map(olpc).join(',')}]`
  if (value === null || typeof value === 'boolean') return String(value)
  const names = Object.keys(value).sort()
  return `{${names.map((name) => `${olpc(name)}:${olpc(value[name] ?? null)}`).join(',')}}`
}

const zEnvelope = z.object({
  signed: z.record(z.string(), z.unknown()),
  signatures: z.array(z.object({ keyid: z.string(), sig: z.string() })).max(64),
})

/** Parses one metadata file. @throws TufError */
export function readMetadata<Name extends RoleName>(name: Name, bytes: Uint8Array): Metadata<Name> {
  let value: Json
  try {
    value = parseStrict(bytes)
  } catch (error) {
    throw new TufError(`${name}: ${error instanceof Error ? error.message : 'not JSON'}`)
  }
  const envelope = zEnvelope.safeParse(value)
  if (!envelope.success) throw new TufError(`${name}: not signed metadata`)
  const { signed, signatures } = envelope.data
  const parsed = shapes[name].safeParse(signed)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new TufError(`${name}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`)
  }
  const message = Buffer.from(olpc(signed as Json), 'utf8')
  return { name, signed: parsed.data as Signed<Name>, message, signatures }
}

const schemes: Readonly<Record<string, Scheme>> = {
  'ecdsa-sha2-nistp256': { form: 'ecdsa', hash: 'sha256' },
  'ecdsa-sha2-nistp384': { form: 'ecdsa', hash: 'sha384' },
  ed25519: { form: 'pure', hash: 'sha512' },
  'rsassa-pss-sha256': { form: 'rsa-pss', hash: 'sha256' },
}
const ed25519Prefix = Buffer.from('302a300506032b6570032100', 'hex')
const pem = /^\s*-----BEGIN PUBLIC KEY-----\s([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----\s*$/

function keyOf({ scheme, keyval }: z.output<typeof zKeyOf>): { key: VerifierKey; scheme: Scheme } | null {
  const known = Object.hasOwn(schemes, scheme) ? schemes[scheme] : undefined
  if (known === undefined) return null
  const body = pem.exec(keyval.public)?.[1]
  const raw = /^[0-9a-f]{64}$/.test(keyval.public) ? Buffer.from(keyval.public, 'hex') : null
  const der =
    body !== undefined
      ? Buffer.from(body, 'base64')
      : raw === null
        ? null
        : Buffer.concat([ed25519Prefix, raw])
  if (der === null) return null
  try {
    return { key: readVerifierKey(der), scheme: known }
  } catch (error) {
    if (error instanceof UnknownKey) return null
    throw error
  }
}

/** The keys that a root names for a role, as a text that is the same for the same keys. */
export function keysOf(root: Signed<'root'>, role: RoleName): string {
  const named = root.roles[role].keyids.map((id) =>
    Object.hasOwn(root.keys, id) ? root.keys[id] : undefined,
  )
  const texts = named.map((key) => (key === undefined ? '' : JSON.stringify([key.scheme, key.keyval.public])))
  return [...new Set(texts)].sort().join()
}

/**
 * Whether a threshold of the keys that a root names for a role signed this. Counted by key, never by key id: one key
 * under two ids is one.
 *
 * @throws TufError
 */
export function checkThreshold(root: Signed<'root'>, metadata: Metadata<RoleName>): void {
  const { keyids, threshold } = root.roles[metadata.name]
  const counted = new Set<string>()
  for (const keyid of keyids) {
    const listed = Object.hasOwn(root.keys, keyid) ? root.keys[keyid] : undefined
    const found = listed === undefined ? null : keyOf(listed)
    if (found === null) continue
    const good = metadata.signatures.some(
      ({ keyid: id, sig }) =>
        id === keyid &&
        /^(?:[0-9a-f]{2})+$/.test(sig) &&
        verifiesMessage(found.key, found.scheme, metadata.message, Buffer.from(sig, 'hex')),
    )
    if (good) counted.add(found.key.fingerprint)
  }
  if (counted.size < threshold) {
    throw new TufError(
      `${metadata.name} version ${metadata.signed.version}: ${counted.size} of ${threshold} signatures`,
    )
  }
}
