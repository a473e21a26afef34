import { readdirSync } from 'node:fs'
import { extname, join } from 'node:path'
import { origin, startPage } from './lockdown.ts'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

export interface Asset {
  /** Relative to the folder of the pages, with `/`. */
  readonly path: string
  readonly type: string
}

/**
 * The file behind an address of ours, or `null`. Only what was there at the start can be asked for, by its exact
 * name: no spelling of an address ever becomes a path of its own.
 */
export function assetFor(url: string, known: ReadonlySet<string>): Asset | null {
  const asked = url === `${origin}/` ? startPage : url
  if (!asked.startsWith(`${origin}/`)) return null
  const path = asked.slice(origin.length + 1)
  const type = types[extname(path)]
  return known.has(path) && type !== undefined ? { path, type } : null
}

/** The files below `folder`, relative, with `/`. Links are left out. */
export function listAssets(folder: string): ReadonlySet<string> {
  const found = new Set<string>()
  const walk = (below: string): void => {
    for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`
      if (entry.isDirectory()) walk(path)
      else if (entry.isFile()) found.add(path)
    }
  }
  walk('')
  return found
}
