import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Component } from '../../../main/evidence/sbom/component.ts'
import { differenceOf, type Difference } from '../../../main/inspect/difference.ts'
import { listedIn } from '../../../main/inspect/packages.ts'
import { limits } from '../../../main/platform/limits.ts'

/* What two lists of components come to, by package and version. */

const hex = (sign: string): string => sign.repeat(64)

function component(purl: string, more: Partial<Component> = {}): Component {
  return { name: 'x', version: null, purls: [purl], licences: [], hashes: [], supplier: null, ...more }
}
const difference = (before: readonly Component[], now: readonly Component[]): Difference =>
  differenceOf(listedIn([{ components: before }]), listedIn([{ components: now }]))

const lines = (before: readonly Component[], now: readonly Component[]): string[] =>
  difference(before, now).changes.map(
    ({ kind, purl, before: was, now: is }) => `${kind} ${purl} [${was.join()}] [${is.join()}]`,
  )
const of = (...purls: string[]): Component[] => purls.map((purl) => component(purl))

describe('packages', () => {
  it.each([
    ['added', [], ['pkg:npm/a@1'], ['added pkg:npm/a [] [1]']],
    ['removed', ['pkg:npm/a@1'], [], ['removed pkg:npm/a [1] []']],
    ['changed', ['pkg:npm/a@1'], ['pkg:npm/a@2'], ['changed pkg:npm/a [1] [2]']],
    [
      'of several versions',
      ['pkg:npm/a@1', 'pkg:npm/a@2'],
      ['pkg:npm/a@2', 'pkg:npm/a@3'],
      ['changed pkg:npm/a [1,2] [2,3]'],
    ],
    ['the same in another order', ['pkg:npm/a@1', 'pkg:npm/b@2'], ['pkg:npm/b@2', 'pkg:npm/a@1'], []],
    ['spelled with more slashes', ['pkg:npm/a/b@1'], ['pkg://npm//a///b@1'], []],
    ['in a namespace', ['pkg:npm/%40s/a@1'], ['pkg:npm/@s/a@2'], ['changed pkg:npm/@s/a [1] [2]']],
    [
      'told apart by case',
      ['pkg:golang/a/B@1'],
      ['pkg:golang/a/b@1'],
      ['added pkg:golang/a/b [] [1]', 'removed pkg:golang/a/B [1] []'],
    ],
    [
      'told apart by what is inside',
      ['pkg:golang/a@1'],
      ['pkg:golang/a@1', 'pkg:golang/a@1#sub'],
      ['added pkg:golang/a#sub [] [1]'],
    ],
    [
      'for another machine',
      ['pkg:deb/debian/a@1?arch=amd64'],
      ['pkg:deb/debian/a@1?arch=arm64&distro=x'],
      [],
    ],
    [
      'from elsewhere',
      ['pkg:npm/a@1'],
      ['pkg:npm/a@1?repository_url=evil.example'],
      ['changed pkg:npm/a [1] [1?repository_url=evil.example]'],
    ],
    [
      'of a later epoch',
      ['pkg:rpm/a@1?epoch=1'],
      ['pkg:rpm/a@1?epoch=2'],
      ['changed pkg:rpm/a [1?epoch=1] [1?epoch=2]'],
    ],
  ])('%s', (_name, before, now, said) => expect(lines(of(...before), of(...now))).toEqual(said))

  it('without a version can be any version: nobody can say, and it is not the same', () => {
    expect(lines(of('pkg:npm/a@1'), of('pkg:npm/a'))).toEqual(['unsaid pkg:npm/a [1] []'])
    expect(lines(of('pkg:npm/a'), of('pkg:npm/a'))).toEqual(['unsaid pkg:npm/a [] []'])
    expect(lines([], of('pkg:npm/a'))).toEqual(['added pkg:npm/a [] []'])
  })

  it('take the version beside the package URL where that says none', () => {
    const beside = (version: string): Component[] => [component('pkg:npm/a', { version })]
    expect(lines(beside('1'), of('pkg:npm/a@1'))).toEqual([])
    expect(lines(beside('1'), beside('2'))).toEqual(['changed pkg:npm/a [1] [2]'])
    expect(lines(beside(''), beside(''))).toEqual(['unsaid pkg:npm/a [] []'])
  })

  it('have both versions where the one beside the package URL is another', () => {
    const beside = (version: string): Component[] => [component('pkg:npm/a@1', { version })]
    expect(lines(beside('1'), beside('2'))).toEqual(['changed pkg:npm/a [1] [1,2]'])
    expect(lines(beside('2'), beside('2'))).toEqual([])
  })

  it('that name no package URL are counted, and are in no comparison', () => {
    const odd = [
      component('cpe:/a'),
      component('', { purls: [], name: 'b', version: '2' }),
      component('pkg:npm/'),
    ]
    const listed = listedIn([{ components: odd }])
    expect({ size: listed.packages.size, without: listed.withoutPurl }).toEqual({
      size: 0,
      without: ['x', 'b 2', 'x'],
    })
  })
})

