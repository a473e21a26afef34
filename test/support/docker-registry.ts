import { spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Content, Named } from './images.ts'

/** Whether Debian's `docker-registry` is on this machine. */
export const hasDockerRegistry = spawnSync('docker-registry', ['--version']).status === 0
export const hasSkopeo = spawnSync('skopeo', ['--version']).status === 0

export interface DockerRegistry {
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
export async function pushAll(
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

/** Starts a real registry (distribution 2.8) on this computer, with its storage in a folder of its own. */
export async function startDockerRegistry(): Promise<DockerRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-registry-'))
  const host = `127.0.0.1:${await freePort()}`
  const config = join(folder, 'config.yml')
  await writeFile(
    config,
    `version: 0.1\nlog:\n  level: error\n  accesslog:\n    disabled: true\nstorage:\n  filesystem:\n    rootdirectory: ${folder}/storage\n  delete:\n    enabled: true\nhttp:\n  addr: ${host}\n`,
  )
  const child = spawn('docker-registry', ['serve', config], { stdio: 'ignore' })
  const base = `http://${host}`
  const ready = async (): Promise<boolean> => (await fetch(`${base}/v2/`).catch(() => null))?.status === 200
  for (let tries = 0; !(await ready()); tries += 1) {
    if (tries > 200 || child.exitCode !== null) throw new Error('docker-registry does not start')
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
