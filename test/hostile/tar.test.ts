import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { headerOf } from '../../main/bundle/layout.ts'
import type { CheckId } from '../../shared/text/checks.ts'
import { sallyport } from '../support/command-line.ts'
import { makeBundle, makeCrossing, type Crossing } from '../support/desks.ts'
import { membersOf } from '../support/media.ts'
import { expectRefused, expectStopped } from '../support/refusal.ts'

describe('a bundle tar given alone', () => {
  let crossing: Crossing
  let tar: Buffer
  let count = 0
  beforeAll(async () => {
    crossing = await makeCrossing()
    const { folder } = await makeBundle(crossing, 'medium', {
      'notes.txt': Buffer.alloc(3000, 'page '),
      'other.txt': Buffer.alloc(3000, 'line '),
    })
    tar = await readFile(join(folder, 'bundle.tar'))
  })
  afterAll(() => crossing.dispose())

  async function file(bytes: Buffer, name = `bundle-${++count}.tar`): Promise<string> {
    const path = join(crossing.folder, name)
    await writeFile(path, bytes)
    return path
  }
  const refused = async (bytes: Buffer, id: CheckId): Promise<void> => {
    await expectRefused(crossing, await file(bytes), 3, id)
  }
  /** The tar with some bytes of it replaced. */
  const patched = (at: number, bytes: Buffer): Buffer =>
    Buffer.concat([tar.subarray(0, at), bytes, tar.subarray(at + bytes.length)])
  /** A header with fields changed and its check sum made right again. */
  function header(at: number, change: (header: Buffer) => void): Buffer {
    const bytes = Buffer.from(tar.subarray(at, at + 512))
    change(bytes)
    bytes.write('        ', 148, 'latin1')
    const sum = bytes.reduce((total, byte) => total + byte, 0)
    bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
    return bytes
  }
  const entry = (place: number): { name: string; at: number; size: number } => {
    const found = membersOf(tar).at(place)
    if (found === undefined) throw new Error(`no member ${place}`)
    return found
  }

  it('passes untouched, under any name, and says what it does not know about a medium', async () => {
    const ended = await sallyport(
      ['verify', await file(tar, 'sent by mail.bin'), '--desk', crossing.high],
      crossing.clock,
    )
    expect(ended.code).toBe(0)
    expect(ended.json.scope).toBe('tar')
    const bare = ended.json.notAsked.filter((one) => one.reason === 'bare-tar').map((one) => one.id)
    expect(bare.sort()).toEqual(
      [
        'medium.all',
        'medium.parity',
        'medium.beside',
        'medium.drive',
        'medium.file',
        'medium.part',
        'medium.record',
        'medium.set',
        'medium.sums',
      ].sort(),
    )
    expect(ended.json.checks.some((check) => check.id.startsWith('medium.'))).toBe(false)
  })

  it('truncated: everywhere that matters', async () => {
    const second = entry(1)
    for (const length of [0, 1, 511, 512, second.at, second.at + 512 + 10]) {
      await expectStopped(crossing, await file(tar.subarray(0, length)), 'signatures.form')
    }
    const last = entry(-1)
    for (const length of [
      entry(3).at + 512,
      last.at,
      last.at + 512,
      tar.length - 1024,
      tar.length - 512,
      tar.length - 1,
    ]) {
      await refused(tar.subarray(0, length), 'content.layout')
    }
  })

  it('concatenated with itself, with zeros, with one byte, with something before it', async () => {
    for (const more of [tar, Buffer.alloc(512), Buffer.alloc(10_240), Buffer.from('x')]) {
      await refused(Buffer.concat([tar, more]), 'content.layout')
    }
    await expectStopped(crossing, await file(Buffer.concat([Buffer.alloc(512), tar])), 'signatures.form')
    await expectStopped(crossing, await file(Buffer.concat([tar.subarray(0, 1024), tar])), 'signatures.form')
  })

  it('re-ordered entries', async () => {
    const members = membersOf(tar).map(({ at, size }) =>
      tar.subarray(at, at + 512 + Math.ceil(size / 512) * 512),
    )
    const end = Buffer.alloc(1024)
    const swap = (a: number, b: number): Buffer => {
      const copy = [...members]
      const [x, y] = [copy[a], copy[b]]
      if (x === undefined || y === undefined) throw new Error('no such member')
      copy[a] = y
      copy[b] = x
      return Buffer.concat([...copy, end])
    }
    await expectStopped(crossing, await file(swap(0, 1)), 'signatures.form')
    await refused(swap(2, 3), 'content.layout')
    await refused(swap(members.length - 1, members.length - 2), 'content.layout')
    await refused(swap(4, members.length - 1), 'content.layout')
  })

  it('two contents of one length swapped under their names', async () => {
    const [a, b] = [entry(-1), entry(-2)]
    expect(a.size).toBe(b.size)
    const bytes = Buffer.from(tar)
    tar.copy(bytes, a.at + 512, b.at + 512, b.at + 512 + b.size)
    tar.copy(bytes, b.at + 512, a.at + 512, a.at + 512 + a.size)
    await refused(bytes, 'content.blob')
  })

  const fields: readonly (readonly [string, (header: Buffer) => void])[] = [
    ['name', (bytes) => bytes.write('../x', 0)],
    ['name with a second one behind its end', (bytes) => bytes.write('evil', 90)],
    ['mode', (bytes) => bytes.write('0000755', 100)],
    ['owner', (bytes) => bytes.write('0001750', 108)],
    ['size', (bytes) => bytes.write('00000000001', 124)],
    ['size with blanks', (bytes) => bytes.write('       5670 ', 124)],
    ['size in base 256', (bytes) => bytes.writeUInt8(0x80, 124)],
    ['time', (bytes) => bytes.write('00000000001', 136)],
    ['type: a link', (bytes) => bytes.write('2', 156)],
    ['type: a PAX header', (bytes) => bytes.write('x', 156)],
    ['link name', (bytes) => bytes.write('/etc/passwd', 157)],
    ['magic: GNU', (bytes) => bytes.write('ustar  \0', 257)],
    ['user name', (bytes) => bytes.write('root', 265)],
    ['prefix', (bytes) => bytes.write('up', 345)],
  ]
  for (const [what, change] of fields) {
    it(`a header whose ${what} is another`, async () => {
      await refused(patched(entry(-1).at, header(entry(-1).at, change)), 'content.layout')
      await refused(patched(entry(3).at, header(entry(3).at, change)), 'content.layout')
      await expectStopped(crossing, await file(patched(0, header(0, change))), 'signatures.form')
    })
  }

  it('a header whose check sum alone is wrong', async () => {
    const bytes = Buffer.from(tar)
    bytes.write('000000', entry(-1).at + 148)
    await refused(bytes, 'content.layout')
  })

  it('a PAX header put before a member, a member more, a member less', async () => {
    const pax = Buffer.concat([headerOf('PaxHeader', 20), Buffer.alloc(512)])
    pax.write('x', 156)
    for (const place of [2, 4, -1]) {
      const { at } = entry(place)
      await refused(Buffer.concat([tar.subarray(0, at), pax, tar.subarray(at)]), 'content.layout')
    }
    await expectStopped(crossing, await file(Buffer.concat([pax, tar])), 'signatures.form')
    await refused(Buffer.concat([tar.subarray(0, entry(-1).at), tar.subarray(-1024)]), 'content.layout')
  })

  it('sizes of the first two members that lie are capped before anything is read', async () => {
    for (const size of ['77777777777', '00100000001', '00000000000']) {
      await expectStopped(
        crossing,
        await file(
          patched(
            0,
            header(0, (bytes) => bytes.write(size, 124)),
          ),
        ),
        'signatures.form',
      )
      const at = entry(1).at
      await expectStopped(
        crossing,
        await file(
          patched(
            at,
            header(at, (bytes) => bytes.write(size, 124)),
          ),
        ),
        'signatures.form',
      )
    }
  })

  it('bytes that are not zero between and behind the members', async () => {
    const { at, size } = entry(-1)
    await refused(patched(at + 512 + size, Buffer.from([1])), 'content.layout')
    await refused(patched(tar.length - 1024, Buffer.from('x')), 'content.layout')
    await refused(patched(tar.length - 1, Buffer.from('x')), 'content.layout')
  })

  it('reads parts by their first; a missing one is missed', async () => {
    const half = tar.length >> 1
    const first = await file(tar.subarray(0, half), 'whole.tar.001')
    await file(tar.subarray(half), 'whole.tar.002')
    const ended = await sallyport(['verify', first, '--desk', crossing.high], crossing.clock)
    expect(ended.code).toBe(0)
    const alone = await file(tar.subarray(0, half), 'half.tar.001')
    await file(tar.subarray(half), 'half.tar.003')
    await expectRefused(crossing, alone, 3, 'content.layout')
  })
})
