import type { Artifact } from '../artifact.ts'
import { Refusal } from '../refusal.ts'
import { verifiesMessage, type Scheme } from '../signature.ts'
import { derOfSshEcdsa, nameOf, readSshKey, WireError, WireReader, wireString } from '../ssh-wire.ts'
import { keyWords, UnknownKey, type HashName, type VerifierKey } from '../verifier-key.ts'

/** A signature by `ssh-keygen -Y sign` (OpenSSH, PROTOCOL.sshsig), read and not yet checked. */
export interface SshSignature {
  readonly key: Buffer
  readonly namespace: string
  readonly hash: string
  readonly algorithm: string
  readonly signature: Buffer
}

const magic = Buffer.from('SSHSIG')
const armour = /^-----BEGIN SSH SIGNATURE-----\r?\n([A-Za-z0-9+/=\s]+)-----END SSH SIGNATURE-----\s*$/
const schemes: Readonly<Record<string, Scheme>> = {
  'ssh-ed25519': { form: 'pure', hash: 'sha512' },
  'ecdsa-sha2-nistp256': { form: 'ecdsa', hash: 'sha256' },
  'ecdsa-sha2-nistp384': { form: 'ecdsa', hash: 'sha384' },
  'ecdsa-sha2-nistp521': { form: 'ecdsa', hash: 'sha512' },
  'rsa-sha2-256': { form: 'rsa-pkcs1', hash: 'sha256' },
  'rsa-sha2-512': { form: 'rsa-pkcs1', hash: 'sha512' },
}

/** The SSH signature that these bytes are, armoured or bare; `null` where they are none, or a damaged one. */
export function readSshSignature(bytes: Buffer, text: string | null): SshSignature | null {
  const body = text === null ? undefined : armour.exec(text.trim())?.[1]
  const blob = body === undefined ? bytes : Buffer.from(body, 'base64')
  if (!blob.subarray(0, magic.length).equals(magic)) return null
  try {
    const wire = new WireReader(blob.subarray(magic.length))
    if (wire.number() !== 1) return null
    const key = wire.string()
    const namespace = wire.string().toString('utf8')
    wire.string()
    const hash = wire.string().toString('latin1')
    const signed = new WireReader(wire.string())
    wire.end()
    const found = {
      key,
      namespace,
      hash,
      algorithm: signed.string().toString('latin1'),
      signature: signed.string(),
    }
    signed.end()
    return found
  } catch (error) {
    if (error instanceof WireError) return null
    throw error
  }
}

function keyOf({ key }: SshSignature): VerifierKey | string {
  try {
    return readSshKey(key)
  } catch (error) {
    if (error instanceof UnknownKey) return error.message
    throw error
  }
}

const form = (found: string): Refusal =>
  new Refusal('signature.form', 'an SSH signature over it, by a key that is taken', found)

function bare({ algorithm, signature }: SshSignature): Buffer | null {
  try {
    return algorithm.startsWith('ecdsa-') ? derOfSshEcdsa(signature) : signature
  } catch (error) {
    if (error instanceof WireError) return null
    throw error
  }
}

/**
 * Demands that an SSH signature is this key's over the whole of something. It binds what it is for: one of a commit or of
 * mail says nothing of a file.
 *
 * @param purpose the namespace that counts: `file`, which `ssh-keygen` documents for files, or `git`
 * @throws Refusal `signature.form`, `signature.no-fit`
 */
export async function checkSshSignature(
  signed: SshSignature,
  artifact: Artifact,
  key: VerifierKey,
  purpose: 'file' | 'git' = 'file',
): Promise<Scheme> {
  const scheme = Object.hasOwn(schemes, signed.algorithm) ? schemes[signed.algorithm] : undefined
  const own = keyOf(signed)
  if (typeof own === 'string') throw form(`an SSH signature by ${own}; “ssh-keygen -Y verify” checks it`)
  if (scheme === undefined || (signed.hash !== 'sha256' && signed.hash !== 'sha512')) {
    throw form(`an SSH signature by ${nameOf(signed.algorithm)} over ${nameOf(signed.hash)}`)
  }
  if (signed.namespace !== purpose) {
    const name = nameOf(signed.namespace)
    if (name !== signed.namespace)
      throw form(`an SSH signature for something that is no name, not for “${purpose}”`)
    const asked = `ssh-keygen -Y check-novalidate -n ${name} -s SIGNATURE < FILE`
    throw form(`an SSH signature for “${name}”, not for “${purpose}”; “${asked}” checks it`)
  }
  const expected = `an SSH signature by the ${keyWords(key.kind)} key ${key.fingerprint}`
  if (own.fingerprint !== key.fingerprint) {
    throw new Refusal('signature.no-fit', expected, `one that says it is by the key ${own.fingerprint}`)
  }
  const hash: HashName = signed.hash
  const digest = (await artifact.digests(new Set([hash])))[hash]
  const signature = bare(signed)
  if (digest === undefined || signature === null) throw form('an SSH signature that is not whole')
  const message = Buffer.concat([
    magic,
    ...[signed.namespace, '', signed.hash, digest].map((part) => wireString(part)),
  ])
  if (verifiesMessage(key, scheme, message, signature)) return scheme
  throw new Refusal(
    'signature.no-fit',
    expected,
    'one that says it is by this key and does not fit this file',
  )
}
