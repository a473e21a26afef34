import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { engines, type EngineName } from '../../../../main/landing/kit/engines.ts'
import type { KitFacts, KitFile, KitItem } from '../../../../main/landing/kit/kit-facts.ts'
import { makeKit } from '../../../../main/landing/kit/kit.ts'
import { digestOf } from '../../../../main/platform/hash.ts'
import { worldRoot } from '../../../support/authority/world.ts'
import { digest, image, kitFacts, policyOf, somePem } from '../../../support/landing/facts.ts'

const names = Object.keys(engines) as EngineName[]
const root = { name: 'private', digest: digestOf(worldRoot()), bytes: worldRoot() }
const document = policyOf({
  identities: [
    { name: 'release', key: somePem, fingerprint: 'a'.repeat(64) },
    { name: 'alice', issuer: 'https://issuer.priv.test', identity: 'alice@priv.test' },
  ],
  items: [
    { kind: 'any', name: '**', signedBy: { identities: ['release'] } },
    { kind: 'any', name: 'docker.io/team/*', signedBy: { identities: ['alice'] } },
  ],
})
const bySigners = (landed: readonly KitItem[]): KitFacts =>
  kitFacts({
    landed,
    policy: { digest: digest('c'), document },
    trust: { kind: 'signers', identities: document.identities, roots: [root] },
  })
const textOf = (kit: readonly KitFile[], path: string): string =>
  kit.find((one) => one.path === path)?.bytes.toString('utf8') ?? `no ${path}`

