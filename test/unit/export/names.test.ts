import { describe, expect, it } from 'vitest'
import { destinationsOf } from '../../../main/export/names.ts'
import { Failure } from '../../../main/platform/failure.ts'
import { digestOf } from '../../../main/platform/hash.ts'
import type { Item } from '../../../shared/waybill.ts'

// A name with a host is of a registry, any other of a folder.
const item = (name: string, version: string | null, content = name, kind = 'image'): Item => {
  const reference = name.includes('/') ? name : `oci:./${name}`
  return { kind, name, reference, version, root: { digest: digestOf(content) } } as unknown as Item
}
const named = (...items: Item[]): string[] =>
  destinationsOf(items, 'high').map(({ repository, tag }) => `${repository}:${tag ?? 'none'}`)

/** Why items cannot have their names at the target. */
function refusal(...items: Item[]): unknown {
  try {
    return named(...items)
  } catch (error) {
    if (error instanceof Failure) return [error.code, error.facts.found, error.facts.expected]
    throw error
  }
}

describe('the names of items in a registry', () => {
  it('are theirs, without the host they came from', () => {
    expect(named(item('registry.test/team/app', '1'), item('localhost/app', '1'), item('app', null))).toEqual(
      ['high/team/app:1', 'high/app:1', 'high/app:none'],
    )
    expect(named(item('_Notes--of_.PDF', null, 'x', 'file'))).toEqual(['high/notes-of-pdf:none'])
  })

  it('never overwrite each other: two contents for one name are refused, one content twice is not', () => {
    expect(refusal(item('a.test/app', '1', 'one'), item('b.test/app', '1', 'two'))).toEqual([
      'export-names',
      'high/app:1',
      'one content for each name',
    ])
    expect(refusal(item('a.test/App', '1', 'one'), item('a.test/app', '1', 'two'))).toEqual([
      'export-names',
      'high/app:1',
      'one content for each name',
    ])
    expect(named(item('a.test/app', '1', 'one'), item('b.test/app', '1', 'one'))).toHaveLength(2)
    expect(named(item('a.test/app', '1', 'one'), item('b.test/app', '2', 'two'))).toHaveLength(2)
    expect(named(item('a.test/app', null, 'one'), item('b.test/app', null, 'two'))).toHaveLength(2)
  })

  it('are refused where a registry could not have them', () => {
    for (const [one, found, expected] of [
      [item('', '1'), 'high/', 'a repository name in lower case'],
      [item('a b', '1'), 'high/a b', 'a repository name in lower case'],
      [item('app', 'not a tag'), 'not a tag', 'a tag'],
      [item('app', ''), '', 'a tag'],
      [item('app', `-${'a'.repeat(3)}`), '-aaa', 'a tag'],
    ] as const) {
      expect(refusal(one)).toEqual(['export-names', found, expected])
    }
  })
})
