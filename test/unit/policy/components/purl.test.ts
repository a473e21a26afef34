import { describe, expect, it } from 'vitest'
import { isKnownType, isSamePackage, readPurl } from '../../../../main/policy/components/purl.ts'

/* Package URLs as they stand in bills of materials, also badly written ones. */

const same = (a: string, b: string): boolean | null => {
  const [left, right] = [readPurl(a), readPurl(b)]
  return left === null || right === null ? null : isSamePackage(left, right)
}

describe('a package URL', () => {
  it.each([
    ['pkg:npm/lodash@4.17.20', { type: 'npm', path: 'lodash', version: '4.17.20' }],
    ['pkg:npm/%40angular/core@1.0.0?a=b#c', { type: 'npm', path: '@angular/core', version: '1.0.0' }],
    ['pkg:npm/@angular/core', { type: 'npm', path: '@angular/core', version: null }],
    ['pkg:npm/@angular/core@2', { type: 'npm', path: '@angular/core', version: '2' }],
    ['PKG:NPM//a///b@1', { type: 'npm', path: 'a/b', version: '1' }],
    ['pkg:deb/debian/curl@7.50.3-1?arch=i386', { type: 'deb', path: 'debian/curl', version: '7.50.3-1' }],
    [
      'pkg:golang/github.com/A/B@v1.0.0%2Bincompatible',
      { type: 'golang', path: 'github.com/a/b', version: 'v1.0.0+incompatible' },
    ],
    ['pkg:pypi/Django_Rest.Framework@1', { type: 'pypi', path: 'django-rest-framework', version: '1' }],
    ['pkg:new/a@', { type: 'new', path: 'a', version: null }],
  ])('%s is taken apart', (text, parts) => {
    expect(readPurl(text)).toEqual(parts)
  })

  it.each([
    '',
    'lodash',
    'npm/lodash',
    'pkg:',
    'pkg:npm',
    'pkg:npm/',
    'pkg:npm/%zz',
    'pkg:1/a',
    `pkg:npm/${'a'.repeat(9000)}`,
  ])('%s is none', (text) => expect(readPurl(text)).toBeNull())

  it('is the same package in every spelling, of one type', () => {
    expect(same('pkg:npm/Lodash@1', 'pkg:npm/lodash@2')).toBe(true)
    expect(same('pkg:pypi/a_b', 'pkg:pypi/A.b@1')).toBe(true)
    expect(same('pkg:npm/lodash', 'pkg:cargo/lodash')).toBe(false)
    expect(same('pkg:npm/lodash', 'pkg:npm/lodash2')).toBe(false)
    expect(same('pkg:npm/a/lodash', 'pkg:npm/lodash')).toBe(false)
  })

  it('of a type that is not known is told apart from one that is', () => {
    expect([isKnownType('npm'), isKnownType('swift'), isKnownType('constructor')]).toEqual([
      true,
      false,
      false,
    ])
  })
})
