import { describe, expect, it } from 'vitest'
import { parsePolicy } from '../../../main/policy/parse.ts'
import { packs } from '../../../shared/text/packs/packs.ts'
import { bundles, policyGroups } from '../../../shared/text/policy-groups.ts'
import { policyRows } from '../../../shared/text/policy-rows.ts'

const read = (text: string) => parsePolicy(Buffer.from(text))

describe('a policy by what it asks something of', () => {
  it.each(packs.map(({ name, source }) => [name, source]))('has every rule once: %s', (_name, source) => {
    const policy = read(source)
    const names = (rows: ReturnType<typeof policyRows>): string[] => rows.map(([name]) => name).sort()
    expect(names(policyGroups(policy).flatMap(({ rows }) => rows))).toEqual(names(policyRows(policy)))
  })

  it('goes by kind, and by nobody’s name', () => {
    const policy = read(`sallyport: policy/v1
version: 2
items:
  - { kind: image, name: 'x', nothing: true }
  - { kind: any, name: 'Forbidden x', nothing: true }
  - { kind: file, name: '**', nothing: true }
channels:
  - { name: Exception, lifetime: 3 }
`)
    const found = policyGroups(policy).map(({ heading, rows }) => [heading, rows.map(([name]) => name)])
    expect(found).toEqual([
      [bundles, ['Signatures', 'Lifetime of a waybill', 'Other items', 'Channel Exception']],
      ['Asked of every item', ['Rule for every item named Forbidden x']],
      ['Asked of images', ['Rule for every image named x']],
      ['Asked of files', ['Rule for every file named **']],
      ['Connections and programs', ['Export registries']],
    ])
  })
})
