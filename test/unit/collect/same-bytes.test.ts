import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openWorkbench, type Workbench } from './workbench.ts'

describe('files of the same bytes', () => {
  let bench: Workbench
  beforeEach(async () => {
    bench = await openWorkbench()
  })
  afterEach(() => bench.close())

  it('are each taken, side by side, and leave one blob and nothing unfinished', async () => {
    const names = Array.from({ length: 40 }, (_, i) => `f${i}.txt`)
    for (const name of names) await writeFile(join(bench.folder, name), 'the same')
    const { items, blobs } = await bench.collect(names.map((name) => `  - file: ./${name}`).join('\n'))
    expect(items.map((item) => item.name).sort()).toEqual([...names].sort())
    const same = blobs.filter((blob) => blob.size === 'the same'.length)
    expect(same).toHaveLength(1)
    const left = await readdir(join(bench.store, 'blobs', 'sha256'))
    expect(left.filter((name) => name.endsWith('.part'))).toEqual([])
    expect(left).toContain(same[0]?.digest.slice('sha256:'.length))
  })
})
