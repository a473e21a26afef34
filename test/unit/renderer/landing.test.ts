import { describe, expect, it } from 'vitest'
import {
  causesOf,
  engineOptions,
  landingTarget,
  landingTargets,
  sealedAt,
  sealers,
  unfinishedAt,
} from '../../../renderer/text/landing.ts'
import { kitEngines } from '../../../shared/landing.ts'
import type { ConsignmentView } from '../../../shared/views.ts'

type View = ConsignmentView

const exported = (target: string, at: string): View['exports'][number] => ({
  ...{ at, target, written: [], moved: [], warned: [], bytes: 0, blobs: 0, left: [] },
})
const sealed = (target: string, at: string): View['landings'][number] => ({
  ...{ target, by: 'station', keys: ['a'.repeat(64)], count: 1, at },
})
const half = (
  person: string,
  outcome: 'accept' | 'reject',
  causes: View['decisions'][number]['causes'] = [],
): View['decisions'][number] => ({
  ...{ person, name: person, roles: [], outcome, reason: null, causes, at: '2026-11-27T00:00:00Z' },
  fingerprint: { hex: person.repeat(8), words: [] },
})
const digest = (letter: string): `sha256:${string}` => `sha256:${letter.repeat(64)}`

describe('the landing as the window says it', () => {
  it('takes a registry from what a record names, and nothing else', () => {
    expect(landingTarget('registry:r.example:5000/a/b')).toMatchObject({
      ...{ host: 'r.example:5000', prefix: 'a/b', name: 'r.example:5000/a/b' },
    })
    expect(landingTarget('registry:r.example')).toMatchObject({ host: 'r.example', prefix: '' })
    for (const other of ['dir:/registry:x', 'medium:/a', 'registry:', ''])
      expect(landingTarget(other)).toBeNull()
  })

  it('lists each registry once, the newest first', () => {
    const exports = ['registry:a', 'dir:/x', 'registry:b', 'registry:a'].map((target, i) =>
      exported(target, `2026-11-27T00:0${i}:00Z`),
    )
    expect(landingTargets({ exports }).map(({ said }) => said)).toEqual(['registry:a', 'registry:b'])
  })

  it('counts a seal only for what was exported last, to that registry', () => {
    const exports = [exported('registry:a', '2026-11-27T01:00:00Z')]
    const at = (landings: View['landings']) => sealedAt({ exports, landings }, 'registry:a')?.at ?? null
    expect(at([sealed('registry:a', '2026-11-27T00:59:59Z')])).toBeNull()
    expect(at([sealed('registry:b', '2026-11-27T02:00:00Z')])).toBeNull()
    expect(at([sealed('registry:a', '2026-11-27T01:00:00Z')])).toBe('2026-11-27T01:00:00Z')
    expect(
      sealedAt({ exports: [], landings: [sealed('registry:a', '2026-11-27T02:00:00Z')] }, 'registry:a'),
    ).toBeNull()
  })

  it('says who has signed for one registry; signatures for another count for nothing', () => {
    const decisions = [half('dave', 'accept'), half('erin', 'accept')]
    const sealing = [
      { target: 'registry:b', person: 'dave', fingerprint: 'dave'.repeat(8), at: '2026-11-27T00:00:00Z' },
      { target: 'registry:a', person: 'erin', fingerprint: 'erin'.repeat(8), at: '2026-11-27T00:00:00Z' },
      // Somebody of the same name, or the same person with another key.
      { target: 'registry:a', person: 'dave', fingerprint: 'evad'.repeat(8), at: '2026-11-27T00:00:00Z' },
    ]
    expect(sealers({ decisions, sealing }, 'registry:a').map(({ at }) => at !== null)).toEqual([false, true])
  })

  it('names as causes only what both people named, of a rejection alone', () => {
    const decisions = [
      half('dave', 'reject', [digest('a'), digest('b')]),
      half('erin', 'reject', [digest('b')]),
    ]
    expect(causesOf({ decided: 'reject', decisions })).toEqual([digest('b')])
    expect(causesOf({ decided: null, decisions })).toEqual([])
    expect(causesOf({ decided: 'reject', decisions: decisions.slice(0, 1) })).toEqual([])
  })

  it('goes on with registries alone', () => {
    const failed = (target: string) => ({
      target,
      code: 'cancelled',
      missing: [],
      at: '2026-11-27T00:00:00Z',
    })
    const unfinished = [failed('oci-archive:/a.tar'), failed('registry:a/b')]
    expect(unfinishedAt({ unfinished }).map(({ landing }) => landing.prefix)).toEqual(['b'])
  })

  it('says of every engine of a kit what it is', () => {
    expect(engineOptions.map(({ value }) => value)).toEqual([...kitEngines])
    for (const { means } of engineOptions) expect(means).toMatch(/^[a-zA-Z].{15,}\.$/)
  })
})
