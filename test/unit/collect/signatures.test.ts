import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readRequest } from '../../../main/request/parse.ts'
import { Content, pattern, types, type Named } from '../../support/images.ts'
import { answer, TestRegistry } from '../../support/registry.ts'
import { openWorkbench, requestWith, type Workbench } from './workbench.ts'

/* Signatures that lie in a repository of their own, as cosign puts them with COSIGN_REPOSITORY. */

let bench: Workbench
let registry: TestRegistry
let other: TestRegistry
beforeEach(async () => {
  bench = await openWorkbench()
  registry = await new TestRegistry().open()
  other = await new TestRegistry().open()
})
afterEach(async () => {
  await Promise.all([registry.close(), other.close()])
  await bench.close()
})

const hex = ({ digest }: Named): string => digest.slice('sha256:'.length)

function putImage(): { readonly content: Content; readonly root: Named } {
  const content = new Content()
  const root = content.image({ os: 'linux', architecture: 'amd64' }, [pattern('layer', 5000)])
  registry.add('team/app', content, { '1': root })
  return { content, root }
}
/** The signature alone, without the image that it is about. */
function putOld(at: TestRegistry, root: Named): Named {
  const content = new Content()
  const signature = content.cosignSignature(root)
  at.add('sec/signatures', content, { [`sha256-${hex(root)}.sig`]: signature })
  return signature
}
function putNew(at: TestRegistry, subject: Named, tag: boolean): Named {
  const content = new Content()
  const signature = content.referrer(subject, 'application/vnd.dev.sigstore.bundle.v0.3+json', '{"a":1}')
  const { mediaType, digest, size } = signature
  const list = content.index([{ mediaType, digest, size }])
  at.add('sec/signatures', content, tag ? { [`sha256-${hex(subject)}`]: list } : {})
  return signature
}
const collect = (at: TestRegistry | null) =>
  bench.collect(
    `  - image: ${registry.host}/team/app:1\n    allow: [plain-http]\n${at === null ? '' : `    signatures: ${at.host}/sec/signatures\n`}`,
  )
const evidenceOf = ({ items }: Awaited<ReturnType<typeof collect>>): string[] =>
  (items[0]?.evidence ?? []).map(({ digest }) => digest).sort()

describe('signatures in a repository of their own', () => {
  it.each(['the same registry', 'another registry'])(
    'are carried as evidence of the item: %s',
    async (where) => {
      const at = where === 'the same registry' ? registry : other
      const { root } = putImage()
      const found = [putOld(at, root), putNew(at, root, false)].map(({ digest }) => digest).sort()
      const collected = await collect(at)
      expect(evidenceOf(collected)).toEqual(found)
      expect(collected.items[0]?.findings).toEqual([])
      // With all that they name: each blob is there.
      for (const { digest, size } of collected.blobs) expect(await bench.blobs.size(digest)).toBe(size)
      const layers = at.heard.filter(({ path }) => path.startsWith('/v2/sec/signatures/blobs/'))
      expect(layers.length).toBeGreaterThan(0)
    },
  )

  it('are found by the tag where the registry keeps no list, and once where both have them', async () => {
    other.referrersApi = false
    const { content, root } = putImage()
    const signature = putNew(other, root, true)
    const again = content.referrer(root, 'application/vnd.dev.sigstore.bundle.v0.3+json', '{"a":1}')
    expect(again.digest).toBe(signature.digest)
    registry.add('team/app', content)
    expect(evidenceOf(await collect(other))).toEqual([signature.digest])
  })

  it('are found about each platform, and what speaks for a signature too', async () => {
    const content = new Content()
    const child = content.image({ os: 'linux', architecture: 'amd64' }, [pattern('layer', 5000)])
    registry.add('team/app', content, { '1': content.index([child]) })
    const first = putNew(other, child, false)
    const second = putNew(other, first, false)
    expect(evidenceOf(await collect(other))).toEqual([first.digest, second.digest].sort())
  })

  it('that nobody asked for are not looked at, and no content is taken from there', async () => {
    const { root } = putImage()
    putOld(other, root)
    expect(evidenceOf(await collect(null))).toEqual([])
    expect(other.heard).toEqual([])
    await collect(other)
    expect(other.heard.filter(({ path }) => path.includes(`/manifests/${root.digest}`))).toEqual([])
  })

  it('about another image, or that cannot be had, are findings', async () => {
    const { root } = putImage()
    const wrong = new Content()
    const stranger = wrong.referrer({ ...root, size: root.size + 1 }, types.manifest, '{}')
    other.add('sec/signatures', wrong, { [`sha256-${hex(root)}`]: wrong.index([stranger]) })
    expect((await collect(other)).items[0]?.findings.map(({ code }) => code)).toEqual(['evidence-subject'])
    other.switches.push((_, response) => {
      answer(response, 403)
      return true
    })
    const refused = (await collect(other)).items[0]
    expect(refused?.evidence).toEqual([])
    expect(new Set(refused?.findings.map(({ code }) => code))).toEqual(new Set(['registry-auth']))
  })
})

describe('the field “signatures” of a request', () => {
  const problem = (lines: string): unknown => {
    const [found] = readRequest(requestWith(lines)).problems
    return found === undefined ? null : [found.path, found.failure.facts['expected']]
  }

  it('is a repository, without tag and digest, beside an image or artifact', () => {
    for (const good of ['r.example/sec/signatures', '[::1]:5000/signatures', 'signatures'])
      expect(problem(`  - image: r.example/a:1\n    signatures: "${good}"`)).toBe(null)
    expect(problem('  - artifact: oci:./lay:1\n    signatures: r.example/sec')).toBe(null)
    for (const bad of ['r.example/sec:1', `r.example/sec@sha256:${'a'.repeat(64)}`, 'oci:./lay'])
      expect(problem(`  - image: r.example/a:1\n    signatures: "${bad}"`)).toEqual([
        'items.0.signatures',
        'a repository, without tag and digest',
      ])
    expect(problem('  - image: r.example/a:1\n    signatures: r.example/Sec')).toEqual([
      'items.0.signatures',
      'a repository name in lower case',
    ])
    expect(problem('  - file: ./a.txt\n    signatures: r.example/sec')).toEqual([
      'items.0.signatures',
      expect.stringContaining('no such field beside file'),
    ])
  })
})
