import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { relocated, relocationsOf } from '../../../../main/landing/kit/relocations.ts'
import { isPlace, sourceOf, targetPlace } from '../../../../main/landing/kit/places.ts'
import { image, kitFacts } from '../../../support/landing/facts.ts'

const to = (path: string): { repository: string } => ({ repository: `registry.site.example/mirror/${path}` })

describe('where names went', () => {
  it('is one beginning where every path stayed', () => {
    const { prefixes } = relocationsOf([image('library/a'), image('team/b'), image('team/deep/c')])
    expect(prefixes).toEqual([{ from: 'docker.io', to: 'registry.site.example/mirror' }])
  })

  it('is a line of its own for what went another way', () => {
    const items = [image('team/a'), image('team/b'), image('team/c', to('moved/other'))]
    expect(relocationsOf(items).prefixes).toEqual([
      { from: 'docker.io', to: 'registry.site.example/mirror' },
      { from: 'docker.io/team/c', to: 'registry.site.example/mirror/moved/other' },
    ])
  })

  it('leads nothing astray that lies below a line of its own', () => {
    const items = [image('a'), image('b'), image('c', to('x')), image('c/d')]
    const { prefixes } = relocationsOf(items)
    const map = new Map(prefixes.map((one) => [one.from, one.to]))
    for (const item of items) expect(relocated(item.name, map)).toBe(item.repository)
  })

  it('leads every name where it went, whatever the map', () => {
    const path = fc
      .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 })
      .map((steps) => steps.join('/'))
    const some = fc.uniqueArray(fc.record({ path, to: path }), { selector: (one) => one.path, maxLength: 12 })
    fc.assert(
      fc.property(some, (all) => {
        const items = all.map((one) => image(one.path, to(one.to)))
        const { prefixes, repositories } = relocationsOf(items)
        const map = new Map(prefixes.map((one) => [one.from, one.to]))
        expect(repositories).toHaveLength(items.length)
        for (const { from, to: there } of repositories) expect(relocated(from, map) ?? from).toBe(there)
      }),
    )
  })

  it('says which names went to two places', () => {
    expect(relocationsOf([image('a'), image('a', to('b'))]).twice).toEqual(['docker.io/a'])
  })

  it('takes nothing for a registry that is none', () => {
    const from = [
      { from: 'oci:./docker.io/app:v1', name: 'docker.io/app' },
      { from: 'docker.io/app.tgz', name: 'app.tgz', kind: 'chart' as const },
      {
        from: 'https://charts.example/stable/app:1',
        name: 'charts.example/stable/app',
        kind: 'chart' as const,
      },
      { from: 'docker.io/setup.bin', name: 'docker.io/setup.bin', kind: 'file' as const },
    ]
    for (const one of from) expect([one.from, sourceOf(image('x', one))]).toEqual([one.from, null])
    expect(sourceOf(image('x', { from: 'oci:folder:quay.io/app:v1', name: 'quay.io/app' }))).toBe(
      'quay.io/app',
    )
  })
})

describe('places', () => {
  it.each(['r.example/a', 'localhost:5000/a/b-c/d_e', '[::1]:5000/a', '10.0.0.1/a'])('%s is one', (text) =>
    expect(isPlace(text)).toBe(true),
  )

  it.each([
    'r.example',
    'r.example/',
    'r.example/A',
    'R.example/a',
    'r.example/a\n',
    'r.example/a b',
    'r.example/a"',
    'r.example/a*',
    'r.example/a:tag',
    'r.example/../a',
    'r.example//a',
    '/a',
    '127.1/a',
    `r.example/${'a'.repeat(400)}`,
  ])('%j is none', (text) => expect(isPlace(text)).toBe(false))

  it('a target that is none is refused', () => {
    for (const target of [
      { host: 'r.example"', prefix: '', plainHttp: false },
      { host: 'r.example', prefix: 'a/*', plainHttp: false },
      { host: 'r.example/x', prefix: '', plainHttp: false },
    ]) {
      expect(() => targetPlace(kitFacts({ target }))).toThrow(
        expect.objectContaining({ code: 'reference-form' }) as Error,
      )
    }
  })
})
