import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const assets = join('out', 'renderer', 'assets')

describe.skipIf(!existsSync(assets))('the page as it is built (needs npm run build)', () => {
  const names = existsSync(assets) ? readdirSync(assets) : []
  const code = names
    .filter((name) => name.endsWith('.js'))
    .map((name) => readFileSync(join(assets, name), 'utf8'))
    .join('\n')

  it('is there', () => expect(code.length).toBeGreaterThan(1000))

  it('holds no schema library and nothing of main', () => {
    for (const word of ['ZodError', 'safeParse', 'strictObject', "'node:", '"node:', '`node:', 'require('])
      expect({ word, found: code.includes(word) }).toEqual({ word, found: false })
  })

  it('loads nothing from elsewhere and has no inline script or style', () => {
    const html = readFileSync(join('out', 'renderer', 'index.html'), 'utf8')
    expect(html).not.toMatch(/https?:|<style|style=|<script(?![^>]*\bsrc=)/)
  })
})
