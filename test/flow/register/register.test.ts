import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MediumView } from '../../../shared/media.ts'
import { makeBundle, release, writeFiles, writeRequest } from '../../support/desks.ts'
import { foundDrive } from '../../support/made-drives.ts'
import { RegisterWorld } from '../../support/register-media.ts'
import { mayMount } from '../../support/volumes.ts'

const policy = (version: number, lines: string): string =>
  `sallyport: policy/v1\nversion: ${version}\nmedia:\n${lines}`

describe.skipIf(!mayMount())('the register of media (needs root: mount)', () => {
  let world: RegisterWorld
  let id: string
  let stick: string
  beforeAll(async () => {
    world = await RegisterWorld.make()
    const { crossing } = world
    id = await release(crossing, await writeRequest(crossing, await writeFiles(crossing, { a: 'a' })))
    stick = world.stick('S-1')
  })
  afterAll(() => world.end())

  const show = async (label: string): Promise<MediumView> =>
    (await world.must(world.low('show', label))) as unknown as MediumView
  const lines = async (): Promise<number> =>
    (await readFile(join(world.crossing.low, 'ledger.jsonl'), 'utf8')).split('\n').length
  const setPolicy = async (version: number, text: string, side: 'low' | 'high' = 'low'): Promise<void> => {
    const path = join(world.crossing.folder, `media-${side}-${version}.yaml`)
    await writeFile(path, policy(version, text))
    await world.must(['policy', 'set', path, '--desk', world.crossing[side]])
  }
  const write = (): string[] => ['write', id, '--desk', world.crossing.low, '--to', stick]

  it('refuses what it cannot tell apart, and leaves the ledger as it was', async () => {
    const before = await lines()
    const { drives } = world
    const nameless = world.stick(null)
    const all = drives.drives
    expect(await world.refused(world.low('register', '--label', 'M-1', '--at', nameless))).toBe(
      'media-no-serial',
    )
    expect(await world.refused(world.low('register', '--label', 'M-1', '--at', world.crossing.folder))).toBe(
      'media-no-drive',
    )
    expect(await world.refused(world.low('register', '--label', '-M/1', '--serial', 'S-1'))).toBe('bad-input')
    expect(await world.refused(world.low('register', '--label', 'M', '--serial', 'S\u202e1'))).toBe(
      'bad-input',
    )
    drives.drives = all.map((one) => ({ ...one, interfaces: ['03'] }))
    expect(await world.refused(world.low('register', '--label', 'M-1', '--at', stick))).toBe('drive-barred')
    drives.drives = all.map((one) => ({ ...one, system: ['/'] }))
    expect(await world.refused(world.low('register', '--label', 'M-1', '--at', stick))).toBe('drive-barred')
    drives.drives = all
    expect(await world.refused(world.low('show', 'M-1'))).toBe('media-unknown')
    expect((await world.run(world.low('register', '--label', 'M-1'))).code).toBe(2)
    expect(await lines()).toBe(before)
  })

  it('takes one in, by its drive and by a typed serial, each label and serial once', async () => {
    const made = await world.must(
      world.low('register', '--label', 'M-0417', '--at', stick, '--marking', 'OFFICIAL', '--owner', 'Hill'),
    )
    expect(made['medium']).toMatchObject({
      label: 'M-0417',
      serial: 'S-1',
      kind: 'usb-stick',
      state: 'registered',
    })
    await world.must(world.low('register', '--label', 'D-1', '--serial', 'BD 25 001', '--kind', 'disc'))
    for (const [label, serial] of [
      ['m-0417', 'S-9'],
      ['M-2', 'S-1'],
    ] as const)
      expect(await world.refused(world.low('register', '--label', label, '--serial', serial))).toBe(
        'media-known',
      )
    const { media } = await world.must(world.low('show'))
    expect((media as MediumView[]).map(({ label, state }) => `${label} ${state}`)).toEqual([
      'D-1 registered',
      'M-0417 registered',
    ])
  })

  it('lists the drives that are seen, with and without what the register says', async () => {
    const plain = await world.must(['media', 'list'])
    expect(Object.keys((plain['drives'] as object[])[0] ?? {})).not.toContain('register')
    const { drives } = await world.must(['media', 'list', '--desk', world.crossing.low])
    expect((drives as { register: unknown }[]).map(({ register }) => register)).toEqual([
      expect.objectContaining({ label: 'M-0417', state: 'registered' }),
      null,
    ])
  })

  it('follows what is done with a medium: written, read back, spoiled by a reading that does not pass', async () => {
    const { folder } = await world.must(write())
    expect(await show('M-0417')).toMatchObject({
      state: 'written',
      holds: [expect.stringMatching(/^[0-9a-f]{16}$/)],
    })
    await world.must(['readback', stick, '--desk', world.crossing.low])
    expect((await show('M-0417')).state).toBe('written')
    await appendFile(join(folder, 'bundle.tar'), 'x')
    expect((await world.run(['readback', stick, '--desk', world.crossing.low])).code).toBe(3)
    const after = await show('M-0417')
    expect(after.state).toBe('spoiled')
    expect(after.history.map(({ state }) => state)).toEqual(['registered', 'written', 'written', 'spoiled'])
    expect(after.history.every(({ sentence }) => sentence.length > 10)).toBe(true)
  })

  it('does not write to what is spoiled or lost, and lets no state follow that does not', async () => {
    expect(await world.refused(write())).toBe('media-state')
    const state = (word: string, ...more: string[]): string[] =>
      world.low('state', 'M-0417', word, '--reason', 'As seen', ...more)
    expect(await world.refused(state('blank'))).toBe('media-state')
    expect(await world.refused(state('sanitised'))).toBe('media-disposition')
    expect(await world.refused(state('lost', '--method', 'burnt'))).toBe('media-disposition')
    await world.must(state('lost'))
    expect(await world.refused(write())).toBe('media-state')
    expect(await world.refused(state('sanitised', '--method', 'x'))).toBe('media-state')
    await world.must(state('spoiled'))
    const how = [
      '--method',
      'overwritten twice',
      '--tool',
      'wipe 1.2',
      '--verified',
      'read back',
      '--place',
      'R 1',
    ]
    await world.must(state('sanitised', ...how))
    expect(await show('M-0417')).toMatchObject({
      state: 'sanitised',
      holds: [],
      disposition: { tool: 'wipe 1.2' },
    })
    await world.must(state('blank'))
    expect((await world.run(world.low('state', 'M-0417', 'written', '--reason', 'r'))).code).toBe(2)
  })

  it('a destroyed medium stays so; its serial may be registered anew, its label not', async () => {
    const how = ['--method', 'shredded', '--tool', 'HSM 9', '--verified', 'seen', '--place', 'R 1']
    await world.must(world.low('state', 'D-1', 'destroyed', '--reason', 'Full', ...how))
    expect(await world.refused(world.low('state', 'D-1', 'lost', '--reason', 'r'))).toBe('media-state')
    expect(await world.refused(world.low('register', '--label', 'D-1', '--serial', 'x'))).toBe('media-known')
    await world.must(world.low('register', '--label', 'D-2', '--serial', 'BD 25 001', '--kind', 'disc'))
  })

  it('an unregistered medium is warned of and that is recorded; refused or allowed where the policy says so', async () => {
    const other = world.stick('S-2')
    const to = (path: string): string[] => ['write', id, '--desk', world.crossing.low, '--to', path]
    const read = async (path: string, side: 'low' | 'high'): Promise<unknown> => {
      const command = side === 'low' ? 'readback' : 'verify'
      const { checks, notAsked } = (await world.run([command, path, '--desk', world.crossing[side]])).json
      const about = ({ id: one }: { id: string }): boolean => one === 'medium.registered'
      return checks.find(about)?.result ?? notAsked.find(about)?.reason
    }
    await world.must(to(other))
    const { events } = { events: await readFile(join(world.crossing.low, 'ledger.jsonl'), 'utf8') }
    expect(events).toContain('"unregistered":true')
    expect(await read(other, 'low')).toBe('warn')
    expect(await read(other, 'high')).toBe('warn')

    await setPolicy(2, '  unregistered: allow\n')
    await setPolicy(2, '  unregistered: refuse\n', 'high')
    expect(await read(other, 'low')).toBe('register-not-asked')
    const barred = await world.run(['verify', other, '--desk', world.crossing.high])
    expect([barred.code, barred.json.outcome]).toEqual([3, 'failed'])
    await world.must(world.high('register', '--label', 'H-1', '--at', other))
    expect(await read(other, 'high')).toBe('pass')
    expect((await world.must(world.high('show', 'H-1')))['state']).toBe('received')

    await setPolicy(3, '  unregistered: refuse\n')
    const before = await lines()
    const third = world.stick('S-3')
    const { folder } = world.crossing
    for (const path of [third, folder]) expect(await world.refused(to(path))).toBe('media-unregistered')
    expect(await lines()).toBe(before)
  })

  it('kinds and a capacity test are asked for where the policy says so', async () => {
    await setPolicy(4, '  kinds: [disc]\n')
    expect(await world.refused(write())).toBe('media-kind')
    await setPolicy(5, '  tested: true\n')
    expect(await world.refused(write())).toBe('media-untested')
    const path = join(world.crossing.folder, 'bad.yaml')
    for (const line of ['kinds: []', 'people: 3', 'unregistered: maybe', 'other: 1']) {
      await writeFile(path, policy(6, `  ${line}\n`))
      expect(await world.refused(['policy', 'set', path, '--desk', world.crossing.low])).toBe('policy-form')
    }
  })

  it('is the same after the desk was opened anew, and the ledger stays right', async () => {
    expect((await world.must(['ledger', 'verify', '--desk', world.crossing.low])).intact).toBe(true)
    expect((await show('M-0417')).state).toBe('blank')
  })
})

