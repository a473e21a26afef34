import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AddressInfo } from 'node:net'
import { createVerifier, type BundleVerifier } from 'sigstore'
import { makeTufRepository } from '../tuf.ts'

/*
 * The library `sigstore` as its users have it: it loads its trusted root by TUF, so each root of a case is published by
 * a repository of its own on this computer.
 */

/** What a case asks of it, in its own terms. */
export interface FacadeAsk {
  readonly bundle: Buffer
  readonly artifact: Buffer
  readonly root: Buffer
  /** A public key, SPKI DER, where the bundle is signed with one. */
  readonly key: Buffer | null
  readonly identity: { readonly san: string; readonly issuer: string } | null
  readonly logs: number
  readonly scts: number
}

const far = '2999-01-01T00:00:00Z'
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
const quoted = (text: string): string => `^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`
const pem = (spki: Buffer): string =>
  `-----BEGIN PUBLIC KEY-----\n${(spki.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END PUBLIC KEY-----\n`

/** `accepted`, or the code and the words of the refusal. */
export class Facade {
  private readonly folder: string
  private readonly server: Server
  private readonly files = new Map<string, Buffer>()
  private readonly verifiers = new Map<string, Promise<BundleVerifier>>()
  private readonly repository = makeTufRepository()

  private constructor(folder: string) {
    this.folder = folder
    this.server = createServer((request, response) => {
      const bytes = this.files.get(request.url ?? '')
      response.writeHead(bytes === undefined ? 404 : 200).end(bytes)
    })
  }

  static async open(): Promise<Facade> {
    const facade = new Facade(await mkdtemp(join(tmpdir(), 'sallyport-oracle-')))
    await new Promise<void>((done) => facade.server.listen(0, '127.0.0.1', done))
    await writeFile(join(facade.folder, 'root.json'), facade.repository.root(1, far))
    return facade
  }

  async close(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((done) => this.server.close(done))
    await rm(this.folder, { recursive: true, force: true })
  }

  private async load({ root, key, identity, logs, scts }: FacadeAsk): Promise<BundleVerifier> {
    const name = sha256(root)
    for (const [path, bytes] of Object.entries(this.repository.state(1, root, far))) {
      this.files.set(`/${name}/${path}`, bytes)
    }
    const { port } = this.server.address() as AddressInfo
    return createVerifier({
      tufMirrorURL: `http://127.0.0.1:${port}/${name}`,
      tufRootPath: join(this.folder, 'root.json'),
      tufCachePath: this.folder,
      tlogThreshold: logs,
      ctLogThreshold: scts,
      ...(key !== null && { keySelector: () => pem(key) }),
      ...(identity !== null && {
        certificateIdentityURI: quoted(identity.san),
        certificateIssuer: identity.issuer,
      }),
    })
  }

  /** What it says of a case: `accepted`, or its refusal in its own words. */
  async answer(ask: FacadeAsk): Promise<string> {
    const { root, key, identity, logs, scts } = ask
    const asked = JSON.stringify([sha256(root), key?.toString('hex'), identity, logs, scts])
    try {
      let verifier = this.verifiers.get(asked)
      verifier ??= this.load(ask)
      this.verifiers.set(asked, verifier)
      const json = JSON.parse(ask.bundle.toString('utf8')) as Parameters<BundleVerifier['verify']>[0]
      ;(await verifier).verify(json, ask.artifact)
      return 'accepted'
    } catch (error) {
      const code = (error as { code?: unknown }).code
      const message = error instanceof Error ? error.message : String(error)
      return `${typeof code === 'string' ? `${code}: ` : ''}${message}`.slice(0, 200)
    }
  }
}
