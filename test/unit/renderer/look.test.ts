import { describe, expect, it } from 'vitest'
import { askedOf, lookAnew, setLooking, useLooking } from '../../../renderer/state/looking.ts'
import {
  droppedWords,
  lookedHeading,
  lookedMeans,
  signersOf,
  speaksFor,
} from '../../../renderer/text/look.ts'
import type { Looked } from '../../../shared/look.ts'
import { check } from '../../../shared/rules/check.ts'
import type { CheckId } from '../../../shared/text/checks.ts'
import { countsOf, outcomeOf, type Check } from '../../../shared/verdict.ts'

const about = { subject: 'app.tar', expected: 'a', found: 'b' }
const one = (
  id: CheckId,
  result: Check['result'],
  more: Partial<typeof about & { reason: string }> = {},
): Check => check(id, result, { ...about, ...more })

function looked(checks: readonly Check[], change: Partial<Looked> = {}): Looked {
  const rest = { items: [], files: [], filesLeftOut: 0, named: [], notAsked: [] }
  return {
    ...{
      name: 'app.tar',
      format: 'oci-layout',
      container: 'tar',
      size: 2048,
      parts: [],
      digest: null,
      ...rest,
    },
    ...{ outcome: outcomeOf(checks), counts: countsOf(checks), checks: [...checks], ...change },
  }
}

const form = one('container.form', 'pass')
const sums = one('container.sums', 'pass')
const signed = one('container.signature', 'pass', { found: 'key 34f3…' })

describe('the answer of a look', () => {
  it.each<[string, readonly Check[]]>([
    ['Whole by its own sums; nobody was asked who made it', [form, sums]],
    ['Whole by its own sums; signed by key 34f3…', [form, sums, signed, signed]],
    ['Signed by key 34f3…', [form, signed]],
    [
      'Not checked: it has no sums of its own',
      [form, one('container.sums', 'not-checked', { reason: 'no-sums' })],
    ],
    [
      'Not checked: nobody whom you named vouches for it',
      [form, sums, one('item.signature', 'not-checked', { reason: 'unsigned' })],
    ],
    [
      'Not checked: not everything in it is vouched for',
      [form, sums, signed, one('item.signature', 'not-checked', { reason: 'unsigned' })],
    ],
    [
      'Refused: it is signed, and not by a key that you named',
      [form, sums, one('item.signature', 'fail', { reason: 'another-key' })],
    ],
    ['Refused: a signature in it is not right', [form, one('item.signature', 'fail', { reason: 'bad' })]],
    [
      'Refused: it cannot be read as one whole thing',
      [one('container.form', 'fail', { reason: 'truncated' })],
    ],
    [
      'Refused: its content is not what its own sums say',
      [form, one('container.sums', 'fail', { reason: 'sum-differs' })],
    ],
  ])('%s', (heading, checks) => expect(lookedHeading(looked(checks))).toBe(heading))

  it('cuts a fingerprint short, and keeps it whole to compare', () => {
    const found = `key ${'ab'.repeat(32)}`
    const checks = [form, one('item.signature', 'pass', { found })]
    expect(lookedHeading(looked(checks))).toBe('Signed by key abababababab…')
    expect(signersOf({ checks })).toEqual([found])
  })

  it('says what it is and holds in a line, and nothing of what cannot be read', () => {
    const item = { kind: 'image', digest: 'sha256:0', evidence: [] } as unknown as Looked['items'][number]
    const holds = { items: [item, item], filesLeftOut: 3 }
    expect(lookedMeans(looked([form], holds))).toBe('an OCI layout, a tar, 2.0 kB, with 2 images, 3 files.')
    expect(lookedMeans(looked([form], { format: 'file', container: 'file' }))).toBe('a file, 2.0 kB.')
    expect(lookedMeans(looked([form], { format: 'tar', container: 'tar' }))).toBe('a tar, 2.0 kB.')
    expect(lookedMeans(looked([form], { format: 'registry', container: 'registry' }))).toBe(
      'in a registry, 2.0 kB.',
    )
    const folder = lookedMeans(looked([form], { format: 'tar', container: 'folder' }))
    expect(folder).toBe('a folder, 2.0 kB.')
    // A format that these words do not know yet is told by its name.
    expect(lookedMeans(looked([form], { format: 'new-form' }))).toBe('new-form, a tar, 2.0 kB.')
    expect(lookedMeans(looked([], { format: null, container: null }))).toBe('')
  })

  it('counts what speaks for an item', () => {
    const evidence = (results: readonly string[]) =>
      ({ evidence: results.map((result) => ({ result })) }) as unknown as Looked['items'][number]
    expect(speaksFor(evidence([]))).toBe('none')
    expect(speaksFor(evidence(['proven', 'unknown']))).toBe('1 of 2 proven')
  })
})

describe('what is asked', () => {
  const place = (id: string) => ({ place: id, label: id })

  it('of one thing, with every key; and nothing before it is chosen', () => {
    setLooking({ keys: [place('k')], roots: [place('r')] })
    expect(askedOf(useLooking.getState())).toBeNull()
    setLooking({ reference: 'r.example/a:1', plainHttp: true })
    const named = { keys: ['k'], roots: ['r'] }
    expect(askedOf(useLooking.getState())).toEqual({
      what: { reference: 'r.example/a:1' },
      ...named,
      plainHttp: true,
    })
    setLooking({ auth: place('a'), ca: [{ ...place('c'), host: 'r.example' }] })
    const shown = { auth: 'a', ca: [{ host: 'r.example', place: 'c' }] }
    expect(askedOf(useLooking.getState())).toMatchObject(shown)
    setLooking({ chosen: { ...place('f'), folder: false } })
    // No registry has a part in it.
    expect(askedOf(useLooking.getState())).not.toHaveProperty('auth')
    expect(askedOf(useLooking.getState())).toMatchObject({ what: { file: 'f' } })
    setLooking({ chosen: { ...place('d'), folder: true } })
    expect(askedOf(useLooking.getState())).toMatchObject({ what: { folder: 'd' } })
    lookAnew()
    expect(useLooking.getState()).toMatchObject({
      chosen: null,
      reference: '',
      keys: [place('k')],
      roots: [place('r')],
    })
  })

  it('says why nothing came of a drop', () => {
    expect(droppedWords(3)).toContain('at a time')
    expect(droppedWords(0)).toBe(droppedWords(1))
  })
})
