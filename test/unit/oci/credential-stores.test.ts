import { execFileSync } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { helperEnvironment } from '../../../main/desk/work/environment.ts'
import { askStores, type Asking } from '../../../main/oci/credential-stores.ts'
import { credentialFor, noCredentials, parseCredentials } from '../../../main/oci/credentials.ts'
import { Failure } from '../../../main/platform/failure.ts'
import { layProgram } from '../../support/credential-program.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-programs-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const read = (value: unknown) => parseCredentials(Buffer.from(JSON.stringify(value)))
const pair = (text: string) => ({ auth: Buffer.from(text).toString('base64') })
const at = (host: string, repository = 'team/app') => ({ host, repository })
const asking = (more: Partial<Asking> = {}): Asking => ({
  environment: (name) => helperEnvironment(name, { PATH: `${folder}:/usr/bin:/bin` }),
  signal: new AbortController().signal,
  ...more,
})
const asked = async (): Promise<string[]> =>
  (await readFile(join(folder, 'asked'), 'utf8').catch(() => '')).split('\n').filter((line) => line !== '')

/** What is found for a host, or why nothing is. */
async function found(file: unknown, host = 'r.example', repository = 'team/app', how = asking()) {
  const credentials = await askStores(read(file), [at(host, repository)], how)
  const { credential, said } = credentialFor(credentials, host, repository)
  return credential ?? said
}
async function refusal(file: unknown, how = asking()): Promise<unknown> {
  const error: unknown = await found(file, 'r.example', 'team/app', how).catch((reason: unknown) => reason)
  return error instanceof Failure ? [error.code, error.facts['program'], error.facts['found']] : error
}

describe('an entry of a file', () => {
  const file = {
    auths: {
      'r.example': pair('all:1'),
      'r.example/team': pair('team:2'),
      'https://r.example/team/app/x': pair('x:3'),
    },
  }

  it.each([
    ['team/app', 'team'],
    ['team', 'team'],
    ['team/app/x', 'x'],
    ['team/app/x/y', 'x'],
    ['teams/app', 'all'],
    ['other', 'all'],
  ])('for a part of a registry: %s is %s’s', async (repository, username) =>
    expect(await found(file, 'r.example', repository)).toMatchObject({ username }),
  )

  it('for a part goes to nothing else', async () => {
    const part = { auths: { 'r.example/team': pair('team:2') } }
    expect(await found(part, 'r.example', 'other')).toContain('the file has none for it')
    expect(await found(part, 'team')).toContain('the file has none for it')
  })

  it('is named in a refusal as it was found, and without a secret', async () => {
    const credentials = await askStores(read(file), [at('r.example')], asking())
    const { said } = credentialFor(credentials, 'r.example', 'team/app')
    expect(said).toBe(
      'what stands under r.example/team was sent to r.example and where it gives tokens, and nowhere else',
    )
    expect(credentialFor(noCredentials, 'r.example').said).toBe(
      'none was sent to r.example, because no file of credentials was given',
    )
  })

  it('with the port of TLS is that without', async () => {
    expect(await found({ auths: { 'r.example:443': pair('a:1') } })).toMatchObject({ username: 'a' })
    expect(await found({ auths: { 'r.example': pair('a:1') } }, 'r.example:443')).toMatchObject({
      username: 'a',
    })
  })
})