describe('a kit', () => {
  it('has a folder for each engine, with a page for who installs it and one of what it cannot hold', () => {
    const paths = makeKit(kitFacts()).map(({ path }) => path)
    expect(paths).toContain('README.md')
    for (const name of names) {
      expect(paths).toContain(`${name}/README.md`)
      expect(paths).toContain(`${name}/NOT-EXPRESSED.md`)
    }
    expect(new Set(paths).size).toBe(paths.length)
    expect(makeKit(kitFacts(), ['lock']).map(({ path }) => path.split('/')[0])).toEqual([
      'README.md',
      'lock',
      'lock',
      'lock',
      'lock',
    ])
  })

  it('says first who can sign for the whole side', () => {
    const first = (facts: KitFacts, path: string): string => textOf(makeKit(facts), path).split('\n')[2] ?? ''
    const station =
      'The landing key lies in the folder of the high desk: whoever reads that folder or its backup can sign for this whole side.'
    expect(first(kitFacts(), 'README.md')).toBe(station)
    for (const name of names) expect(first(kitFacts(), `${name}/README.md`)).toBe(station)
    expect(first(bySigners([image('a')]), 'kyverno/README.md')).toContain('one of the original signers')
    // Its list is signed by the landing key, whatever else is believed.
    expect(first(bySigners([image('a')]), 'containerd/README.md')).toBe(station)
    expect(textOf(makeKit(bySigners([image('a')])), 'README.md')).toContain(
      `Of containerd’s list: ${station}`,
    )
  })

  it('is the same bytes for the same facts, whatever their order', () => {
    const landed = ['team/a', 'library/b', 'team/c'].map((name, i) =>
      image(name, { digest: digest(`${i + 1}`) }),
    )
    for (const facts of [(all: KitItem[]) => kitFacts({ landed: all }), bySigners]) {
      const all = makeKit(facts(landed)).map(({ path, bytes }) => [path, bytes.toString('utf8')])
      const again = makeKit(facts([...landed].reverse())).map(({ path, bytes }) => [
        path,
        bytes.toString('utf8'),
      ])
      expect(again).toEqual(all)
    }
  })

  it.each(['landing', 'signers'])('holds 10,000 images within the limits of engines (%s)', (trust) => {
    const long = 'n'.repeat(200)
    const landed = Array.from({ length: 10_000 }, (_, i) =>
      image(`${i % 2 === 0 ? 'team' : 'library'}/${long}${i}`),
    )
    const kit = makeKit(trust === 'landing' ? kitFacts({ landed }) : bySigners(landed))
    for (const { path, bytes } of kit) {
      if (!path.endsWith('.yaml') || /^(rke2|crio)\//.test(path)) continue
      expect([path, bytes.length < 1_000_000]).toEqual([path, true])
      const { spec } = parse(bytes.toString('utf8')) as { spec: { scopes?: string[] } }
      expect(spec.scopes?.length ?? 0).toBeLessThanOrEqual(256)
    }
    expect(kit.length).toBeLessThan(300)
    expect(textOf(kit, 'lock/images.lock').split('\n')).toHaveLength(10_001)
  })
})

const hostile = [
  'x"\ninjected: true\n"',
  "x'; rm -rf / #",
  'x\\',
  '$(touch /tmp/x)',
  '`touch x`',
  '"]}],"default":[{"type":"insecureAcceptAnything"}]',
  'a\u2028b\u202ec',
  '{{ injected }}',
  '*',
  '**',
  '!!js/function x',
  '| # <script>x</script> [a](javascript:x)',
]

describe('names from outside', () => {
  const around = (sign: string): KitItem[] => [
    image('good/one'),
    image('a', { name: sign }),
    image('b', { from: sign }),
    image('c', { repository: `registry.site.example/mirror/${sign}` }),
    image('d', { repository: sign }),
    image('e', { tag: sign }),
    image('f', { digest: sign as KitItem['digest'] }),
  ]
  const shapeOf = (kit: readonly KitFile[]): string[] =>
    kit.filter(({ path }) => path.endsWith('.yaml') || path.endsWith('.json')).map(({ path }) => path)

  it.each(hostile)('say nothing in any file: %j', (sign) => {
    const identities = [
      { name: 'release', key: somePem, fingerprint: 'a'.repeat(64) },
      { name: 'alice', issuer: sign, identity: sign },
    ]
    const own = policyOf({ ...document, identities })
    const more = { site: sign, consignment: sign, landed: around(sign) }
    const all = [
      kitFacts(more),
      kitFacts({
        ...more,
        policy: { digest: digest('c'), document: own },
        trust: { kind: 'signers', identities: own.identities, roots: [root] },
      }),
    ]
    for (const facts of all) {
      const kit = makeKit(facts)
      const plain = makeKit({ ...facts, site: 'x', consignment: 'x' })
      expect(shapeOf(kit)).toEqual(shapeOf(plain))
      for (const { path, bytes } of kit) {
        const text = bytes.toString('utf8')
        if (path.endsWith('.yaml')) {
          const documents = parseAllDocuments(text)
          expect([path, documents.length]).toEqual([path, 1])
          expect(Object.keys(parse(text) as object)).not.toContain('injected')
        }
        if (path === 'crio/policy.json') {
          const { default: otherwise } = JSON.parse(text) as { default: unknown }
          expect(otherwise).toEqual([{ type: 'reject' }])
          expect(text).not.toContain('"insecureAcceptAnything"')
        }
        if (path.endsWith('.toml') || path.endsWith('.conf') || path.startsWith('containerd/bin/')) {
          expect([path, text.includes(sign)]).toEqual([
            path,
            sign === '*' && text.includes('"$@"') && text.includes('*'),
          ])
        }
        // What stands between backticks is shown as it is, by every program that shows Markdown.
        if (path.endsWith('.md'))
          expect(text.replace(/`[^`\n]*`/g, '')).not.toMatch(/<script>|\u202e|\u2028|^injected/m)
      }
    }
  })

  it('are named where they are left out', () => {
    const page = textOf(makeKit(kitFacts({ landed: around('x"y') })), 'crio/NOT-EXPRESSED.md')
    expect(page).toContain('Names that are no repository below the target')
    expect(page).toContain('docker.io/c:1')
  })

  it('never lead beyond the folder of their engine', () => {
    const landed = [
      image('a', { name: '../../etc/a', from: '../../etc/a:1' }),
      image('b', { name: 'quay.example/../b', from: 'quay.example/../b:1' }),
    ]
    for (const { path } of makeKit(kitFacts({ landed })))
      expect(path).toMatch(/^(?:[A-Za-z0-9_-][A-Za-z0-9._-]*\/)*[A-Za-z0-9][A-Za-z0-9._-]*$/)
  })
})
