import { describe, expect, it } from 'vitest'
import { askLsblk, parseLsblk } from '../../../../main/media/drives/lsblk.ts'
import { limits } from '../../../../main/platform/limits.ts'
import { fakePrograms, listed, node, stick } from '../../../support/made-drives.ts'
import { failureOf } from '../../../support/failure-of.ts'

const nested = (depth: number): Record<string, unknown> =>
  node('sda', depth === 1 ? {} : { children: [nested(depth - 1)] })

describe('what lsblk prints', () => {
  it.each([
    ['no JSON', Buffer.from('{')],
    ['no list', Buffer.from('[]')],
    ['a name twice', Buffer.from('{"blockdevices":[],"blockdevices":[]}')],
    ['a field more', listed(node('sda', { color: 'red' }))],
    ['a field less', listed({ kname: 'sda' })],
    ['a name that is a path', listed(node('../../etc'))],
    ['a name with a slash', listed(node('sd/a'))],
    ['a name that begins with a dash', listed(node('-rf'))],
    ['a name without end', listed(node('s'.repeat(65)))],
    ['a number that is none', listed(node('sda', { 'maj:min': '8:1/..' }))],
    ['a negative size', listed(node('sda', { size: -1 }))],
    ['a size above all', listed(node('sda', { size: 2 ** 60 }))],
    ['a list for a serial', listed(node('sda', { serial: ['x'] }))],
    ['a text for children', listed(node('sda', { children: 'none' }))],
  ])('is refused with %s', (_, bytes) => expect(() => parseLsblk(bytes)).toThrow())

  it('is read up to so many devices, so deep, so many bytes', () => {
    const many = (count: number): Buffer => listed(...Array.from({ length: count }, (_, i) => node(`sd${i}`)))
    expect(parseLsblk(many(limits.driveNodes))).toHaveLength(limits.driveNodes)
    expect(() => parseLsblk(many(limits.driveNodes + 1))).toThrow('devices')
    expect(parseLsblk(listed(nested(limits.driveDepth)))).toHaveLength(1)
    expect(() => parseLsblk(listed(nested(limits.driveDepth + 1)))).toThrow('deep')
    expect(() => parseLsblk(Buffer.alloc(limits.driveListBytes + 1, 0x20))).toThrow('bytes')
  })

  it('is read in the forms of older and newer versions', () => {
    const old = stick({ size: '8000000000', ro: '0', rm: '1', hotplug: '1' })
    expect(parseLsblk(listed(old))).toEqual(parseLsblk(listed(stick())))
  })

  it('is asked by an absolute path; what does not answer, or not so, is told', async () => {
    const right = fakePrograms(() => ({ output: listed(stick()) }))
    expect(await askLsblk(right)).toHaveLength(1)
    expect(right.asked[0]?.[0]).toBe('/usr/bin/lsblk')
    for (const answer of [null, { ended: 'no answer for 10 seconds' }, { ended: 'code 1' }, { output: 'x' }])
      expect((await failureOf(askLsblk(fakePrograms(() => answer)))).code).toBe('drives-unreadable')
    expect(await askLsblk(fakePrograms(() => ({ ended: 'code 64', output: listed() })))).toEqual([])
  })
})
