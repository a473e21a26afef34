import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fetchManifest } from '../../../../main/oci/manifests.ts'
import { Registry } from '../../../../main/oci/registry.ts'
import { limits } from '../../../../main/platform/limits.ts'
import { openGate } from '../../../../main/platform/network.ts'
import { failureOf } from '../../../support/failure-of.ts'
import { Content, pattern, sha256, types, type Named } from '../../../support/images.ts'
import { TestRegistry } from '../../../support/registry.ts'

/*
 * What a client of registries must do, row by row: manifests (OCI distribution-spec, “Pulling manifests”; image-spec). Rows
 * that are tested elsewhere:
 * - header and document agree, or one of them says it: test/unit/collect/stated-type.test.ts
 * - both `manifests` and `layers`, too deep, two sizes, two types: test/unit/collect/hostile.test.ts, test/unit/oci/graph.test.ts
 * - the bytes stay as they came; a tag is asked for once, everything else by digest (in the place of HEAD and then GET):
 *   test/unit/collect/collect.test.ts “comes whole …”, “asks for a tag once and for each digest once”
 * - no more bytes, values, levels, blobs than there may be: graph.test.ts “reads a manifest of so many bytes …”
 * - platforms: reference.test.ts “match by system, architecture and variant …”; attestations of BuildKit follow their
 *   manifest, an index keeps its bytes where platforms stay behind: collect.test.ts “leaves out platforms as omitted blobs …”
 */

let server: TestRegistry
let accept: string | undefined
let give: { headers: Record<string, string>; bytes: Buffer }
let made: Named
beforeEach(async () => {
  server = await new TestRegistry().open()
  const content = new Content()
  made = content.image({ os: 'linux', architecture: 'amd64' }, [pattern('a', 10)])
  give = {
    headers: { 'content-type': types.manifest },
    bytes: content.blobs.get(made.digest) ?? Buffer.alloc(0),
  }
  server.switches.push((request, response) => {
    accept = request.headers.accept
    response.writeHead(200, give.headers).end(give.bytes)
    return true
  })
})
afterEach(() => server.close())

const fetched = (reference = '1') => {
  const rules = { hosts: 'any', plainHttp: [server.host], ca: {} } as const
  const registry = new Registry(server.host, { gate: openGate(rules), rules, credentials: {} })
  return fetchManifest(registry, 'team/app', reference)
}

describe('a manifest, row by row', () => {
  it('is asked for as one of OCI or Docker, image or index', async () => {
    await fetched()
    expect(accept?.split(', ')).toEqual([
      'application/vnd.oci.image.manifest.v1+json',
      'application/vnd.oci.image.index.v1+json',
      'application/vnd.docker.distribution.manifest.v2+json',
      'application/vnd.docker.distribution.manifest.list.v2+json',
    ])
  })

  const signed = 'application/vnd.docker.distribution.manifest.v1+prettyjws'
  it.each([
    ['its type', signed, '{"name":"a"}', `Docker schema 1 (${signed})`],
    ['its own word', 'application/json', `{"mediaType":"${signed}"}`, `Docker schema 1 (${signed})`],
    ['its number', 'application/json', '{"schemaVersion":1}', 'Docker schema 1 (schemaVersion 1)'],
    [
      'its number under a type of today',
      types.manifest,
      '{"schemaVersion":1}',
      'Docker schema 1 (schemaVersion 1)',
    ],
    [
      'the type of the artifact manifest that was withdrawn',
      'application/vnd.oci.artifact.manifest.v1+json',
      '{}',
      'the withdrawn OCI artifact manifest (application/vnd.oci.artifact.manifest.v1+json)',
    ],
  ])('of a format that is not carried is refused by name: by %s', async (_, type, text, found) => {
    give = { headers: { 'content-type': type }, bytes: Buffer.from(text) }
    const { code, facts } = await failureOf(fetched())
    expect([code, facts.reason, facts.found]).toEqual(['manifest-refused', 'format-refused', found])
  })

  it('has the digest that the registry states, where it states one', async () => {
    expect((await fetched()).digest).toBe(made.digest)
    give.headers['docker-content-digest'] = made.digest
    expect((await fetched()).digest).toBe(made.digest)
    give.headers['docker-content-digest'] = sha256('other')
    expect((await failureOf(fetched())).code).toBe('registry-lies')
    give.headers['docker-content-digest'] = `sha512:${'a'.repeat(128)}`
    expect((await failureOf(fetched())).code).toBe('algorithm-refused')
  })

  it('by digest has that one', async () => {
    expect((await fetched(made.digest)).digest).toBe(made.digest)
    expect((await failureOf(fetched(sha256('other')))).code).toBe('registry-lies')
  })

  it('of more bytes than there may be is not read on', async () => {
    give.bytes = Buffer.alloc(limits.manifestBytes + 1, ' ')
    expect((await failureOf(fetched())).code).toBe('too-large')
  })
})
