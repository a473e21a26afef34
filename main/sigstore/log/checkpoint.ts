import { limits } from '../../platform/limits.ts'
import { Refusal } from '../refusal.ts'
import { verifiesMessage } from '../signature.ts'
import type { TrustedLog } from '../trusted-root.ts'

/** A C2SP signed note that a log's head stands in (c2sp.org/tlog-checkpoint, c2sp.org/signed-note). */
export interface Checkpoint {
  /** What is signed: everything before the blank line. */
  readonly text: string
  readonly origin: string
  readonly size: number
  readonly root: Buffer
  readonly signatures: readonly { readonly name: string; readonly id: Buffer; readonly signature: Buffer }[]
}

const signatureLine = /^— ([^\s+]{1,256}) ([A-Za-z0-9+/]+={0,2})$/u

function bad(expected: string, found: string): Refusal {
  return new Refusal('checkpoint.form', expected, found)
}

/**
 * Reads a checkpoint.
 *
 * @throws Refusal `checkpoint.form`
 */
export function readCheckpoint(note: string): Checkpoint {
  const end = note.indexOf('\n\n')
  if (end < 0 || !note.endsWith('\n'))
    throw bad('a text, a blank line and signatures, each line ended by LF', 'no such parts')
  if (/[\u0000-\u0009\u000b-\u001f]/.test(note)) throw bad('no control characters', 'one')
  const text = note.slice(0, end + 1)
  const lines = note.slice(end + 2, -1).split('\n')
  if (lines.length > limits.checkpointSignatures) throw bad('at most 64 signatures', String(lines.length))
  const [origin = '', size = '', root = ''] = text.split('\n')
  const hash = Buffer.from(root, 'base64')
  if (origin === '') throw bad('a first line with the origin', 'an empty one')
  if (!/^(?:0|[1-9]\d{0,15})$/.test(size) || !Number.isSafeInteger(Number(size))) {
    throw bad('a second line with the size of the tree', size)
  }
  if (hash.length !== 32 || hash.toString('base64') !== root)
    throw bad('a third line with a SHA-256 in base64', root)
  const signatures = lines.map((line) => {
    const [, name = '', encoded = ''] = signatureLine.exec(line) ?? []
    const bytes = Buffer.from(encoded, 'base64')
    if (bytes.length < 5 || bytes.toString('base64') !== encoded) throw bad('a signature line', line)
    return { name, id: bytes.subarray(0, 4), signature: bytes.subarray(4) }
  })
  return { text, origin, size: Number(size), root: hash, signatures }
}

/**
 * Demands that a log signed its checkpoint. Signatures of others (witnesses) are passed over; one that claims to be
 * the log's and is wrong is not.
 *
 * @param byName Rekor v2 signs under the name in its address, which the key's id covers (C2SP signed-note); v1 under
 * whatever name it was started with, so that only its key says whose head it is
 * @throws Refusal `checkpoint.origin`, `checkpoint.unsigned`, `checkpoint.bad`
 */
export function checkCheckpoint(checkpoint: Checkpoint, log: TrustedLog, byName: boolean): void {
  const { origin, signatures } = checkpoint
  if (byName && !log.names.includes(origin)) {
    throw new Refusal('checkpoint.origin', `the origin ${log.names.join(' or ')}`, origin)
  }
  const own = signatures.filter(({ name, id }) => (!byName || name === origin) && id.equals(log.noteId))
  const expected = `${byName ? origin : log.baseUrl} ${log.noteId.toString('hex')}`
  if (own.length === 0) {
    const found = signatures.map((one) => `${one.name} ${one.id.toString('hex')}`).join(', ')
    throw new Refusal('checkpoint.unsigned', `a signature by ${expected}`, found)
  }
  const text = Buffer.from(checkpoint.text, 'utf8')
  if (!own.every((one) => verifiesMessage(log.key, log.scheme, text, one.signature))) {
    throw new Refusal('checkpoint.bad', `the signature of ${expected}`, 'one that its key did not make')
  }
}
