import { execFileSync, spawn } from 'node:child_process'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { existsSync } from 'node:fs'
import { readArguments } from '../../../main/command/arguments.ts'
import { keyCreate } from '../../../main/command/key-create.ts'
import { Screen } from '../../../main/command/screen.ts'
import { openSession } from '../../../main/desk/session.ts'
import { systemClock } from '../../../main/platform/clock.ts'
import { openGate } from '../../../main/platform/network.ts'
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

  it('has no mark before it, as Windows writes one', async () => {
    const path = join(folder, 'marked')
    await writeFile(path, '\ufeffcorrect horse\r\n')
    expect(await read(path)).toBe('correct horse')
  })

  it('of a new key is typed twice at a terminal: a slip would lock it for ever', async () => {
    const key = join(folder, 'typed.key')
    const make = async (...typed: string[]): Promise<{ code: string; asked: number }> => {
      let asked = 0
      const host = {
        passphrase: () => Promise.resolve(typed[asked++] ?? ''),
        session: openSession({ clock: systemClock(), network: openGate }),
        call: (name: never, input: never) => host.session.call(name, input),
      }
      const args = readArguments(keyCreate, [key, '--algorithm', 'p256'])
      const ended = await keyCreate.run(host as never, args).then(
        () => 'made',
        (error: unknown) => (error as { code: string }).code,
      )
      await host.session.close()
      return { code: ended, asked }
    }
    const secret = 'correct horse battery'
    expect(await make(secret, 'correct horse batterz')).toEqual({ code: 'passphrase-differs', asked: 2 })
    expect(existsSync(key)).toBe(false)
    expect(await make(secret, secret)).toEqual({ code: 'made', asked: 2 })
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
