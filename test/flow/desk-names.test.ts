import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { done, linesOf, sallyport } from '../support/command-line.ts'
import { makeBundle, makeCrossing, makeOtherCrossing, type Crossing } from '../support/desks.ts'

describe('the name of a sending desk', () => {
  let crossing: Crossing
  let other: Crossing
  const list = (): Promise<readonly string[]> =>
    linesOf(['trust', 'list', '--desk', crossing.high], crossing.clock)
  const desks = async () => {
    const shown = await done(['desk', 'show', '--desk', crossing.high], crossing.clock)
    return shown['desks'] as { id: string; name: string }[]
  }
  beforeAll(async () => {
    crossing = await makeCrossing()
    other = await makeOtherCrossing()
  })
  afterAll(async () => {
    await crossing.dispose()
    await other.dispose()
  })

  it('is not known before a bundle of it was seen, and said so beside its id', async () => {
    expect(await list()).toContain(`    sender of no known name  ${crossing.lowId}`)
    expect(await desks()).toEqual([{ id: crossing.highId, name: 'Delta-2' }])
  })

  it('is not taken from a bundle whose signatures did not pass', async () => {
    const { folder } = await makeBundle(other, 'medium')
    expect((await sallyport(['verify', folder, '--desk', crossing.high], crossing.clock)).code).toBe(3)
    expect((await desks()).map(({ name }) => name)).toEqual(['Delta-2'])
  })

  it('stands beside the id from then on', async () => {
    const { folder } = await makeBundle(crossing, 'medium')
    await done(['verify', folder, '--desk', crossing.high], crossing.clock)
    expect(await list()).toContain(`    sender Hill-1  ${crossing.lowId}`)
    expect(await desks()).toContainEqual({ id: crossing.lowId, name: 'Hill-1' })
  })
})
