import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { assetFor, listAssets } from '../../../main/shell/assets.ts'

const known = new Set(['index.html', 'assets/index-1.js', 'assets/style-1.css', 'notes.txt', 'a..b.js'])

describe('the file behind an address', () => {
  it.each([
    ['app://desk/', 'index.html', 'text/html; charset=utf-8'],
    ['app://desk/index.html', 'index.html', 'text/html; charset=utf-8'],
    ['app://desk/assets/index-1.js', 'assets/index-1.js', 'text/javascript; charset=utf-8'],
    ['app://desk/assets/style-1.css', 'assets/style-1.css', 'text/css; charset=utf-8'],
    ['app://desk/a..b.js', 'a..b.js', 'text/javascript; charset=utf-8'],
  ])('%s is %s', (url, path, type) => expect(assetFor(url, known)).toEqual({ path, type }))

  it.each([
    'app://desk',
    'app://desk/..',
    'app://desk/../index.html',
    'app://desk/assets/../index.html',
    'app://desk/%2e%2e/index.html',
    'app://desk/assets/%2e%2e%2findex.html',
    'app://desk/assets%2findex-1.js',
    'app://desk/index%2ehtml',
    'app://desk/..\\index.html',
    'app://desk/assets\\index-1.js',
    'app://desk/index.html\0.js',
    'app://desk/index.html%00',
    'app://desk//index.html',
    'app://desk///etc/passwd',
    'app://desk//etc/passwd',
    'app://desk/./index.html',
    'app://desk/index.html?x=1',
    'app://desk/index.html#x',
    'app://desk/INDEX.HTML',
    'app://desk/assets/',
    'app://desk/assets',
    'app://desk/missing.js',
    'app://desk/notes.txt',
    'app://desk/C:/index.html',
    'app://desk:80/index.html',
    'app://user@desk/index.html',
    'app://desk.evil.example/index.html',
    'app://print/index.html',
    'https://desk/index.html',
    'file:///index.html',
    'index.html',
    '',
  ])('%s is nothing', (url) => expect(assetFor(url, known)).toBeNull())

  it('is one of the known ones whatever is asked', () => {
    fc.assert(
      fc.property(fc.string(), (rest) => {
        const found = assetFor(`app://desk/${rest}`, known)
        expect(found === null || known.has(found.path)).toBe(true)
      }),
    )
  })
})

describe('the files that are there', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sallyport-assets-'))
    mkdirSync(join(folder, 'pages/assets'), { recursive: true })
    writeFileSync(join(folder, 'secret.html'), 'secret')
    writeFileSync(join(folder, 'pages/index.html'), 'page')
    writeFileSync(join(folder, 'pages/assets/a.js'), '')
    symlinkSync('../secret.html', join(folder, 'pages/link.html'))
    symlinkSync('..', join(folder, 'pages/up'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('are listed without links', () =>
    expect([...listAssets(join(folder, 'pages'))].sort()).toEqual(['assets/a.js', 'index.html']))
})
