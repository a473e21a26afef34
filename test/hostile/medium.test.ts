import { execFileSync } from 'node:child_process'
import { appendFile, cp, mkdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CheckId } from '../../shared/text/checks.ts'
import type { Medium } from '../../main/bundle/medium.ts'
import { createStationKey } from '../../main/sign/key-file.ts'
import type { Signer } from '../../main/sign/signer.ts'
import { sallyport } from '../support/command-line.ts'
import { makeBundle, makeCrossing, writeTo, type Crossing } from '../support/desks.ts'
import { copyBundle, flipBit, membersOf } from '../support/media.ts'
import { resignMedium } from '../support/resign-medium.ts'
import { expectRefused, expectStopped } from '../support/refusal.ts'

describe('a medium that somebody changed', () => {
  let crossing: Crossing
  let folder: string
  let again: string
  let parts: string
  beforeAll(async () => {
    crossing = await makeCrossing()
    const content = { 'notes.txt': Buffer.alloc(3000, 'page '), 'empty.txt': '', 'one.txt': '1' }
    const made = await makeBundle(crossing, 'medium', content)
    folder = made.folder
    again = await writeTo(crossing, made.id, 'again')
    parts = await writeTo(crossing, made.id, 'parts', ['--part-size', '10000'])
  })
  afterAll(() => crossing.dispose())

  const changed = async (change: (copy: string) => Promise<unknown>, from = folder): Promise<string> => {
    const copy = await copyBundle(crossing, from)
    await change(copy)
    return copy
  }
  const refused = async (
    id: CheckId,
    change: (copy: string) => Promise<unknown>,
    from = folder,
  ): Promise<void> => {
    await expectRefused(crossing, await changed(change, from), 3, id)
  }

  const small: readonly (readonly [string, CheckId])[] = [
    ['VERIFY.txt', 'medium.file'],
    ['station.pub', 'medium.file'],
    ['medium.json', 'medium.record'],
    ['medium.sigstore.json', 'medium.record'],
    ['SHA256SUMS', 'medium.sums'],
    ['SHA256SUMS.sig.bin', 'medium.sums'],
  ]
  for (const [name, id] of small) {
    it(`${name}: a bit flipped at its beginning, middle and end, shorter, longer, empty, missing`, async () => {
      const size = (await readFile(join(folder, name))).length
      for (const at of [0, size >> 1, -1]) await refused(id, (copy) => flipBit(join(copy, name), at))
      await refused(id, (copy) => truncate(join(copy, name), size - 1))
      await refused(id, (copy) => appendFile(join(copy, name), '\n'))
      await refused(id, (copy) => writeFile(join(copy, name), ''))
      await refused(id, (copy) => rm(join(copy, name)))
    })
  }
  for (const name of ['waybill.json', 'waybill.sigstore.jsonl']) {
    it(`${name}: a bit flipped, shorter, longer, empty, missing; nothing is parsed`, async () => {
      const size = (await readFile(join(folder, name))).length
      const changes: ((path: string) => Promise<unknown>)[] = [
        (path) => flipBit(path, 0),
        (path) => flipBit(path, size >> 1),
        (path) => flipBit(path, -2),
        (path) => truncate(path, size - 1),
        (path) => appendFile(path, '\n'),
        (path) => writeFile(path, ''),
        (path) => rm(path),
      ]
      for (const change of changes) {
        const copy = await changed((at) => change(join(at, name)))
        const ended = await sallyport(['verify', copy, '--desk', crossing.high], crossing.clock)
        const failed = ended.json.checks.filter((check) => check.result === 'fail').map((check) => check.id)
        expect(ended.code).toBe(3)
        expect(failed.filter((id) => !id.startsWith('signatures.'))).toEqual([])
        expect(failed).not.toEqual([])
        expect(ended.json.id).toBeUndefined()
      }
    })
  }

  it('bundle.tar: a bit flipped in each header, each content, each padding and the end', async () => {
    const tar = await readFile(join(folder, 'bundle.tar'))
    const members = membersOf(tar)
    for (const { at, size } of [...members.slice(0, 6), ...members.slice(-2)]) {
      await refused('content.layout', (copy) => flipBit(join(copy, 'bundle.tar'), at + (size % 500), 3))
      if (size > 0)
        await refused('content.blob', (copy) => flipBit(join(copy, 'bundle.tar'), at + 512 + (size >> 1), 7))
      if (size % 512 !== 0) {
        await refused('content.layout', (copy) => flipBit(join(copy, 'bundle.tar'), at + 512 + size))
      }
    }
    for (const place of [-1, -1024]) {
      await refused('content.layout', (copy) => flipBit(join(copy, 'bundle.tar'), place))
    }
  })

  it('a damaged content names its part, and is not kept', async () => {
    const copy = await changed((at) => flipBit(join(at, 'bundle.tar.002'), 700), parts)
    const said = await expectRefused(crossing, copy, 3, 'medium.part')
    const part = said.checks.find((check) => check.id === 'medium.part' && check.result === 'fail')
    expect(part?.subject).toBe('bundle.tar.002')
  })

  it('bundle.tar shorter, longer, missing', async () => {
    const size = (await readFile(join(folder, 'bundle.tar'))).length
    await refused('medium.part', (copy) => truncate(join(copy, 'bundle.tar'), size - 512))
    await refused('medium.part', (copy) => appendFile(join(copy, 'bundle.tar'), Buffer.alloc(512)))
    await refused('medium.set', (copy) => rm(join(copy, 'bundle.tar')))
  })

  it('a file or a folder that is not listed, also a hidden one', async () => {
    for (const name of [
      'autorun.inf',
      '.hidden',
      'bundle.tar.001',
      '._other',
      '._',
      '.DS_Store2',
      'thumbs.db',
      'Desktop.lnk',
      '.android_secure',
    ]) {
      await refused('medium.set', (copy) => writeFile(join(copy, name), 'x'))
    }
    await refused('medium.set', (copy) => mkdir(join(copy, 'more')))
  })

  it('what a system leaves by itself is told and never opened, and a good copy stays good', async () => {
    const left = ['.DS_Store', 'Thumbs.db', 'desktop.ini', 'LOST.DIR', '._bundle.tar', '._waybill.json']
    const copy = await changed(async (at) => {
      for (const name of left) await writeFile(join(at, name), 'x')
      // Whoever opened these would wait for ever, or read elsewhere.
      await symlink('/dev/zero', join(at, '.VolumeIcon.icns'))
      execFileSync('mkfifo', [join(at, '.apdisk')])
      await mkdir(join(at, 'System Volume Information'), { mode: 0 })
    })
    const { code, json } = await sallyport(['verify', copy, '--desk', crossing.high], crossing.clock)
    const check = json.checks.find(({ id }) => id === 'medium.set')
    expect([code, check?.result]).toEqual([0, 'warn'])
    expect(check?.found).toContain('.DS_Store (macOS: how a folder was shown)')
    expect(check?.found).toContain('._bundle.tar (macOS: what it knows of a file)')
    expect(check?.found).toContain('System Volume Information (Windows: what it knows of the volume)')
  })

  it('beside what a system leaves, a missing file or a strange one is what is told', async () => {
    const missing = await changed(async (at) => {
      await writeFile(join(at, '.DS_Store'), 'x')
      await rm(join(at, 'VERIFY.txt'))
    })
    const said = await expectRefused(crossing, missing, 3, 'medium.set')
    expect(said.checks.find(({ id }) => id === 'medium.set')?.found).toBe('missing: VERIFY.txt')
  })

  it('a link or a folder in place of a file', async () => {
    for (const name of [
      'VERIFY.txt',
      'station.pub',
      'medium.json',
      'SHA256SUMS',
      'waybill.json',
      'bundle.tar',
    ]) {
      const asLink = await changed(async (copy) => {
        await rename(join(copy, name), join(dirname(copy), 'aside'))
        await symlink(join(dirname(copy), 'aside'), join(copy, name))
      })
      const asFolder = await changed(async (copy) => {
        await rm(join(copy, name))
        await mkdir(join(copy, name))
      })
      for (const copy of [asLink, asFolder]) {
        const ended = await sallyport(['verify', copy, '--desk', crossing.high], crossing.clock)
        expect({ name, code: ended.code, outcome: ended.json.outcome }).toEqual({
          name,
          code: 3,
          outcome: 'failed',
        })
      }
    }
  })

  it('parts: one missing, two swapped, one renamed, one cut short, one more', async () => {
    await refused('medium.part', (copy) => rm(join(copy, 'bundle.tar.002')), parts)
    await refused(
      'content.layout',
      async (copy) => {
        await rename(join(copy, 'bundle.tar.001'), join(copy, 'x'))
        await rename(join(copy, 'bundle.tar.002'), join(copy, 'bundle.tar.001'))
        await rename(join(copy, 'x'), join(copy, 'bundle.tar.002'))
      },
      parts,
    )
    await refused(
      'medium.set',
      (copy) => rename(join(copy, 'bundle.tar.002'), join(copy, 'bundle.tar.2')),
      parts,
    )
    await refused('medium.part', (copy) => truncate(join(copy, 'bundle.tar.001'), 9999), parts)
    await refused(
      'medium.set',
      (copy) => cp(join(copy, 'bundle.tar.001'), join(copy, 'bundle.tar.004')),
      parts,
    )
  })

  it('files of another run: medium.json alone, with its signature, and a part', async () => {
    await refused('medium.record', (copy) => cp(join(again, 'medium.json'), join(copy, 'medium.json')))
    await refused('medium.sums', async (copy) => {
      for (const name of ['medium.json', 'medium.sigstore.json'])
        await cp(join(again, name), join(copy, name))
    })
    await refused('medium.set', (copy) => cp(join(parts, 'bundle.tar.001'), join(copy, 'bundle.tar.001')))
    await refused('medium.part', async (copy) => {
      await rm(join(copy, 'bundle.tar'))
      await cp(join(parts, 'bundle.tar.001'), join(copy, 'bundle.tar'))
    })
  })

  const resign = (copy: string, change: (medium: Medium) => unknown, station?: Signer): Promise<void> =>
    resignMedium(crossing, copy, change, station)

  it('signed again by the same station passes; by another station, never', async () => {
    const honest = await changed((copy) => resign(copy, (medium) => medium))
    expect((await sallyport(['verify', honest, '--desk', crossing.high], crossing.clock)).code).toBe(0)
    const stranger = (await createStationKey()).signer
    await refused('medium.record', (copy) => resign(copy, (medium) => medium, stranger))
  })

  it('a record that the right station signed, and that lies', async () => {
    const other = `sha256:${'0'.repeat(64)}` as const
    const lies: readonly (readonly [CheckId, (medium: Medium) => unknown])[] = [
      ['medium.record', (medium) => ({ ...medium, waybill: other })],
      ['medium.record', (medium) => ({ ...medium, format: 'sallyport.medium/v2' })],
      ['medium.record', (medium) => ({ ...medium, more: 1 })],
      ['medium.record', (medium) => ({ ...medium, number: 2 })],
      ['medium.record', (medium) => ({ ...medium, parts: [] })],
      ['medium.record', (medium) => ({ ...medium, files: [] })],
      ['medium.record', (medium) => ({ ...medium, files: medium.files.slice(1) })],
      ['medium.record', (medium) => ({ ...medium, files: [...medium.files, medium.files[0]] })],
      [
        'medium.record',
        (medium) => ({
          ...medium,
          files: [{ ...medium.files[0], name: '../../passphrase' }, ...medium.files.slice(1)],
        }),
      ],
      [
        'medium.record',
        (medium) => ({ ...medium, parts: medium.parts.map((part) => ({ ...part, name: '../bundle.tar' })) }),
      ],
      ['medium.record', (medium) => ({ ...medium, parts: [...medium.parts, ...medium.parts] })],
      [
        'medium.part',
        (medium) => ({ ...medium, parts: medium.parts.map((part) => ({ ...part, offset: 512 })) }),
      ],
      [
        'medium.part',
        (medium) => ({ ...medium, parts: medium.parts.map((part) => ({ ...part, size: part.size - 512 })) }),
      ],
      [
        'medium.sums',
        (medium) => ({ ...medium, parts: medium.parts.map((part) => ({ ...part, digest: other })) }),
      ],
      [
        'medium.file',
        (medium) => ({ ...medium, files: medium.files.map((file) => ({ ...file, digest: other })) }),
      ],
    ]
    for (const [id, lie] of lies) await refused(id, (copy) => resign(copy, lie))
  })

  it('two bundles at the path, none, and what is no medium at all', async () => {
    const both = join(crossing.folder, 'both')
    await cp(folder, join(both, basename(folder)), { recursive: true })
    await cp(folder, join(both, 'sallyport-0123456789abcdef'), { recursive: true })
    const verify = (path: string): ReturnType<typeof sallyport> =>
      sallyport(['verify', path, '--desk', crossing.high], crossing.clock)
    const two = await verify(both)
    expect({ code: two.code, failure: two.json.failure.code }).toEqual({
      code: 1,
      failure: 'medium-ambiguous',
    })
    const none = await verify(join(crossing.folder, 'request'))
    expect({ code: none.code, failure: none.json.failure.code }).toEqual({
      code: 1,
      failure: 'medium-nothing',
    })
    const gone = await verify(join(crossing.folder, 'not-there'))
    expect({ code: gone.code, failure: gone.json.failure.code }).toEqual({
      code: 1,
      failure: 'file-unreadable',
    })
    const empty = join(crossing.folder, 'empty', basename(folder))
    await mkdir(empty, { recursive: true })
    await expectStopped(crossing, dirname(empty), 'signatures.form')
  })
})
