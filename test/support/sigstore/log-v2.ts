import { canonical } from '../../../main/platform/json.ts'
import { leafHash, treePath, treeRoot } from '../authority/tree.ts'
import { signWith, type TestKey } from '../pki/key.ts'
import { idOf } from './documents.ts'

interface V2Request {
  readonly hashedRekordRequestV002: {
    readonly digest: string
    readonly signature: { readonly content: string; readonly verifier: Readonly<Record<string, unknown>> }
  }
}

/** A log with the interface of Rekor v2, in memory, with real proofs. It believes every signature. */
export class LogV2 {
  readonly key: TestKey
  readonly origin: string
  private readonly bodies: Buffer[] = []

  constructor(key: TestKey, origin: string) {
    this.key = key
    this.origin = origin
  }

  /** Adds what a request asks for: the entry, or `null` when it is there already. */
  add(request: unknown): object | null {
    const { digest, signature } = (request as V2Request).hashedRekordRequestV002
    const algorithm = { 32: 'SHA2_256', 48: 'SHA2_384', 64: 'SHA2_512' }[Buffer.from(digest, 'base64').length]
    const spec = { hashedRekordV002: { data: { algorithm, digest }, signature } }
    const body = canonical({ apiVersion: '0.0.2', kind: 'hashedrekord', spec })
    if (this.bodies.some((one) => one.equals(body))) return null
    this.bodies.push(body)
    return this.entry(this.bodies.length - 1)
  }

  private entry(index: number): object {
    const leaves = this.bodies.map(leafHash)
    const root = treeRoot(leaves)
    return {
      logIndex: String(index),
      logId: { keyId: idOf(this).toString('base64') },
      kindVersion: { kind: 'hashedrekord', version: '0.0.2' },
      integratedTime: '0',
      inclusionPromise: null,
      inclusionProof: {
        logIndex: String(index),
        rootHash: root.toString('base64'),
        treeSize: String(leaves.length),
        hashes: treePath(leaves, index).map((one) => one.toString('base64')),
        checkpoint: { envelope: this.checkpoint(leaves.length, root) },
      },
      canonicalizedBody: (this.bodies[index] ?? Buffer.alloc(0)).toString('base64'),
    }
  }

  private checkpoint(size: number, root: Buffer): string {
    const note = `${this.origin}\n${size}\n${root.toString('base64')}\n`
    const signature = Buffer.concat([idOf(this).subarray(0, 4), signWith(this.key, Buffer.from(note))])
    return `${note}\n— ${this.origin} ${signature.toString('base64')}\n`
  }
}
