import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { transferIdOf, type Digest } from '../../../shared/digest.ts'
import { decideBoth, release, writeFiles, writeRequest } from '../../support/desks.ts'
import { RegisterWorld } from '../../support/register-media.ts'
import { mayMount } from '../../support/volumes.ts'

const mega = 1024 * 1024

describe.skipIf(!mayMount())('the media that a channel asks for (needs root: mount)', () => {
  let world: RegisterWorld
  let id: string
  let stick: string
  let disc: string
  let written: string
  let version = 1
  beforeAll(async () => {
    world = await RegisterWorld.make()
    const { crossing } = world
    const files = { 'large.bin': randomBytes(9 * mega) }
    id = await release(crossing, await writeRequest(crossing, await writeFiles(crossing, files)))
    stick = world.stick('S-1')
    disc = world.stick('D-1')
    await world.must(world.low('register', '--label', 'L-1', '--at', disc, '--kind', 'rewritable-disc'))
  })
  afterAll(() => world.end())

  const route = async (side: 'low' | 'high', asks: string, channel = 'payments'): Promise<void> => {
    version += 1
    const path = join(world.crossing.folder, `route-${version}.yaml`)
    const text = `sallyport: policy/v1\nversion: ${version}\nchannels: [{name: ${channel}, media: {${asks}}}]\n`
    await writeFile(path, text)
    await world.must(['policy', 'set', path, '--desk', world.crossing[side]])
  }
  const lines = (): Promise<string> => readFile(join(world.crossing.low, 'ledger.jsonl'), 'utf8')
  const write = (to: string, ...more: string[]): string[] => [
    ...['write', id, '--desk', world.crossing.low, '--to', to],
    ...more,
  ]
  const read = async (path: string): Promise<{ code: number; id: string; medium: unknown }> => {
    const { code, json } = await world.run(['verify', path, '--desk', world.crossing.high])
    const about = ({ id: one }: { id: string }): boolean => one === 'policy.medium'
    const made = json.checks.filter(about).map(({ result, reason }) => `${result} ${reason}`)
    return { code, id: json.id, medium: made.length > 0 ? made : json.notAsked.find(about)?.reason }
  }

  it('is asked before a byte is written, of this channel alone, and nothing is left', async () => {
    await route('low', 'kinds: [rewritable-disc]')
    const before = await lines()
    expect(await world.refused(write(stick))).toBe('media-unregistered')
    expect(await world.refused(write(world.crossing.folder))).toBe('media-unregistered')
    expect(await lines()).toBe(before)
    await world.must(world.low('register', '--label', 'L-2', '--at', stick))
    expect(await world.refused(write(stick))).toBe('media-kind')
    await route('low', 'atMost: 2')
    const kept = await lines()
    expect(await world.refused(write(disc, '--of-size', String(8 * mega + 200_000)))).toBe('media-count')
    expect(await lines()).toBe(kept)
    await route('low', 'kinds: [tape], atMost: 1', 'other')
    await world.must(write(stick))
    await route('low', 'kinds: [rewritable-disc], atMost: 1, registered: true')
    written = (await world.must(write(disc))).folder
  })

  it('is asked when it is read, by the register of the desk that reads', async () => {
    await route('high', 'kinds: [rewritable-disc]')
    const unknown = ['not-checked unregistered']
    // The sender’s register is not this desk’s.
    expect(await read(disc)).toMatchObject({ code: 5, medium: unknown })
    await world.must(world.high('register', '--label', 'H-1', '--at', stick))
    expect(await read(stick)).toMatchObject({ code: 4, medium: ['fail kind'] })
    await world.must(world.high('register', '--label', 'H-2', '--at', disc, '--kind', 'rewritable-disc'))
    expect(await read(disc)).toMatchObject({ code: 0, medium: ['pass as-expected'] })
    const { drives } = world
    const all = drives.drives
    drives.drives = []
    expect(await read(disc)).toMatchObject({ code: 5, medium: unknown })
    drives.drives = all
    expect(await read(join(written, 'bundle.tar'))).toMatchObject({ medium: 'bare-tar' })
    await route('high', 'kinds: [tape]', 'other')
    expect(await read(disc)).toMatchObject({ code: 0, medium: 'policy-does-not-ask' })
  })

  it('a seal must be on record where it is asked, and what is decided is asked again', async () => {
    await route('high', 'registered: true, sealed: true')
    const seen = await read(disc)
    expect(seen).toMatchObject({ code: 5, medium: ['pass as-expected', 'not-checked seal-not-recorded'] })
    const { waybill } = await world.must(['consignment', 'show', id, '--desk', world.crossing.low])
    const transfer = transferIdOf(waybill as Digest)
    await world.must(world.high('arrive', '--transfer', transfer, '--sheet', '7', '--bag', '7'))
    expect(await read(disc)).toMatchObject({ code: 0, medium: ['pass as-expected', 'pass as-expected'] })
    // A policy that came into force after the reading is asked when people decide, by what the ledger has of the medium.
    await route('high', 'kinds: [tape]')
    const half = ['decide', seen.id, '--desk', world.crossing.high, '--accept', ...world.signs('dave')]
    expect(await world.refused(half)).toBe('verdict-stale')
    await route('high', 'kinds: [rewritable-disc]')
    expect(await read(disc)).toMatchObject({ code: 0 })
    await decideBoth(world.crossing, seen.id, 'accept')
  })

  it('is asked of media that accepted content goes out on; what became of the one it came on is not', async () => {
    const { id: here } = await read(disc)
    const how = ['--method', 'm', '--tool', 't', '--verified', 'v', '--place', 'p']
    await world.must(world.high('state', 'H-2', 'destroyed', '--reason', 'Worn out', ...how))
    const out = ['export', here, '--to', `medium:${stick}`, '--desk', world.crossing.high]
    expect(await world.refused(out)).toBe('media-kind')
    expect(
      await world.refused([
        'export',
        here,
        '--to',
        `medium:${world.crossing.folder}`,
        '--desk',
        world.crossing.high,
      ]),
    ).toBe('media-unregistered')
    const place = join(world.crossing.folder, 'out')
    await world.must(['export', here, '--to', `dir:${place}`, '--desk', world.crossing.high])
    for (const side of ['low', 'high'] as const)
      expect((await world.must(['ledger', 'verify', '--desk', world.crossing[side]])).intact).toBe(true)
  })
})
