import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { done, linesOf, printed, sallyport } from '../support/command-line.ts'
import { makeCrossing, signing, writeRequest, writeTo, type Crossing } from '../support/desks.ts'
import { sampleImage } from '../support/images.ts'
import { answer, TestRegistry } from '../support/registry.ts'

/* What could not be collected as asked is read in words by everybody who signs it, and on the far side. */

let crossing: Crossing
let registry: TestRegistry
beforeEach(async () => {
  crossing = await makeCrossing()
  registry = await new TestRegistry().open()
})
afterEach(async () => {
  await registry.close()
  await crossing.dispose()
})

const image = (name: string): string => `image: ${registry.host}/team/${name}:1\n    allow: [plain-http]`
const onLow = (...words: string[]): string[] => [...words, '--desk', crossing.low]

describe('an item that is left out on the command line', () => {
  it('is not collected; everybody reads that it is missing, also on the far side', async () => {
    const { content, root } = sampleImage()
    registry.add('team/app', content, { '1': root })
    const missing = `${registry.host}/team/none:1`
    const request = await writeRequest(crossing, [image('app'), image('none')])
    const failed = await sallyport(onLow('collect', request), crossing.clock)
    expect([failed.code, failed.json.failure.code]).toEqual([1, 'not-found'])

    const made = await done(onLow('collect', request, '--leave-out', missing), crossing.clock)
    expect([made['items'], made['leftOut']]).toEqual([1, [missing]])
    const line = `${missing}: It was asked for and is not carried: it was left out.`
    expect(await printed(onLow('consignment', 'show', made.id), crossing.clock)).toContain(line)
    // Made again without fetching, the waybill says so still.
    const again = await done(onLow('collect', made.id), crossing.clock)
    expect(again['leftOut']).toEqual([missing])
    for (const [id, role] of [
      ['bob', 'prepare'],
      ['carol', 'release'],
    ] as const) {
      const words = onLow('approve', made.id, '--role', role, ...signing(crossing, id))
      const signed = await sallyport(words, crossing.clock)
      expect([signed.code, signed.json['findings']]).toEqual([
        0,
        [expect.objectContaining({ code: 'left-out' })],
      ])
    }
    const folder = await writeTo(crossing, made.id, 'medium')
    const read = await sallyport(['verify', folder, '--desk', crossing.high], crossing.clock)
    const check = read.json.checks.find(({ id }) => id === 'collect.findings')
    expect([check?.result, check?.found]).toEqual(['warn', expect.stringContaining(line)])
  })

  it('is one that the request has', async () => {
    const request = await writeRequest(crossing, [image('app')])
    const other = await sallyport(onLow('collect', request, '--leave-out', 'host/other:1'), crossing.clock)
    expect([other.code, other.json.failure.code]).toEqual([1, 'left-out-unknown'])
    const all = await sallyport(
      onLow('collect', request, '--leave-out', `${registry.host}/team/app:1`),
      crossing.clock,
    )
    expect([all.code, all.json.failure.code]).toEqual([1, 'all-left-out'])
  })
})

describe('a finding', () => {
  it('is told once for each registry and cause, in words, before anybody signs', async () => {
    for (const name of ['one', 'two', 'three']) {
      const { content, root } = sampleImage(500, name)
      registry.add(`team/${name}`, content, { '1': root })
    }
    registry.switches.push((_, response, path) => {
      if (!path.includes('/referrers/')) return false
      answer(response, 401)
      return true
    })
    const request = await writeRequest(crossing, ['one', 'two', 'three'].map(image))
    const lines = await linesOf(onLow('collect', request), crossing.clock)
    const told = lines.filter((line) => line.startsWith('  ! '))
    expect(told).toHaveLength(1)
    expect(told[0]).toMatch(/\(3 items: .*\) {2}\(registry-auth\)$/)
  })

  it('is read before the passphrase is asked for', async () => {
    const { content, root } = sampleImage()
    registry.add('team/app', content, { '1': root })
    const filtered = `${image('app')}\n    platforms: [linux/amd64]`
    const request = await writeRequest(crossing, [filtered])
    const made = await done(onLow('collect', request), crossing.clock)
    const words = onLow('approve', made.id, '--role', 'prepare', ...signing(crossing, 'bob'))
    const shown = await printed(words, crossing.clock, 'errors')
    expect(shown).toContain('It carries 1 of the 2 platforms of an index')
  })
})
