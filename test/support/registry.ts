import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { sha256, types, type Content, type Named } from './images.ts'
import type { TestCertificate } from './tls.ts'

export interface Heard {
  readonly method: string
  readonly path: string
  readonly authorization: string | undefined
  readonly range: string | undefined
}

/** Looks at a request first; `true` when it has answered it. */
export type Switch = (
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
) => boolean | Promise<boolean>

interface Repository {
  readonly blobs: Map<string, Buffer>
  readonly manifests: Map<string, { bytes: Buffer; mediaType: string }>
  /** What came of uploads in pieces, by upload. */
  readonly pending: Map<string, Buffer>
}

/** A registry in memory that can be made to misbehave. Knows the referrers API unless told not to. */
export class TestRegistry {
  readonly heard: Heard[] = []
  readonly switches: Switch[] = []
  referrersApi = true
  /** Whether it says which tags it has, and how many on one page. */
  tagList = true
  tagsPage = 1000
  /** How many referrers go on one page. */
  pageSize = 100
  host = ''
  private uploads = 0
  private readonly repositories = new Map<string, Repository>()
  private readonly server: Server
  private readonly secure: boolean

  constructor(tls?: TestCertificate) {
    const handle = (request: IncomingMessage, response: ServerResponse): void => {
      this.handle(request, response).catch((error: unknown) => response.destroy(error as Error))
    }
    this.secure = tls !== undefined
    this.server = tls === undefined ? createServer(handle) : createSecureServer({ ...tls }, handle)
  }

  get origin(): string {
    return `${this.secure ? 'https' : 'http'}://${this.host}`
  }

