import { ESLint } from 'eslint'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

/*
 * The rows of the lockdown of the desktop app. Each is named in the tests that hold it, as “row 7: …”; SECURITY.md says
 * where they are.
 */
const rows: Readonly<Record<number, string>> = {
  1: 'only local content',
  2: 'no Node in pages',
  3: 'context isolation',
  4: 'sandbox',
  5: 'permissions',
  6: 'web security',
  7: 'content security policy',
  8: 'no webview',
  9: 'navigation',
  10: 'new windows',
  11: 'no openExternal',
  12: 'pinned Electron',
  13: 'sender of calls',
  14: 'scheme of our own',
  15: 'file: closed',
  16: 'fuses',
  17: 'two functions',
  18: 'only the archive',
  19: 'secrets',
  20: 'single instance',
  21: 'no network',
  22: 'process',
  23: 'limits on what comes from outside',
  24: 'supply chain',
}

function testFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
}
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest

describe('the lockdown', () => {
  it('has a test for each of its rows, and SECURITY.md lists each', () => {
    const named = new Set(
      testFiles('test').flatMap((file) =>
        [...readFileSync(file, 'utf8').matchAll(/['`]rows? ([\d, and]+): /g)].flatMap(([, numbers = '']) =>
          numbers
            .split(/\D+/)
            .filter((one) => one !== '')
            .map(Number),
        ),
      ),
    )
    const listed = [...readFileSync('SECURITY.md', 'utf8').matchAll(/^\| (\d+) +\|/gm)].map(([, one]) =>
      Number(one),
    )
    expect(
      Object.keys(rows)
        .map(Number)
        .filter((row) => !named.has(row)),
    ).toEqual([])
    expect(listed).toEqual(Object.keys(rows).map(Number))
  })

  it('row 11: openExternal is refused by the lint rules', async () => {
    const lint = new ESLint()
    const settings: unknown = await lint.calculateConfigForFile('main/shell/window.ts')
    expect(JSON.stringify(settings)).toContain('openExternal')
    const uses = readdirSync('main', { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .filter((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8').includes('openExternal('))
    expect(uses).toEqual([])
  })

  it('row 12: Electron is pinned to one version', () => {
    expect(manifest.devDependencies['electron']).toMatch(/^\d+\.\d+\.\d+$/)
  })

  it('row 18: a release validates its archive and loads nothing beside it', () => {
    const release = readFileSync('electron-builder.yml', 'utf8')
    for (const setting of [
      'enableEmbeddedAsarIntegrityValidation: true',
      'onlyLoadAppFromAsar: true',
      'asar: true',
    ])
      expect(release).toMatch(new RegExp(`^ *${setting}$`, 'm'))
  })

  it('row 24: every package is pinned, locked with its digest, and runs no script when it is installed', () => {
    for (const version of Object.values({ ...manifest.dependencies, ...manifest.devDependencies }))
      expect(version).toMatch(/^\d+\.\d+\.\d+$/)
    const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
      packages: Record<string, { integrity?: string; link?: boolean }>
    }
    const loose = Object.entries(lock.packages)
      .filter(([path, one]) => path !== '' && one.integrity === undefined)
      .map(([path]) => path)
    expect(loose).toEqual([])
    expect(readFileSync('.npmrc', 'utf8')).toMatch(/^ignore-scripts ?= ?true$/m)
  })
})
