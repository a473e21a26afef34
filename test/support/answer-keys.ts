import { readFileSync } from 'node:fs'
import { readSpki, verifies } from '../../main/sigstore/public-key.ts'
import { schemeOf, verifiesMessage, type Scheme } from '../../main/sigstore/signature.ts'
import {
  hashesOf,
  readVerifierKey,
  readVerifierPem,
  type VerifierKey,
} from '../../main/sigstore/verifier-key.ts'
import type { KeyForm } from './key-forms.ts'

/** What one form was taken for, and whether its signature was one: over the message, and over another. */
export interface KeyAnswer {
  readonly name: string
  readonly core: string
  readonly person: string
  readonly verifies: readonly boolean[]
}

function taken<Key>(read: () => Key): Key | null {
  try {
    return read()
  } catch {
    return null
  }
}

const schemeFor = ({ kind }: VerifierKey): Scheme =>
  kind === 'ed25519' ? { form: 'pure', hash: 'sha512' } : schemeOf(kind, hashesOf(kind)[0] ?? 'sha256')

/** Reads a key as the core and as a person's, and checks its signature with whichever was read. */
export function answerOf({ name, as, bytes, signature }: KeyForm, message: Buffer): KeyAnswer {
  const given = Buffer.from(bytes, 'base64')
  const text = given.toString('latin1')
  const core = taken(() => (as === 'der' ? readVerifierKey(given) : readVerifierPem(text)))
  const person = taken(() => (as === 'der' ? readSpki(given) : readSpki(readVerifierPem(text).spki)))
  const made = Buffer.from(signature ?? '', 'base64')
  const checks = [message, Buffer.concat([message, Buffer.from('!')])].flatMap((said) => [
    ...(core === null ? [] : [verifiesMessage(core, schemeFor(core), said, made)]),
    ...(person === null ? [] : [verifies(person, said, made)]),
  ])
  return { name, core: core?.kind ?? 'refused', person: person?.algorithm ?? 'refused', verifies: checks }
}

/** Run as a program, by another runtime: answers the forms in a file, one JSON line each. */
function answerAll(file: string): void {
  const { forms, message } = JSON.parse(readFileSync(file, 'utf8')) as { forms: KeyForm[]; message: string }
  for (const one of forms) process.stdout.write(`${JSON.stringify(answerOf(one, Buffer.from(message)))}\n`)
}

const [, , file] = process.argv
if (file?.endsWith('key-forms.json') === true) answerAll(file)
