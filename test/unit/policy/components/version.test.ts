import { describe, expect, it } from 'vitest'
import {
  bySemVer,
  compareVersions,
  isComparable,
  isEmptyRange,
  isInRange,
  isRangeOf,
  isSemVer,
  readRange,
} from '../../../../main/policy/components/version.ts'

/* Versions, each by the order of its own world; what cannot be compared is never taken for higher or lower. */

// Each list rises.
const rising: Readonly<Record<string, readonly string[]>> = {
  npm: [
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-alpha.beta',
    '1.0.0-beta',
    '1.0.0-beta.2',
    '1.0.0-beta.11',
    '1.0.0-rc.1',
    '1.0.0',
    '1.2.0',
    '1.10.0',
    '10.0.0',
    '99999999999999999999.0.0',
  ],
  golang: ['v0.0.0-20190101000000-abcdefabcdef', 'v0.1.0', 'v1.0.0', 'v1.0.1', 'v2.0.0+incompatible'],
  cargo: ['0.9.9', '1.0.0-pre', '1.0.0'],
  pypi: ['0.9', '1.0a1', '1.0b1', '1.0rc1', '1.0', '1.0.1', '1.9', '1.10', '1!0.1'],
  deb: [
    '1.0~beta1',
    '1.0~rc1',
    '1.0',
    '1.0-1',
    '1.0-1+b1',
    '1.0-2',
    '1.0a',
    '1.0+dfsg',
    '1.1',
    '1.10',
    '2:0.1',
  ],
}

describe('versions', () => {
  it.each(Object.entries(rising))('of %s rise as their own world says', (type, list) => {
    list.forEach((left, i) => {
      list.forEach((right, j) => {
        expect([left, right, compareVersions(type, left, right)]).toEqual([left, right, Math.sign(i - j)])
      })
    })
  })

  it('that are equal in other words are equal', () => {
    expect(compareVersions('npm', 'v1.0.0', '1.0.0+build.5')).toBe(0)
    expect(compareVersions('pypi', '1.0', '1.0.0')).toBe(0)
    expect(compareVersions('pypi', '1.0alpha1', '1.0a1')).toBe(0)
    expect(compareVersions('deb', '0:1.0', '1.0')).toBe(0)
    expect(compareVersions('deb', '1.00', '1.0')).toBe(0)
  })

  it.each([
    ['npm', '1.0'],
    ['npm', '01.0.0'],
    ['npm', 'latest'],
    ['npm', '1.0.0-01'],
    ['npm', '1.0.0-'],
    ['npm', '1.0.0-a..b'],
    ['npm', ''],
    ['pypi', '1.0.post1'],
    ['pypi', '1.0.dev1'],
    ['pypi', '1.0+local'],
    ['pypi', `1.${'0'.repeat(300)}`],
    ['deb', 'abc'],
    ['deb', '1.0_1'],
    ['maven', '1.0.0'],
    ['rpm', '1.0.0'],
    ['toString', '1.0.0'],
  ])('of %s that are %s are not compared', (type, version) => {
    expect(compareVersions(type, version, '1.0.0')).toBeNull()
    expect(compareVersions(type, '1.0.0', version)).toBeNull()
  })

  it('are SemVer or not', () => {
    expect(['1.2.3', 'v1.2.3', '1.2', '1.2.3.4', '1.2.3-x'].map(isSemVer)).toEqual([
      true,
      true,
      false,
      false,
      true,
    ])
    expect(bySemVer('1.0.0', 'x')).toBeNull()
    expect([isComparable('npm'), isComparable('rpm'), isComparable('constructor')]).toEqual([
      true,
      false,
      false,
    ])
  })
})

describe('a range', () => {
  it('is bounds side by side, or groups of them', () => {
    expect(readRange('>=1.0.0 <2.0.0 || =3.0.0')).toEqual([
      [
        { operator: '>=', version: '1.0.0' },
        { operator: '<', version: '2.0.0' },
      ],
      [{ operator: '=', version: '3.0.0' }],
    ])
    for (const none of ['', ' ', '>=', '1 ||', '>= 1.0.0', '~~1', '>1 <', '=='])
      expect([none, readRange(none) === null || !isRangeOf('npm', none)]).toEqual([none, true])
  })

  it.each([
    ['<4.17.21', '4.17.20', true],
    ['<4.17.21', '4.17.21', false],
    ['<=4.17.21', '4.17.21', true],
    ['>=1.0.0 <2.0.0', '1.5.0', true],
    ['>=1.0.0 <2.0.0', '2.0.0', false],
    ['>=1.0.0 <2.0.0 || =3.0.0', '3.0.0', true],
    ['1.0.0', '1.0.0', true],
    ['>1.0.0', '1.0.0', false],
    ['<2.0.0', 'unknown', null],
    ['<2.0.0 || =x', '3.0.0', null],
    ['<2.0.0 || =x', '1.0.0', true],
    ['>=9.0.0 <x', '1.0.0', false],
    ['', '1.0.0', null],
  ] as const)('%s holds %s: %s', (range, version, answer) => {
    expect(isInRange('npm', version, range)).toBe(answer)
  })

  it('that no version can lie in is empty; what cannot be compared is not called so', () => {
    const empty = (text: string): boolean => isEmptyRange('npm', text)
    expect(
      ['>2.0.0 <1.0.0', '>1.0.0 <1.0.0', '>=1.0.0 <1.0.0', '>1.0.0 <=1.0.0', '=2.0.0 <1.0.0'].map(empty),
    ).toEqual([true, true, true, true, true])
    expect(['>=1.0.0 <=1.0.0', '>=1.0.0 <2.0.0', '=1.0.0', '>x <y', 'x'].map(empty)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ])
    expect(isEmptyRange('rpm', '>2 <1')).toBe(false)
  })
})
