import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { line } from './measure.ts'

const root = join(import.meta.dirname, '..', '..')

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx|css|html)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
}

/** Files and lines of each folder, and how long the files are. */
export function houseBench(): void {
  const folders = [
    ...readdirSync(join(root, 'main'), { withFileTypes: true })
      .filter((e) => e.isDirectory())
      .map((e) => `main/${e.name}`),
    'shared',
    'renderer',
    'build',
    'test',
  ]
  const all: number[] = []
  for (const folder of folders) {
    const lengths = filesBelow(folder).map((path) => readFileSync(path, 'utf8').split('\n').length - 1)
    if (folder !== 'test') all.push(...lengths)
    line(folder, `${lengths.length} files, ${lengths.reduce((sum, one) => sum + one, 0)} lines`)
  }
  all.sort((a, b) => a - b)
  const at = (share: number): number => all[Math.min(all.length - 1, Math.floor(all.length * share))] ?? 0
  line('length of a file', `median ${at(0.5)}, nine in ten below ${at(0.9)}, longest ${all.at(-1) ?? 0}`)
}
