import { describe, expect, it } from 'vitest'
import type { Digest } from '../../../../shared/digest.ts'
import { listReferrer } from '../../../../main/oci/list-referrer.ts'
import type { PlannedManifest } from '../../../../main/export/plan.ts'
import { parseManifest } from '../../../../main/oci/manifest.ts'
import { fallbackTag, referrerLists } from '../../../../main/oci/referrers.ts'
import { Registry } from '../../../../main/oci/registry.ts'
import { digestTags } from '../../../../main/oci/tag-list.ts'
import { limits } from '../../../../main/platform/limits.ts'
import { openGate } from '../../../../main/platform/network.ts'
import { failureOf } from '../../../support/failure-of.ts'
import { Content, pattern, types } from '../../../support/images.ts'
import { answer, TestRegistry } from '../../../support/registry.ts'
import { TableGate, type Reply } from '../../../support/table-gate.ts'

/*
 * What a client of registries must do, row by row: what refers to a manifest, and paging (OCI distribution-spec 1.1, “Listing
 * Referrers”, “Referrers Tag Schema”, “Pushing Manifests with Subject”; RFC 8288). Rows that are tested elsewhere:
 * - by the API, page by page, for index, children and evidence of evidence, with a bound: test/unit/collect/evidence.test.ts
 * - 404 and the tag in its place, the tags of cosign, each once: evidence.test.ts, test/unit/collect/signatures.test.ts
 * - what a list says of itself is not believed, each is read (no filter is asked for): evidence-odd.test.ts
 * - what cannot be had is a finding, never silence: evidence.test.ts “that cannot be had is a finding, and the collect goes on”
 * - no `OCI-Subject`: the tag is written by us, beside what is there, once, with artifactType and annotations:
 *   test/unit/export/export.test.ts “without a list of referrers gets it under a tag …”
 * - tags in pages: test/unit/collect/asking.test.ts “is followed over its pages …”
 */

const subject: Digest = `sha256:${'a'.repeat(64)}`
const place = `https://reg.example/v2/team/app/referrers/${subject}`
const tags = 'https://reg.example/v2/team/app/tags/list'
const page = (link?: string): Reply => ({
  headers: link === undefined ? {} : { link },
  body: '{"schemaVersion":2,"manifests":[]}',
})
const open = (gate: TableGate): Registry =>
  new Registry('reg.example', { gate, rules: { hosts: 'any', plainHttp: [], ca: {} }, credentials: {} })

describe('a list in pages, row by row', () => {
  it.each([
    ['an address of its own', `<${place}?page=2>; rel="next"`],
    ['a path', `</v2/team/app/referrers/${subject}?page=2>; rel=next`],
    ['a query', '<?page=2>;rel="next"'],
    ['one of several', '<https://else.example/x>; rel="last", <?page=2>; title="a"; rel="next"'],
  ])('goes on by %s', async (_, link) => {
    const gate = new TableGate({ [place]: [page(link), page()] })
    await referrerLists.api(open(gate), 'team/app', subject)
    expect(gate.asked.map(({ url }) => url)).toEqual([place, `${place}?page=2`])
  })

  it.each([
    'https://else.example/v2/x',
    'http://reg.example/v2/x',
    'https://reg.example:8443/v2/x',
    '//else.example',
  ])('never goes on elsewhere: %s', async (target) => {
    const gate = new TableGate({ [place]: page(`<${target}>; rel="next"`) })
    expect((await failureOf(referrerLists.api(open(gate), 'team/app', subject))).code).toBe(
      'redirect-refused',
    )
    expect(gate.asked).toHaveLength(1)
  })

  it('ends where it leads back to itself', async () => {
    const gate = new TableGate({ [place]: page('<?page=2>; rel="next"') })
    await referrerLists.api(open(gate), 'team/app', subject)
    expect(gate.asked).toHaveLength(2)
    const list = new TableGate({
      [tags]: { headers: { link: '<?n=2>; rel="next"' }, body: '{"tags":["1"]}' },
    })
    expect(await digestTags(open(list), 'team/app')).toBe(null)
    expect(list.asked).toHaveLength(2)
  })

  it('has so many pages and no more', async () => {
    const many = Array.from({ length: 100 }, (_, i) => page(`<?page=${i}>; rel="next"`))
    const gate = new TableGate({ [place]: many })
    expect((await failureOf(referrerLists.api(open(gate), 'team/app', subject))).code).toBe('too-many')
    expect(gate.asked).toHaveLength(limits.referrerPages)
    const replies = many.map(({ headers }) => ({ headers: headers ?? {}, body: '{"tags":[]}' }))
    const list = new TableGate({ [tags]: replies })
    expect(await digestTags(open(list), 'team/app')).toBe(null)
    expect(list.asked).toHaveLength(limits.tagPages)
  })
})

describe('the tag in the place of a list, row by row', () => {
  /** Adds a referrer while somebody else writes over the list so many times. */
  const added = async (times: number): Promise<{ code: string; puts: number; listed: unknown }> => {
    const server = await new TestRegistry().open()
    server.referrersApi = false
    const content = new Content()
    const about = content.image({ os: 'linux', architecture: 'amd64' }, [pattern('a', 10)])
    const named = content.referrer(about, 'application/x', 'it')
    const bytes = content.blobs.get(named.digest) ?? Buffer.alloc(0)
    const tag = fallbackTag(about.digest as Digest)
    const other = { mediaType: types.manifest, digest: `sha256:${'b'.repeat(64)}`, size: 1 }
    const theirs = Buffer.from(
      JSON.stringify({ schemaVersion: 2, mediaType: types.index, manifests: [other] }),
    )
    let puts = 0
    server.switches.push((request, response, path) => {
      if (request.method !== 'PUT' || !path.endsWith(tag)) return false
      puts += 1
      if (puts > times) return false
      request.resume()
      server.repository('team/app').manifests.set(tag, { bytes: theirs, mediaType: types.index })
      answer(response, 201)
      return true
    })
    const rules = { hosts: 'any', plainHttp: [server.host], ca: {} } as const
    const registry = new Registry(server.host, { gate: openGate(rules), rules, credentials: {} })
    const manifest = parseManifest(bytes, types.manifest)
    const planned: PlannedManifest = {
      bytes,
      digest: named.digest as Digest,
      mediaType: types.manifest,
      manifest,
      sparse: false,
    }
    const code = await listReferrer(registry, 'team/app', planned).then(
      () => 'done',
      (error: unknown) => (error as { code: string }).code,
    )
    const list = server.repository('team/app').manifests.get(tag)?.bytes.toString() ?? '{}'
    await server.close()
    const { manifests } = JSON.parse(list) as { manifests: { digest: string }[] }
    return { code, puts, listed: manifests.map(({ digest }) => digest === named.digest) }
  }

  it('that somebody else wrote over meanwhile is written again, with theirs', async () => {
    expect(await added(0)).toEqual({ code: 'done', puts: 1, listed: [true] })
    expect(await added(1)).toEqual({ code: 'done', puts: 2, listed: [false, true] })
  })

  it('that never has what was put there is told, not passed over', async () => {
    expect(await added(Infinity)).toEqual({ code: 'registry-answer', puts: 3, listed: [false] })
  })
})
