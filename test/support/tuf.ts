import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A key of a TUF role. */
export interface TufKey {
  readonly id: string
  readonly secret: KeyObject
  readonly entry: object
}

export function tufKey(): TufKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const entry = { keytype: 'ecdsa', scheme: 'ecdsa-sha2-nistp256', keyval: { public: pem } }
  return { id: createHash('sha256').update(pem).digest('hex'), secret: privateKey, entry }
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

// OLPC's canonical JSON by another way than the product's: JSON with its escapes for control characters taken back.
function olpc(value: unknown): string {
  const sorted = (one: unknown): unknown =>
    typeof one !== 'object' || one === null
      ? one
      : Array.isArray(one)
        ? one.map(sorted)
        : Object.fromEntries(
            Object.entries(one)
              .sort(([a], [b]) => (a < b ? -1 : 1))
              .map(([name, child]) => [name, sorted(child)]),
          )
  return JSON.stringify(sorted(value)).replaceAll('\\n', '\n')
}

export function signed(content: object, keys: readonly TufKey[]): Buffer {
  const message = Buffer.from(olpc(content))
  const signatures = keys.map((key) => ({
    keyid: key.id,
    sig: sign('sha256', message, key.secret).toString('hex'),
  }))
  return Buffer.from(JSON.stringify({ signed: content, signatures }, null, 1))
}

/** How a state is made otherwise. */
export interface StatePlan {
  readonly online?: TufKey
  /** Of the targets, where it is not that of the others. */
  readonly targets?: number
  /** What the timestamp says of the snapshot besides its version; digest and length unless given. */
  readonly bare?: boolean
}

export interface TufRepository {
  readonly rootKeys: readonly TufKey[]
  readonly online: TufKey
  root(
    version: number,
    expires: string,
    keys?: readonly TufKey[],
    also?: readonly TufKey[],
    online?: TufKey,
  ): Buffer
  /** Timestamp, snapshot and targets of one version over a content, as files by name. */
  state(
    version: number,
    content: Buffer,
    expires?: string,
    plan?: StatePlan,
  ): Readonly<Record<string, Buffer>>
}

export function makeTufRepository(): TufRepository {
  const rootKeys = [tufKey(), tufKey(), tufKey()]
  const online = tufKey()
  const about = (type: string, version: number, expires: string): object => ({
    _type: type,
    spec_version: '1.0.31',
    version,
    expires,
  })
  return {
    rootKeys,
    online,
    root(version, expires, keys = rootKeys, also = [], signer = online) {
      const ids = keys.map((key) => key.id)
      const role = { keyids: [signer.id], threshold: 1 }
      const content = {
        ...about('root', version, expires),
        consistent_snapshot: true,
        keys: Object.fromEntries([...keys, signer].map((key) => [key.id, key.entry])),
        roles: {
          root: { keyids: ids, threshold: 2 },
          timestamp: role,
          snapshot: role,
          targets: { keyids: ids, threshold: 2 },
        },
      }
      return signed(content, [...keys, ...also])
    },
    state(version, content, expires = '2027-01-01T00:00:00Z', plan = {}) {
      const signer = plan.online ?? online
      const own = plan.targets ?? version
      const file = (bytes: Buffer): object => ({ length: bytes.length, hashes: { sha256: sha256(bytes) } })
      const targets = signed(
        { ...about('targets', own, expires), targets: { 'trusted_root.json': file(content) } },
        rootKeys,
      )
      const snapshot = signed(
        { ...about('snapshot', version, expires), meta: { 'targets.json': { version: own } } },
        [signer],
      )
      const timestamp = signed(
        {
          ...about('timestamp', version, expires),
          meta: { 'snapshot.json': { version, ...(plan.bare === true ? {} : file(snapshot)) } },
        },
        [signer],
      )
      return {
        'timestamp.json': timestamp,
        [`${version}.snapshot.json`]: snapshot,
        [`${own}.targets.json`]: targets,
        [`targets/${sha256(content)}.trusted_root.json`]: content,
      }
    },
  }
}

/** Lays files down as a mirror. */
export async function layDown(folder: string, files: Readonly<Record<string, Buffer>>): Promise<void> {
  await mkdir(join(folder, 'targets'), { recursive: true })
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes)
}