describe('a program that holds credentials', () => {
  it('is asked as the file writes the host, and Docker Hub as Docker does', async () => {
    await layProgram(folder, 'desktop', {
      'r.example': { username: 'bob', secret: 'a"b' },
      'https://old.example/v1/': { username: 'old', secret: 's' },
      'https://index.docker.io/v1/': { username: '<token>', secret: 'refresh' },
    })
    const file = { credsStore: 'desktop', auths: { 'r.example': {}, 'https://old.example/v1/': {} } }
    expect(await found(file)).toEqual({ username: 'bob', password: 'a"b' })
    expect(await found(file, 'old.example')).toEqual({ username: 'old', password: 's' })
    expect(await found(file, 'docker.io')).toEqual({ identityToken: 'refresh' })
    expect(await found(file, 'none.example')).toBe(
      'none was sent to none.example, because docker-credential-desktop knows none for it',
    )
  })

  it('of its own for a host goes before the store, and what stands in the file needs neither', async () => {
    await layProgram(folder, 'gcloud', { 'r.example': { username: 'g', secret: 's' } })
    await layProgram(folder, 'desktop', { 'r.example': { username: 'd', secret: 's' } })
    const both = { credsStore: 'desktop', credHelpers: { 'r.example': 'gcloud' } }
    expect(await found(both)).toMatchObject({ username: 'g' })
    expect(await found({ credsStore: 'desktop', auths: { 'r.example': pair('file:1') } })).toMatchObject({
      username: 'file',
    })
    expect(await asked()).toEqual(['gcloud r.example'])
  })

  it('is asked once for each host, and not for others', async () => {
    await layProgram(folder, 'desktop', { 'r.example': { username: 'd', secret: 's' } })
    const file = read({ credsStore: 'desktop', auths: { 'other.example': {} } })
    await askStores(file, [at('r.example'), at('r.example', 'other'), at('s.example')], asking())
    expect((await asked()).sort()).toEqual(['desktop r.example', 'desktop s.example'])
  })

  it('that knows none leaves what stands in the file', async () => {
    await layProgram(folder, 'gcloud', {})
    const file = { credHelpers: { 'r.example': 'gcloud' }, auths: { 'r.example': pair('file:1') } }
    expect(await found(file)).toMatchObject({ username: 'file' })
  })

  it.each(['../desktop', 'desk top', 'a/b', '-x', 'Desktop', '$(touch x)', 'a'.repeat(65)])(
    'by a name that is none is not run: %s',
    async (name) => expect(await refusal({ credsStore: name })).toContain('auth-store'),
  )

  it('is run from the PATH alone, and only where it may be', async () => {
    expect(await refusal({ credsStore: 'desktop' })).toEqual([
      'auth-store',
      'docker-credential-desktop',
      'it is not on the PATH',
    ])
    await layProgram(folder, 'desktop', {})
    const relative = { environment: () => ({ PATH: '.:bin' }) }
    expect(await refusal({ credsStore: 'desktop' }, asking(relative))).toContain('auth-store')
    await chmod(join(folder, 'docker-credential-desktop'), 0o644)
    expect(await refusal({ credsStore: 'desktop' })).toContain('auth-store')
    const high = await askStores(read({ credsStore: 'desktop' }), [at('r.example')], null)
    expect(credentialFor(high, 'r.example').said).toContain('not run on a high desk')
    expect(await asked()).toEqual([])
  })

  it.each([
    ['echo nonsense; exit 0', 'an answer that is not JSON'],
    ['echo "{}"; exit 0', 'an answer without user and secret'],
    ['echo "it is locked: hunter2"; exit 3', 'code 3'],
    ['kill -9 $$', 'ended by SIGKILL'],
    ['while :; do echo 0123456789; done', 'more than 65536 bytes'],
  ])('that does %s gives none, and only its host hears of it', async (instead, why) => {
    await layProgram(folder, 'desktop', {}, instead)
    expect(await refusal({ credsStore: 'desktop' })).toEqual(['auth-store', 'docker-credential-desktop', why])
    const file = { credsStore: 'desktop', auths: { 's.example': pair('s:1') } }
    const credentials = await askStores(read(file), [at('r.example'), at('s.example')], asking())
    expect(credentialFor(credentials, 's.example').credential).toMatchObject({ username: 's' })
  })

  it('that never answers is ended with all that it started, when its time is over or the work ends', async () => {
    const marks = join(folder, 'marks')
    await layProgram(folder, 'desktop', {}, `sh -c 'echo $$ >> ${marks}; exec sleep 600' & sleep 600`)
    const alive = async (): Promise<boolean[]> =>
      (await readFile(marks, 'utf8'))
        .trim()
        .split('\n')
        .map((pid) => {
          try {
            return execFileSync('ps', ['-o', 'stat=', '-p', pid], { encoding: 'utf8' }).trim()[0] !== 'Z'
          } catch {
            return false
          }
        })
    const stop = new AbortController()
    const act = refusal({ credsStore: 'desktop' }, asking({ signal: stop.signal }))
    await expect.poll(() => readFile(marks, 'utf8').catch(() => '')).toMatch(/\d\n/)
    stop.abort()
    expect(await act).toContain('cancelled')
    await expect.poll(alive).toEqual([false])
    const late = await refusal({ credsStore: 'desktop' }, asking({ patience: 300 }))
    expect(late).toEqual(['auth-store', 'docker-credential-desktop', 'no answer for 0.3 seconds'])
    await expect.poll(async () => (await alive()).includes(true)).toBe(false)
  })

  it('is given what it needs to find its person and files, and no secret of another', async () => {
    await layProgram(folder, 'desktop', {})
    const secrets = {
      SIGSTORE_ID_TOKEN: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
      HTTPS_PROXY: 'http://u:p@x',
      NODE_OPTIONS: '-x',
    }
    const all = { PATH: `${folder}:/usr/bin:/bin`, HOME: folder, XDG_RUNTIME_DIR: '/run', ...secrets }
    await found(
      { credsStore: 'desktop' },
      'r.example',
      'x',
      asking({ environment: (name) => helperEnvironment(name, all) }),
    )
    const given = await readFile(join(folder, 'variables'), 'utf8')
    expect(given).toContain(`HOME=${folder}`)
    for (const name of Object.keys(secrets)) expect(given).not.toContain(name)
    expect(Object.keys(helperEnvironment('ecr-login', all)).sort()).toEqual([
      'AWS_SECRET_ACCESS_KEY',
      'HOME',
      'HTTPS_PROXY',
      'PATH',
      'XDG_RUNTIME_DIR',
    ])
    await writeFile(join(folder, 'asked'), '')
  })
})