describe.skipIf(!mayMount())('acts on the register that people sign (needs root: mount)', () => {
  let world: RegisterWorld
  beforeAll(async () => {
    world = await RegisterWorld.make()
    await world.person('low', 'ina', 'Ina Feld', 'media-custodian')
    world.drives.drives = [foundDrive({})]
  })
  afterAll(() => world.end())
  const setPeople = async (version: number, people: number): Promise<void> => {
    const path = join(world.crossing.folder, `people-${version}.yaml`)
    await writeFile(path, policy(version, `  people: ${people}\n`))
    await world.must(['policy', 'set', path, '--desk', world.crossing.low])
  }
  const register = (label: string, ...more: string[]): string[] =>
    world.low('register', '--label', label, '--serial', `serial of ${label}`, ...more)

  it('needs nobody’s key by itself, and takes none', async () => {
    expect(await world.refused(register('A', ...world.signs('fay')))).toBe('media-people')
    await world.must(register('A'))
  })

  it('one: a media custodian’s, and no one else’s', async () => {
    await setPeople(2, 1)
    expect(await world.refused(register('B'))).toBe('media-people')
    expect(await world.refused(register('B', ...world.signs('hal')))).toBe('role-missing')
    expect((await world.must(register('B', ...world.signs('fay'))))['waiting']).toBe(null)
    await world.must(world.low('state', 'B', 'blank', '--reason', 'New'))
    expect(await world.refused(world.low('state', 'B', 'lost', '--reason', 'Gone'))).toBe('media-people')
  })

  it('two: nothing stands with the first, the second is another person with another key', async () => {
    await setPeople(3, 2)
    const { waiting, medium } = await world.must(register('C', ...world.signs('fay')))
    expect(medium).toBe(null)
    expect(await world.refused(world.low('show', 'C'))).toBe('media-unknown')
    const number = String(waiting)
    const sign = (who: string): string[] => world.low('sign', number, ...world.signs(who))
    expect(await world.refused(sign('fay'))).toBe('same-person')
    expect(await world.refused(sign('bob'))).toBe('role-missing')
    expect(await world.refused(world.low('sign', '1', ...world.signs('hal')))).toBe('media-not-waiting')
    const listed = await world.must(world.low('show'))
    expect(listed['waiting']).toMatchObject([{ number: waiting, by: 'Fay Root' }])
    const done = await world.must(sign('hal'))
    expect(done['medium']).toMatchObject({
      label: 'C',
      state: 'registered',
      last: { by: ['Fay Root', 'Hal Penn'] },
    })
    expect(await world.refused(sign('hal'))).toBe('media-not-waiting')
  })

  it('a later act takes the place of one that waits, and what no longer follows is not signed', async () => {
    const lost = (who: string): string[] =>
      world.low('state', 'C', 'lost', '--reason', `says ${who}`, ...world.signs(who))
    const first = await world.must(lost('fay'))
    const second = await world.must(lost('ina'))
    const sign = (number: unknown): string[] => world.low('sign', String(number), ...world.signs('hal'))
    expect(await world.refused(sign(first['waiting']))).toBe('media-not-waiting')
    await world.must(sign(second['waiting']))
    expect((await world.must(world.low('show', 'C')))['state']).toBe('lost')
    const anew = await world.must(register('E', ...world.signs('fay')))
    await setPeople(4, 0)
    await world.must(world.low('register', '--label', 'F', '--serial', 'serial of E'))
    expect(await world.refused(sign(anew['waiting']))).toBe('media-known')
  })

  it('replays as it was signed', async () => {
    expect((await world.must(['ledger', 'verify', '--desk', world.crossing.low])).intact).toBe(true)
    await makeBundle(world.crossing, 'after')
  })
})
