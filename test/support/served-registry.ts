import { spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { Content, Named } from './images.ts'

/** A registry that somebody else wrote, running on this computer. */
export interface ServedRegistry {
  /** `127.0.0.1:<port>` */
  readonly host: string
  readonly folder: string
  /** Puts content into a repository, the manifests in the order in which they were made; the last is given the tag. */
  push(repository: string, content: Content, tags?: Readonly<Record<string, Named>>): Promise<void>
  close(): Promise<void>
}

/** A port that nobody uses at the moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

async function expectStatus(url: string, init: RequestInit, ...statuses: number[]): Promise<Response> {
  const answer = await fetch(url, init)
  if (!statuses.includes(answer.status)) {
    throw new Error(`${init.method ?? 'GET'} ${url}: ${answer.status} ${await answer.text()}`)
  }
  return answer
}

async function pushBlob(base: string, repository: string, digest: string, bytes: Buffer): Promise<void> {
  const url = `${base}/v2/${repository}/blobs/uploads/`
  const begun = await expectStatus(url, { method: 'POST' }, 202)
  const place = new URL(begun.headers.get('location') ?? '', url)
  place.searchParams.set('digest', digest)
  const headers = { 'content-type': 'application/octet-stream' }
  await expectStatus(place.href, { method: 'PUT', headers, body: new Uint8Array(bytes) }, 201)
}

/** Puts content into a repository by the protocol of all registries. */
async function pushAll(
  base: string,
  repository: string,
  content: Content,
  tags: Readonly<Record<string, Named>>,
) {
  for (const [digest, bytes] of content.blobs) {
    if (!content.manifests.has(digest)) await pushBlob(base, repository, digest, bytes)
  }
  const put = async (reference: string, digest: string): Promise<void> => {
    const headers = { 'content-type': content.manifests.get(digest) ?? '' }
    const body = new Uint8Array(content.blobs.get(digest) ?? Buffer.alloc(0))
    const url = `${base}/v2/${repository}/manifests/${reference}`
    await expectStatus(url, { method: 'PUT', headers, body }, 201)
  }
  for (const digest of content.manifests.keys()) await put(digest, digest)
  for (const [tag, named] of Object.entries(tags)) await put(tag, named.digest)
}

/**
 * Runs the program of a registry until it is closed, and waits until it answers.
 *
 * @param folder in which its storage lies; it goes with it
 */
export async function servedRegistry(
  program: string,
  words: readonly string[],
  { host, folder }: Pick<ServedRegistry, 'host' | 'folder'>,
): Promise<ServedRegistry> {
  const child = spawn(program, words, { stdio: 'ignore' })
  const base = `http://${host}`
  const ready = async (): Promise<boolean> => (await fetch(`${base}/v2/`).catch(() => null))?.status === 200
  for (let tries = 0; !(await ready()); tries += 1) {
    if (tries > 400 || child.exitCode !== null) throw new Error(`${program} does not start`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  return {
    host,
    folder,
    push: (repository, content, tags = {}) => pushAll(base, repository, content, tags),
    close: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}
