import { existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drivePrograms } from '../../../../main/media/drives/programs.ts'
import { limits } from '../../../../main/platform/limits.ts'
import { kernelText, mountsHere } from '../../../../main/platform/mounts.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-programs-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const programs = drivePrograms({
  PATH: '/usr/bin',
  SECRET: 'x',
  LD_PRELOAD: '/tmp/evil.so',
  SystemRoot: 'C:\\Windows',
})

describe.skipIf(!existsSync('/usr/bin/env'))(
  'programs that know drives (needs a system with /usr/bin/env)',
  () => {
    it('are not looked for on the PATH, and may be none', async () => {
      expect(await programs.run(['/not/there/env', join(folder, 'none')], [], 1000)).toBeNull()
      writeFileSync(join(folder, 'plain'), '#!/bin/sh\n', { mode: 0o644 })
      expect(await programs.at([join(folder, 'plain'), folder])).toBeNull()
      expect(await programs.at(['/not/there/env', '/usr/bin/env'])).toBe('/usr/bin/env')
    })

    it('are given nothing of this account', async () => {
      const ran = await programs.run(['/usr/bin/env'], [], limits.driveTime)
      const names = ran?.output
        .toString('utf8')
        .split('\n')
        .map((line) => line.split('=')[0])
      expect(names?.filter((name) => name !== '').sort()).toEqual(['HOME', 'LC_ALL', 'SystemRoot'])
    })

    it('are ended when they say too much or nothing', async () => {
      expect((await programs.run(['/usr/bin/yes'], [], limits.driveTime))?.ended).toContain('more than')
      expect((await programs.run(['/usr/bin/sleep', '/bin/sleep'], ['60'], 100))?.ended).toContain(
        'no answer',
      )
    })
  },
)

describe('files of the kernel', () => {
  it('are read up to their limit, and are nothing above it or where there are none', async () => {
    const path = join(folder, 'mounts')
    writeFileSync(path, '')
    truncateSync(path, limits.mountsBytes)
    expect(await kernelText(path, limits.mountsBytes)).toHaveLength(limits.mountsBytes)
    truncateSync(path, limits.mountsBytes + 1)
    expect(await kernelText(path, limits.mountsBytes)).toBe('')
    expect(await kernelText(join(folder, 'none'), 10)).toBe('')
    expect(await kernelText(folder, 10)).toBe('')
    expect(await mountsHere(folder)).toEqual([])
  })
})
