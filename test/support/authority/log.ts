import { canonical } from '../../../main/platform/json.ts'
import { signWith, type TestKey } from '../pki/key.ts'
import { idOf, type LogPlan } from '../sigstore/documents.ts'
import { digest } from './scheme.ts'
import { leafHash, treePath, treeRoot } from './tree.ts'

/** A log of a test: v1 promises (SET) and states a time, v2 only proves. */
export interface TestLog extends LogPlan {
  readonly style: 'v1' | 'v2'
  /** The first line of its checkpoints. */
  readonly origin: string
  /** The name on its signature lines. */
  readonly name: string
}

/** A line under a checkpoint by somebody. */
export function noteLine(key: TestKey, name: string, id: Buffer, text: string): string {
  const signature = Buffer.concat([id.subarray(0, 4), signWith(key, Buffer.from(text))])
  return `— ${name} ${signature.toString('base64')}\n`
}

/** What an entry is made from. */
export interface EntryPlan {
  readonly kind: string
  readonly version: string
  readonly body: Buffer
  readonly at: Date
  /** Leaves before and after this one. */
  readonly before?: number
  readonly after?: number
  /** The text that is signed as the log's head. */
  readonly head?: (text: string) => string
  /** The note, after it was signed. */
  readonly note?: (note: string, text: string) => string
  /** What the promise is over. */
  readonly promised?: Readonly<Record<string, unknown>>
  /** v1: the key that signs the promise, when it is not the log's. */
  readonly promiseKey?: TestKey
}

/** An entry as it stands in a bundle. */
export interface EntryJson {
  logIndex: string
  logId: { keyId: string }
  kindVersion: { kind: string; version: string }
  integratedTime: string
  inclusionPromise?: { signedEntryTimestamp: string } | null
  inclusionProof?: {
    logIndex: string
    rootHash: string
    treeSize: string
    hashes: string[]
    checkpoint?: { envelope: string } | null
  } | null
  canonicalizedBody: string
}

const filler = (n: number): Buffer => leafHash(Buffer.from(`somebody else’s entry ${n}`))

// Rekor v1 counts over all its trees: its index is another than the one in the proof.
const shift = 1_000_000

/** Makes the entry of a log for a body, with a tree of its own around it. */
export function makeEntry(log: TestLog, plan: EntryPlan): EntryJson {
  const at = plan.before ?? 5
  const leaves = [
    ...Array.from({ length: at }, (_, n) => filler(n)),
    leafHash(plan.body),
    ...Array.from({ length: plan.after ?? 3 }, (_, n) => filler(1000 + n)),
  ]
  const root = treeRoot(leaves)
  const id = idOf(log.key.kind === 'ed25519' ? { key: log.key, origin: log.origin } : { key: log.key })
  const plain = `${log.origin}\n${leaves.length}\n${root.toString('base64')}\n`
  const text = (plan.head ?? ((same) => same))(plain)
  const signed = `${text}\n${noteLine(log.key, log.name, id, text)}`
  const index = log.style === 'v1' ? shift + at : at
  const seconds = Math.floor(plan.at.getTime() / 1000)
  const promised = {
    body: plan.body.toString('base64'),
    integratedTime: seconds,
    logID: id.toString('hex'),
    logIndex: index,
    ...plan.promised,
  }
  return {
    logIndex: String(promised.logIndex),
    logId: { keyId: id.toString('base64') },
    kindVersion: { kind: plan.kind, version: plan.version },
    integratedTime: log.style === 'v1' ? String(promised.integratedTime) : '0',
    ...(log.style === 'v1'
      ? {
          inclusionPromise: {
            signedEntryTimestamp: signWith(plan.promiseKey ?? log.key, canonical(promised)).toString(
              'base64',
            ),
          },
        }
      : {}),
    inclusionProof: {
      logIndex: String(at),
      rootHash: root.toString('base64'),
      treeSize: String(leaves.length),
      hashes: treePath(leaves, at).map((one) => one.toString('base64')),
      checkpoint: { envelope: (plan.note ?? ((same) => same))(signed, text) },
    },
    canonicalizedBody: plan.body.toString('base64'),
  }
}

/** The id under which a witness signs (C2SP signed-note, Ed25519). */
export const witnessId = (key: TestKey, name: string): Buffer =>
  digest('sha256', Buffer.concat([Buffer.from(`${name}\n\u0001`), key.spki.subarray(-32)]))
