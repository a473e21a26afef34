import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { draftFile } from '../../../main/collect/kinds/file.ts'
import type { CollectTools } from '../../../main/collect/tools.ts'
import type { Failure } from '../../../main/platform/failure.ts'
import { limits } from '../../../main/platform/limits.ts'
import { failureOf } from '../../support/failure-of.ts'
import { sampleImage, sha256, types } from '../../support/images.ts'
import { answer, TestRegistry } from '../../support/registry.ts'
import { openWorkbench, type Options, type Workbench } from './workbench.ts'

/* What is asked for and cannot be had as it is: said by its own code, and nothing of it is kept. */

let bench: Workbench
let registry: TestRegistry
beforeEach(async () => {
  bench = await openWorkbench()
  registry = await new TestRegistry().open()
})
afterEach(async () => {
  await registry.close()
  await bench.close()
})

async function refused(items: string, options: Options = {}): Promise<Failure> {
  const kept = (): Promise<string[]> => readdir(join(bench.store, 'blobs', 'sha256'))
  const before = await kept()
  const error = await failureOf(bench.collect(items, options))
  const after = await kept()
  expect(after.filter((name) => name.endsWith('.part'))).toEqual([])
  expect(before.filter((name) => !after.includes(name))).toEqual([])
  return error
}

describe('an archive', () => {
  it('that somebody changed between being looked into and being taken is not carried', async () => {
    const path = join(bench.folder, 'a.tar')
    await writeFile(path, 'what was looked into')
    const look: CollectTools['foreign']['look'] = async () => {
      await writeFile(path, 'what lay there later')
      return {
        name: 'a.tar',
        format: 'file',
        container: 'file',
        size: 20,
        parts: [],
        digest: sha256('what was looked into') as `sha256:${string}`,
        outcome: 'passed',
        counts: { pass: 1, fail: 0, warn: 0, notChecked: 0, overridden: 0 },
        items: [],
        files: [],
        filesLeftOut: 0,
        named: [],
        checks: [],
        notAsked: [],
      }
    }
    const { code, facts } = await failureOf(bench.collect('  - archive: ./a.tar', { look }))
    expect([code, facts]).toMatchObject([
      'archive-refused',
      {
        reason: 'changing',
        expected: sha256('what was looked into'),
        found: sha256('what lay there later'),
      },
    ])
  })
})

describe('a file', () => {
  it('whose name could not be written everywhere, by whatever way it is asked for', async () => {
    for (const name of [
      'two words.txt ',
      'nai\u0308ve.txt',
      'a:b',
      '.hidden',
      'nul.txt',
      'ends.',
      'a*',
      'a\u200bb',
    ]) {
      await writeFile(join(bench.folder, name), 'content')
      expect((await refused(`  - file: "./${name}"`)).code).toBe('request-form')
      const asked = {
        kind: 'file',
        archive: null,
        reference: `./${name}`,
        evidence: 64,
        at: { line: 1, column: 1 },
      } as const
      // Nothing is asked of the tools: the name is looked at before.
      const drafted = draftFile(asked, bench.folder, {} as CollectTools)
      await expect(drafted).rejects.toMatchObject({ code: 'file-title', facts: { found: name } })
    }
  })
})

describe('a folder that is no usable layout', () => {
  const folder = (): string => join(bench.folder, 'app')
  const whole = async (): Promise<ReturnType<typeof sampleImage>> => {
    const sample = sampleImage()
    await rm(folder(), { recursive: true, force: true })
    await sample.content.writeLayout(folder(), [{ named: sample.root, tag: '1' }])
    return sample
  }
  const asked = '  - image: oci:./app:1'

  it('because what makes it one is missing, is of another version, or is no index', async () => {
    for (const [name, text, expected] of [
      ['oci-layout', null, 'a file oci-layout'],
      ['oci-layout', '{}', 'imageLayoutVersion 1.0.0'],
      ['oci-layout', '{"imageLayoutVersion":"2.0.0"}', 'imageLayoutVersion 1.0.0'],
      ['oci-layout', 'x', 'JSON'],
      ['index.json', null, 'a file index.json'],
      ['index.json', 'x', 'JSON'],
      ['index.json', '{"schemaVersion":1}', /./],
    ] as const) {
      await whole()
      if (text === null) await rm(join(folder(), name))
      else await writeFile(join(folder(), name), text)
      const { code, facts } = await refused(asked)
      expect({ name, text, code }).toEqual({ name, text, code: 'layout-damaged' })
      expect(facts.expected).toEqual(
        typeof expected === 'string' ? expected : expect.stringMatching(expected),
      )
    }
  })

  it('because a manifest is not what its name says', async () => {
    const { root } = await whole()
    await writeFile(join(folder(), 'blobs', 'sha256', root.digest.slice(7)), '{"schemaVersion":2}')
    const { code, facts } = await refused(asked)
    expect({ code, expected: facts.expected, found: facts.found }).toEqual({
      code: 'layout-damaged',
      expected: root.digest,
      found: sha256('{"schemaVersion":2}'),
    })
  })

  it('because one tag names two images', async () => {
    const sample = sampleImage()
    await rm(folder(), { recursive: true, force: true })
    await sample.content.writeLayout(folder(), [
      { named: sample.amd64, tag: '1' },
      { named: sample.arm64, tag: '1' },
    ])
    const { code, facts } = await refused(asked)
    const { amd64, arm64 } = sample
    expect({ code, found: facts.found }).toEqual({
      code: 'layout-several',
      found: `1 (${amd64.digest}), 1 (${arm64.digest})`,
    })
  })
})

describe('a registry', () => {
  const image = (): string => `  - image: ${registry.host}/team/app:1\n    allow: [plain-http]`

  it('that lists referrers without an end: a finding, and what else speaks for it is kept', async () => {
    const { content, root } = sampleImage()
    registry.add('team/app', content, { '1': root })
    let pages = 0
    registry.switches.push((_request, response, path) => {
      if (!path.includes('/referrers/')) return false
      pages += 1
      const link = `</v2/team/app/referrers/${root.digest}?page=${pages}>; rel="next"`
      const body = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: types.index, manifests: [] }))
      answer(response, 200, { 'content-type': types.index, link }, body)
      return true
    })
    const { items } = await bench.collect(image())
    const findings = items.flatMap((item) => item.findings)
    expect(findings.map(({ code }) => code)).toContain('too-many')
    expect(pages).toBeLessThanOrEqual(limits.referrerPages * items.length * 8)
  })
})

describe('a folder', () => {
  it('is no file', async () => {
    await mkdir(join(bench.folder, 'folder'))
    expect((await refused('  - file: ./folder')).code).toBe('file-unreadable')
  })
})