describe('what else is said of them', () => {
  it('the same version with other bytes comes first', () => {
    const one = (sign: string): Component => component('pkg:npm/a@1', { hashes: [hex(sign)] })
    expect(lines([one('a')], [one('b'), component('pkg:npm/c@1')])).toEqual([
      `bytes pkg:npm/a@1 [${hex('a')}] [${hex('b')}]`,
      'added pkg:npm/c [] [1]',
    ])
    expect(lines([one('a')], of('pkg:npm/a@1'))).toEqual([])
  })

  it('licences, also such that are no longer said', () => {
    const one = (...licences: string[]): Component => component('pkg:npm/a@1', { licences })
    expect(lines([one('MIT')], [one('GPL-3.0-only')])).toEqual(['licences pkg:npm/a [MIT] [GPL-3.0-only]'])
    expect(lines([one('MIT')], [one()])).toEqual(['licences pkg:npm/a [MIT] []'])
  })

  it('cleaned of what cannot be seen', () => {
    expect(lines([], of('pkg:npm/a%E2%80%AE@1%0A')).join()).not.toMatch(/[\u202e\n]/)
  })
})

describe('however much it is', () => {
  it('is counted whole and listed up to a limit', () => {
    const many = Array.from({ length: limits.changesListed + 2 }, (_, i) => `pkg:npm/a${i}@1`)
    const { counts, changes, left } = difference([], of(...many))
    expect({ added: counts.added, listed: changes.length, left }).toEqual({
      added: limits.changesListed + 2,
      listed: limits.changesListed,
      left: 2,
    })
    const versions = Array.from({ length: limits.versionsListed + 1 }, (_, i) => `pkg:npm/a@${i}`)
    expect(difference([], of(...versions)).changes[0]?.now).toHaveLength(limits.versionsListed)
  })

  it('finds what was added, removed and changed, and nothing else', () => {
    const packages = fc.uniqueArray(
      fc.record({ name: fc.integer({ min: 0, max: 30 }), version: fc.integer({ min: 0, max: 3 }) }),
      { selector: ({ name }) => name },
    )
    const listOf = (found: readonly { name: number; version: number }[]): Component[] =>
      of(...found.map(({ name, version }) => `pkg:npm/p${name}@${version}`))
    fc.assert(
      fc.property(packages, packages, (before, now) => {
        const was = new Map(before.map(({ name, version }) => [name, version]))
        const { counts } = difference(listOf(before), listOf(now))
        const kept = now.filter(({ name }) => was.has(name))
        expect(counts).toEqual({
          ...{ bytes: 0, licences: 0, unsaid: 0 },
          added: now.length - kept.length,
          removed: before.length - kept.length,
          changed: kept.filter(({ name, version }) => was.get(name) !== version).length,
        })
      }),
    )
  })
})
