import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSession, type Session } from '../../main/desk/session.ts'
import { openGate } from '../../main/platform/network.ts'
import { linesOf } from '../support/command-line.ts'
import { makeCrossing, type Crossing } from '../support/desks.ts'

/* A policy that is written in a face, not read from a file: as strictly, and the same from then on. */

describe('a policy as text', () => {
  let crossing: Crossing
  let session: Session
  beforeAll(async () => {
    crossing = await makeCrossing()
    session = openSession({ clock: crossing.clock, network: openGate })
    await session.call('desk.open', { place: session.place('desk', crossing.high), mode: 'write' })
  })
  afterAll(async () => {
    await session.close()
    await crossing.dispose()
  })
  const text = 'sallyport: policy/v1\nversion: 2\nlifetime: 30\n'

  it('is the very policy that a file of the same bytes is', async () => {
    const file = join(crossing.folder, 'policy.yaml')
    await writeFile(file, text)
    const read = await session.call('policy.preview', { place: session.place('policy', file) })
    expect(await session.call('policy.preview', { source: text })).toEqual(read)
  })

  it.each([
    [
      'what is none, with its line',
      'sallyport: policy/v1\nversion: 2\nlifetimes: 3\n',
      'policy-form',
      { line: 3, column: 1 },
    ],
    ['what is too large, by its bytes', `#${'é'.repeat(600_000)}`, 'policy-form', { line: 1 }],
    ['what is longer than a text may be', `#${'x'.repeat(1024 * 1024)}`, 'bad-input', {}],
  ])('refuses %s', async (_name, source, code, facts) => {
    for (const name of ['policy.preview', 'policy.check', 'policy.set'] as const) {
      const answer = await session.answer(name, { source })
      expect(answer).toMatchObject({ ok: false, failure: { code, facts } })
    }
    expect((await session.call('desk.show', {})).policy.document.version).toBe(1)
  })

  it('is told everything that is wrong with it at once, in both faces', async () => {
    const wrong = 'sallyport: policy/v1\nversion: 2\nlifetime: 0\nlifetimes: 3\n'
    expect(await session.answer('policy.preview', { source: wrong })).toMatchObject({
      failure: {
        facts: { line: 3, column: 11 },
        further: { places: [{ line: 4, column: 1, found: 'the field “lifetimes”' }], more: 0 },
      },
    })
    const file = join(crossing.folder, 'wrong.yaml')
    await writeFile(file, wrong)
    await expect(linesOf(['policy', 'check', file, '--desk', crossing.low], crossing.clock)).rejects.toThrow(
      '\nAlso at line 4, column 1: the field “lifetimes”. Expected: a field that a policy has.\n',
    )
  })

  it('is either a text or a file', async () => {
    const both = { source: text, place: session.place('policy', join(crossing.folder, 'policy.yaml')) }
    expect(await session.answer('policy.preview', both)).toMatchObject({ ok: false })
    expect(await session.answer('policy.preview', {})).toMatchObject({ ok: false })
  })

  it('is put in force as it was written', async () => {
    expect(await session.call('policy.set', { source: text })).toMatchObject({ version: 2, pending: null })
    const { policy } = await session.call('desk.show', {})
    expect({ source: policy.source, lifetime: policy.document.lifetime }).toEqual({
      source: text,
      lifetime: 30,
    })
  })
})
