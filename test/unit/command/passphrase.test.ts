import { execFileSync, spawn } from 'node:child_process'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Screen } from '../../../main/command/screen.ts'
import { passphraseFrom } from '../../../main/command/passphrase.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-passphrase-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const read = (path: string): Promise<string> =>
  passphraseFrom(new PassThrough(), new Screen({ output: new PassThrough(), errors: new PassThrough() }))(
    path,
    'Passphrase: ',
  )
const pipe = (name: string, text: string): string => {
  const path = join(folder, name)
  execFileSync('mkfifo', [path])
  spawn('sh', ['-c', `printf '%s' "$1" > "$2"`, 'sh', text, path])
  return path
}

describe('a passphrase', () => {
  it('is the first line of a file, also behind a link', async () => {
    const path = join(folder, 'file')
    await writeFile(path, 'correct horse\r\nsecond line\n')
    await symlink(path, join(folder, 'link'))
    expect([await read(path), await read(join(folder, 'link'))]).toEqual(['correct horse', 'correct horse'])
  })

  it('may come from a pipe, to its end, and no further than its limit', async () => {
    expect(await read(pipe('pipe', 'battery staple\n'))).toBe('battery staple')
    await expect(read(pipe('long', 'x'.repeat(5000)))).rejects.toMatchObject({ code: 'file-too-large' })
  })

  it('comes from nothing else', async () => {
    for (const path of [folder, '/dev/zero', join(folder, 'nowhere')])
      await expect(read(path)).rejects.toMatchObject({ code: 'file-unreadable' })
  })
})
