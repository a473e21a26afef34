import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { done, sallyport } from '../../support/command-line.ts'
import { makeCrossing, type Crossing } from '../../support/desks.ts'
import { acceptedImage } from '../../support/landing.ts'

describe('a landing key with a passphrase', () => {
  let crossing: Crossing
  let id: string
  beforeAll(async () => {
    crossing = await makeCrossing()
    ;({ id } = await acceptedImage(crossing))
    const { high, passphrase, clock } = crossing
    await done(['landing', 'key', 'create', '--desk', high, '--landing-passphrase-file', passphrase], clock)
  })
  afterAll(() => crossing.dispose())

  it.each([
    ['dir', 1, 'landing-locked'],
    ['oci-layout', 1, 'landing-locked'],
    ['oci-archive', 0, null],
  ])(
    'is asked for by an export to %s only where it signs something: exit %d',
    async (kind, code, failure) => {
      const path = join(crossing.folder, `out-${kind}`)
      const words = ['export', id, '--desk', crossing.high, '--to', `${kind}:${path}`]
      const ended = await sallyport(words, crossing.clock)
      expect({ code: ended.code, failure: ended.code === 0 ? null : ended.json.failure.code }).toEqual({
        code,
        failure,
      })
      expect(existsSync(path)).toBe(code === 0)
    },
  )
})
