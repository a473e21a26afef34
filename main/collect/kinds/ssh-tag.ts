import { bytesArtifact } from '../../sigstore/artifact.ts'
import { checkSshSignature, readSshSignature } from '../../sigstore/bare/sshsig.ts'
import { readKeyFile } from '../../sigstore/key-forms.ts'
import { Refusal } from '../../sigstore/refusal.ts'
import { UnknownKey, type VerifierKey } from '../../sigstore/verifier-key.ts'
import type { Signed } from './signed-by.ts'

/** A line of a list of signers (ssh-keygen, “ALLOWED SIGNERS”), or a public key alone; other options are not understood. */
const line =
  /^(?:[^\s"]+[ \t]+)?(?:namespaces="([^"]*)"[ \t]+)?((?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521))[ \t]+[A-Za-z0-9+/=]+)(?:[ \t].*)?$/

/** The keys in a file that may sign tags of git. What is no such key counts for nothing. */
function keysIn(bytes: Buffer): VerifierKey[] {
  return bytes
    .toString('utf8')
    .split(/\r?\n/)
    .flatMap((text) => {
      const [, purposes, key] = line.exec(text.trim()) ?? []
      if (key === undefined || (purposes !== undefined && !purposes.split(',').includes('git'))) return []
      try {
        return [readKeyFile(Buffer.from(key, 'utf8'))]
      } catch (error) {
        if (error instanceof UnknownKey) return []
        throw error
      }
    })
}

/**
 * Judges the SSH signature of a tag of git (`gpg.format ssh`) by the keys in a file, and by nothing else.
 *
 * @param text what is signed: the tag without its signature
 */
export async function sshSigned(text: Buffer, signature: Buffer, keys: Buffer): Promise<Signed> {
  const signed = readSshSignature(signature, signature.toString('utf8'))
  if (signed === null) return { found: 'an SSH signature that is not whole' }
  const known = keysIn(keys)
  if (known.length === 0) return { found: 'no SSH key that may sign for git in that file' }
  for (const key of known) {
    try {
      await checkSshSignature(signed, bytesArtifact(text), key, 'git')
      return { signer: `by the SSH key ${key.fingerprint}` }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (error.reason.code !== 'signature.no-fit') return { found: error.reason.found }
    }
  }
  return { found: 'a signature by another key, or over another tag' }
}
