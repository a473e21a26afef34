import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { sallyport } from '../support/command-line.ts'
import { layProgram } from '../support/credential-program.ts'
import { makeCrossing, writeRequest, type Crossing } from '../support/desks.ts'
import { sampleImage } from '../support/images.ts'
import { answer, TestRegistry } from '../support/registry.ts'

/* Credentials as docker and podman write them, and what a refusal says of what was sent. */

let crossing: Crossing
let registry: TestRegistry
let programs: string
let count = 0
const sample = sampleImage()
beforeAll(async () => {
  crossing = await makeCrossing()
  programs = join(crossing.folder, 'programs')
  registry = await new TestRegistry().open()
  for (const name of ['team/app', 'open/app']) registry.add(name, sample.content, { '1': sample.root })
  registry.switches.push((request, response, path) => {
    const right = `Basic ${Buffer.from('bob:right').toString('base64')}`
    if (path.startsWith('/v2/open/') || request.headers.authorization === right) return false
    answer(response, 401, { 'www-authenticate': 'Basic realm="x"' })
    return true
  })
  await layProgram(programs, 'keys', { [registry.host]: { username: 'bob', secret: 'right' } })
  await layProgram(programs, 'stale', { [registry.host]: { username: 'bob', secret: 'wandering' } })
  await layProgram(programs, 'empty', {})
  await layProgram(programs, 'locked', {}, 'exit 2')
})
afterEach(() => vi.unstubAllEnvs())
afterAll(async () => {
  await registry.close()
  await crossing.dispose()
})

async function collect(file: unknown, repository = 'team/app') {
  const desk = join(crossing.folder, `low-${(count += 1)}`)
  await cp(crossing.low, desk, { recursive: true })
  const auth = join(crossing.folder, 'config.json')
  if (file !== null) await writeFile(auth, JSON.stringify(file))
  vi.stubEnv('PATH', `${programs}:/usr/bin:/bin`)
  const request = await writeRequest(crossing, [
    `{ image: "${registry.host}/${repository}:1", allow: [plain-http] }`,
  ])
  const given = file === null ? [] : ['--auth-file', auth]
  return sallyport(['collect', request, '--desk', desk, ...given], crossing.clock)
}
const pair = (text: string) => ({ auth: Buffer.from(text).toString('base64') })

describe('a collect', () => {
  it('takes credentials from a store, a helper, and for a part of a registry', async () => {
    const files = [
      { credsStore: 'keys' },
      { credsStore: 'keys', auths: { [registry.host]: {} } },
      { credHelpers: { [registry.host]: 'keys' } },
      { auths: { [registry.host]: pair('bob:wrong'), [`${registry.host}/team`]: pair('bob:right') } },
    ]
    for (const file of files) expect((await collect(file)).code, JSON.stringify(file)).toBe(0)
    expect(new Set((await readFile(join(programs, 'asked'), 'utf8')).trim().split('\n'))).toEqual(
      new Set([`keys ${registry.host}`]),
    )
  })

  it('of what everybody may have is stopped by no file', async () => {
    const broken = { auths: { [registry.host]: { auth: 'eA==' }, 'other.example': null } }
    for (const file of [{}, { credsStore: 'nowhere' }, { credsStore: 'locked' }, broken])
      expect((await collect(file, 'open/app')).code, JSON.stringify(file)).toBe(0)
  })

  it('that is refused says what was sent, and what was not', async () => {
    const { host } = registry
    const sent = (key: string) =>
      `Of credentials what stands under ${key} was sent to ${host} and where it gives tokens, and nowhere else.`
    const none = (why: string) => `Of credentials none was sent to ${host}, because ${why}.`
    const rows: [file: unknown, said: string][] = [
      [null, none('no file of credentials was given')],
      [{}, none('the file has none for it')],
      [{ auths: { 'other.example': pair('bob:right') } }, none('the file has none for it')],
      [{ auths: { [`${host}/other`]: pair('bob:right') } }, none('the file has none for it')],
      [{ credsStore: 'empty' }, none('docker-credential-empty knows none for it')],
      [{ auths: { [host]: pair('bob:wandering') } }, sent(host)],
      [{ auths: { [`${host}/team`]: pair('bob:wandering') } }, sent(`${host}/team`)],
      [{ credsStore: 'stale' }, sent(host)],
    ]
    for (const [file, said] of rows) {
      const { code, json, stdout, stderr } = await collect(file)
      expect([code, json.failure.code, json.failure.facts['host']]).toEqual([1, 'registry-auth', host])
      expect(json.failure.safe).toBe(`Nothing was collected or exported. ${said}`)
      expect(`${stdout}${stderr}`).not.toContain('wandering')
    }
  })

  it('whose program does not answer names it', async () => {
    for (const [store, found] of [
      ['nowhere', 'it is not on the PATH'],
      ['locked', 'code 2'],
    ] as const) {
      const { code, json } = await collect({ credsStore: store })
      const { facts } = json.failure
      expect([code, json.failure.code, facts['program'], facts['found']]).toEqual([
        1,
        'auth-store',
        `docker-credential-${store}`,
        found,
      ])
    }
  })
})
