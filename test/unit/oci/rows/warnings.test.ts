import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Ask } from '../../../../main/oci/ask.ts'
import { Registry } from '../../../../main/oci/registry.ts'
import { warningSentence, Warnings, warningsIn } from '../../../../main/oci/warnings.ts'
import { limits } from '../../../../main/platform/limits.ts'
import { openPool, type Pool } from '../../../../main/platform/workers.ts'
import { Content, pattern } from '../../../support/images.ts'
import { TestRegistry } from '../../../support/registry.ts'
import { TableGate } from '../../../support/table-gate.ts'
import { openWorkbench, type Workbench } from '../../collect/workbench.ts'
import { exportable, pushTo } from '../../export/pushing.ts'

/*
 * What a client of registries must do, row by row: warnings of registries (OCI distribution-spec 1.1, “Warnings”). Shown at
 * the command line and on the record: test/flow/export-faults.test.ts.
 */

const blob = 'https://reg.example/v2/team/app/blobs/x'
const question: Ask = {
  method: 'GET',
  repository: 'team/app',
  path: 'team/app/blobs/x',
  subject: 'it',
  expect: [200],
}
const said = (warning: string): string[] => warningsIn({ headers: { warning } })

describe('a warning, row by row', () => {
  it.each([
    ['none', ''],
    ['another code', '199 - "it is stale"'],
    ['no text', '299 - ""'],
    ['white space', '299 - "  "'],
    ['text without quotes', '299 - it ends soon'],
    ['quotes that never end', '299 - "it ends'],
    ['nobody who says it', '299 "it ends"'],
    ['a code inside of something else', '"a 299 - b"'],
  ])('that is %s is none', (_, header) => expect(said(header)).toEqual([]))

  it('is a text, one of several, with quotes and commas in it', () => {
    expect(
      said('299 - "Your token, \\"it\\", ends" "Wed, 21 Oct 2026 07:28:00 GMT", 299 reg "Move"'),
    ).toEqual(['Your token, "it", ends', 'Move'])
    expect(said('110 - "Stale", 299 - "So"')).toEqual(['So'])
  })

  it('has no signs but those of a line, and only so many', () => {
    expect(said('299 - "a\u001b[31m\u0007\tb\u00e9\u202e"')).toEqual(['a?[31m??b??'])
    const [long = ''] = said(`299 - "${'x'.repeat(limits.warningSigns + 1)}"`)
    expect(long).toHaveLength(limits.warningSigns)
    expect(said(`${'9'.repeat(limits.warningHeaderSigns)}, 299 - "late"`)).toEqual([])
  })

  it('is told once, and of one registry so many and that there were more', () => {
    const warnings = new Warnings()
    for (let count = 0; count < 100; count += 1) {
      warnings.add({ host: 'reg.example', text: `text ${count % 20}` })
      warnings.add({ host: 'other.example', text: 'one' })
    }
    const of = (host: string): string[] => warnings.all.flatMap((one) => (one.host === host ? one.text : []))
    expect(of('reg.example')).toHaveLength(limits.warningsTold + 1)
    expect(of('reg.example').at(-1)).toBe('and more than the 8 that are told')
    expect(of('other.example')).toEqual(['one'])
  })

  it('counts as the registry’s only where it answers itself, and never has in it what proves us', async () => {
    const headers = { warning: '299 - "no: secret-word"' }
    const challenge = { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } }
    const heard = async (at?: string): Promise<string[]> => {
      const gate = new TableGate({ [blob]: [challenge, { headers, ...(at === undefined ? {} : { at }) }] })
      const warnings = new Warnings()
      const rules = { hosts: 'any', plainHttp: [], ca: {} } as const
      const credentials = { 'reg.example': { username: 'bob', password: 'secret-word' } }
      await new Registry('reg.example', { gate, rules, credentials, warnings }).ask(question)
      return warnings.all.map(warningSentence)
    }
    expect(await heard()).toEqual(['The registry reg.example warns: “no: …”.'])
    expect(await heard('https://storage.example/x')).toEqual([])
  })
})

describe('what a registry warns of, row by row', () => {
  let bench: Workbench
  let pool: Pool
  let registry: TestRegistry
  beforeEach(async () => {
    bench = await openWorkbench()
    pool = openPool(2)
    registry = await new TestRegistry().open()
  })
  afterEach(async () => {
    await registry.close()
    await pool.close()
    await bench.close()
  })
  const content = new Content()
  const root = content.image({ os: 'linux', architecture: 'amd64' }, [pattern('layer', 5000)])
  /** Warns of what a path holds. */
  const warnOf = (part: string, text: string): void =>
    void registry.switches.push((_, response, path) => {
      if (path.includes(part)) response.setHeader('warning', `299 - "${text}"`)
      return false
    })

  it('while it is collected is a finding, from whichever thread, once', async () => {
    registry.add('team/app', content, { '1': root })
    warnOf('/manifests/', 'This repository is archived.')
    warnOf('/blobs/', 'Pulls will end soon, é')
    const { items } = await bench.collect(`  - image: ${registry.host}/team/app:1\n    allow: [plain-http]`)
    expect(items[0]?.findings).toEqual([
      {
        code: 'registry-warning',
        subject: registry.host,
        detail: `The registry ${registry.host} warns: “This repository is archived.”.`,
      },
      {
        code: 'registry-warning',
        subject: registry.host,
        detail: `The registry ${registry.host} warns: “Pulls will end soon, ?”.`,
      },
    ])
  })

  it('while it is exported to is told with what was written; nothing is where nothing was said', async () => {
    registry.add('team/app', content, { '1': root })
    const item = `  - image: ${registry.host}/team/app:1\n    allow: [plain-http]`
    const accepted = exportable(bench, await bench.collect(item))
    const target = { host: registry.host, prefix: 'high' }
    expect((await pushTo(pool, accepted, target)).warned).toEqual([])
    warnOf('/uploads/', 'The quota is nearly full')
    const { warned, written } = await pushTo(pool, accepted, { ...target, prefix: 'other' })
    expect(warned).toEqual([`The registry ${registry.host} warns: “The quota is nearly full”.`])
    expect(written.map(({ digest }) => digest)).toEqual([root.digest])
  })
})