  async open(address = '127.0.0.1'): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, address, resolve))
    const shown = address.includes(':') ? `[${address}]` : address
    this.host = `${shown}:${(this.server.address() as AddressInfo).port}`
    return this
  }

  async close(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }

  repository(name: string): Repository {
    const known = this.repositories.get(name) ?? {
      blobs: new Map(),
      manifests: new Map(),
      pending: new Map(),
    }
    this.repositories.set(name, known)
    return known
  }

  add(name: string, content: Content, tags: Readonly<Record<string, Named>> = {}): void {
    const { blobs, manifests } = this.repository(name)
    for (const [digest, bytes] of content.blobs) {
      const mediaType = content.manifests.get(digest)
      if (mediaType === undefined) blobs.set(digest, bytes)
      else manifests.set(digest, { bytes, mediaType })
    }
    for (const [tag, named] of Object.entries(tags)) {
      const bytes = content.blobs.get(named.digest)
      if (bytes !== undefined) manifests.set(tag, { bytes, mediaType: named.mediaType })
    }
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.origin)
    const { authorization, range } = request.headers
    this.heard.push({ method: request.method ?? '', path: url.pathname + url.search, authorization, range })
    for (const first of this.switches) if (await first(request, response, url.pathname)) return
    if (url.pathname === '/v2/') {
      answer(response, 200)
      return
    }
    const match = /^\/v2\/(.+?)\/(manifests|blobs|referrers|tags)\/(.+)$/.exec(url.pathname)
    const [, name = '', kind, reference = ''] = match ?? []
    if (kind === 'manifests') await this.manifests(request, response, name, reference)
    else if (kind === 'blobs') await this.blobs(request, response, name, reference, url)
    else if (kind === 'tags' && this.tagList) this.tags(response, name, url)
    else if (kind === 'referrers' && this.referrersApi) this.referrers(response, name, reference, url)
    else answer(response, 404)
  }

  private async manifests(
    request: IncomingMessage,
    response: ServerResponse,
    name: string,
    reference: string,
  ) {
    const { manifests } = this.repository(name)
    if (request.method === 'PUT') {
      const bytes = await bodyOf(request)
      const entry = { bytes, mediaType: request.headers['content-type'] ?? '' }
      manifests.set(sha256(bytes), entry)
      manifests.set(reference, entry)
      const subject = (JSON.parse(bytes.toString()) as { subject?: Named }).subject
      const known: Record<string, string> =
        subject !== undefined && this.referrersApi ? { 'oci-subject': subject.digest } : {}
      answer(response, 201, { ...known, 'docker-content-digest': sha256(bytes) })
      return
    }
    const found = manifests.get(reference)
    if (found === undefined) answer(response, 404)
    else {
      const headers = { 'content-type': found.mediaType, 'docker-content-digest': sha256(found.bytes) }
      answer(response, 200, headers, found.bytes)
    }
  }

  private async blobs(
    request: IncomingMessage,
    response: ServerResponse,
    name: string,
    reference: string,
    url: URL,
  ): Promise<void> {
    const { blobs, pending } = this.repository(name)
    if (request.method === 'POST') {
      const mounted = url.searchParams.get('mount')
      const from = this.repositories.get(url.searchParams.get('from') ?? '')?.blobs.get(mounted ?? '')
      if (mounted !== null && from !== undefined) blobs.set(mounted, from)
      this.uploads += 1
      if (from === undefined) pending.set(`uploads/${this.uploads}`, Buffer.alloc(0))
      const location = `/v2/${name}/blobs/uploads/${this.uploads}?state=1`
      answer(response, from === undefined ? 202 : 201, { location })
    } else if (request.method === 'PATCH') {
      const had = pending.get(reference) ?? Buffer.alloc(0)
      pending.set(reference, Buffer.concat([had, await bodyOf(request)]))
      this.stands(response, 202, name, reference)
    } else if (request.method === 'PUT') {
      const digest = url.searchParams.get('digest') ?? ''
      const bytes = Buffer.concat([pending.get(reference) ?? Buffer.alloc(0), await bodyOf(request)])
      pending.delete(reference)
      if (sha256(bytes) === digest) blobs.set(digest, bytes)
      answer(response, sha256(bytes) === digest ? 201 : 400)
    } else if (request.method === 'DELETE') answer(response, pending.delete(reference) ? 204 : 404)
    else if (pending.has(reference)) this.stands(response, 204, name, reference)
    else sendBlob(request, response, blobs.get(reference))
  }

  /** Says how far an upload has got. */
  private stands(response: ServerResponse, status: number, name: string, reference: string): void {
    const { length = 0 } = this.repository(name).pending.get(reference) ?? {}
    const location = `/v2/${name}/blobs/${reference}?state=2`
    answer(response, status, { location, range: `0-${Math.max(0, length - 1)}` })
  }

  private tags(response: ServerResponse, name: string, url: URL): void {
    const all = [...this.repository(name).manifests.keys()].filter((key) => !key.includes(':')).sort()
    const start = all.findIndex((tag) => tag > (url.searchParams.get('last') ?? ''))
    const tags = start < 0 ? [] : all.slice(start, start + this.tagsPage)
    const more = start >= 0 && start + this.tagsPage < all.length
    const link: Record<string, string> = more
      ? { link: `<${url.pathname}?last=${tags.at(-1) ?? ''}>; rel="next"` }
      : {}
    answer(
      response,
      200,
      { 'content-type': 'application/json', ...link },
      Buffer.from(JSON.stringify({ name, tags })),
    )
  }

  private referrers(response: ServerResponse, name: string, digest: string, url: URL): void {
    const all = new Map<string, Named>()
    for (const { bytes, mediaType } of this.repository(name).manifests.values()) {
      const body = JSON.parse(bytes.toString()) as { subject?: Named; artifactType?: string }
      if (body.subject?.digest !== digest) continue
      const artifactType = body.artifactType === undefined ? {} : { artifactType: body.artifactType }
      all.set(sha256(bytes), { mediaType, digest: sha256(bytes), size: bytes.length, ...artifactType })
    }
    const start = Number(url.searchParams.get('start') ?? 0)
    const manifests = [...all.values()].slice(start, start + this.pageSize)
    const next = start + this.pageSize
    const link: Record<string, string> =
      next < all.size ? { link: `<${url.pathname}?start=${next}>; rel="next"` } : {}
    const body = JSON.stringify({ schemaVersion: 2, mediaType: types.index, manifests })
    answer(response, 200, { 'content-type': types.index, ...link }, Buffer.from(body))
  }
}

export function answer(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body: Buffer = Buffer.alloc(0),
): void {
  response.writeHead(status, { 'content-length': String(body.length), ...headers })
  response.end(response.req.method === 'HEAD' ? undefined : body)
}

function sendBlob(request: IncomingMessage, response: ServerResponse, bytes: Buffer | undefined): void {
  if (bytes === undefined) {
    answer(response, 404)
    return
  }
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? NaN)
  if (Number.isNaN(start)) answer(response, 200, {}, bytes)
  else {
    const range = { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` }
    answer(response, 206, range, bytes.subarray(start))
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}
