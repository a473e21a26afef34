import { execFileSync } from 'node:child_process'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { chartFiles, chartIndex, packedChart } from '../support/charts.ts'
import { sallyport } from '../support/command-line.ts'
import { writeRequest } from '../support/desks.ts'
import { sha256 } from '../support/made-tar.ts'
import { everyFile } from '../support/every-file.ts'
import { openReleasing, type Releasing } from '../support/releasing.ts'
import { WebServer } from '../support/web-server.ts'

/* Log-ins of files of the web, repositories of charts and git: to whom they are sent, and to whom they are not. */

let at: Releasing
let web: WebServer
let other: WebServer
/** Authorizations that each server was shown. */
const shown = { web: [] as string[], other: [] as string[] }
const right = `Basic ${Buffer.from('robin:se cret').toString('base64')}`

const asking =
  (heard: string[], wanted: string): NonNullable<WebServer['fault']> =>
  (request, response) => {
    const { authorization } = request.headers
    heard.push(authorization ?? '')
    if (authorization === wanted) return false
    response.writeHead(401, { 'www-authenticate': 'Basic realm="files"' }).end()
    return true
  }

beforeAll(async () => {
  at = await openReleasing()
  web = await new WebServer().start()
  other = await new WebServer().start()
})
beforeEach(() => {
  shown.web.length = 0
  shown.other.length = 0
  web.fault = asking(shown.web, right)
  other.fault = asking(shown.other, 'never')
})
afterAll(async () => {
  await web.close()
  await other.close()
  await at.crossing.dispose()
})

const content = Buffer.alloc(5000, 3)
const url = (address: string): string =>
  `{url: "${address}", sha256: ${sha256(content).slice(7)}, allow: [plain-http]}`

async function withLogins(auths: Readonly<Record<string, object>>): Promise<readonly string[]> {
  const path = join(at.crossing.folder, 'auth.json')
  await writeFile(path, JSON.stringify({ auths }))
  return ['--auth-file', path]
}
const robin = { username: 'robin', password: 'se cret' }

async function refused(
  items: string | readonly string[],
  words: readonly string[],
): Promise<{ code: string; facts: object; text: string }> {
  const request = await writeRequest(at.crossing, [items].flat())
  const ended = await sallyport(['collect', request, '--desk', at.crossing.low, ...words], at.crossing.clock)
  expect(ended.code).toBe(1)
  return { ...ended.json.failure, text: `${ended.stdout}${ended.stderr}` }
}

describe('a log-in', () => {
  it('is sent to the host that the file names, once that asks, and stands in nothing that is kept or said', async () => {
    const [one] = await at.collected(
      [url(web.put('/tool.bin', content))],
      await withLogins({ [web.host]: robin }),
    )
    expect(one?.kind).toBe('file')
    expect(shown.web).toEqual(['', right])
    for (const path of (await everyFile(at.crossing.low)).keys())
      expect(
        (await readFile(path)).includes('se cret') || (await readFile(path)).includes(right.slice(6)),
      ).toBe(false)
  })

  it('is of the part of a host that is asked for', async () => {
    const words = await withLogins({
      [`${web.host}/team`]: robin,
      [web.host]: { ...robin, password: 'wrong' },
    })
    await at.collected([url(web.put('/team/tool.bin', content))], words)
    expect(shown.web).toEqual(['', right])
    const found = await refused(url(web.put('/else/tool.bin', content)), words)
    expect(found).toMatchObject({ code: 'web-login', facts: { host: web.host, status: 401 } })
    expect(found.text).not.toMatch(/wrong|se cret/)
  })

  it.each([
    ['no file names that host', { 'registry.example': robin }, /the file has none for it/],
    ['there is a token for those who give tokens', null, /takes a user and a password, and there is a token/],
  ])('is not sent where %s, and the refusal says so', async (_, auths, said) => {
    const words = await withLogins(auths ?? { [web.host]: { identitytoken: 'tok' } })
    const found = await refused(url(web.put('/tool.bin', content)), words)
    expect(found).toMatchObject({ code: 'web-login', facts: { host: web.host, status: 401 } })
    expect((found.facts as { found: string }).found).toMatch(said)
    expect(shown.web).toEqual([''])
  })

  it('is not sent to where a host sends us on to', async () => {
    const address = other.put('/tool.bin', content)
    const ask = web.fault
    web.fault = (request, response) => {
      if (ask?.(request, response) === true) return true
      response.writeHead(302, { location: address }).end()
      return true
    }
    // The other host may be asked without TLS because the request names it too.
    const items = [url(web.put('/tool.bin', content)), url(other.put('/else.bin', content))]
    const found = await refused(items, await withLogins({ [web.host]: robin }))
    expect(found).toMatchObject({ code: 'web-login', facts: { host: other.host } })
    expect(shown.web).toEqual(['', right])
    expect(shown.other).toEqual(['', ''])
  })

  it('opens a repository of charts', async () => {
    const packed = await packedChart('app', chartFiles('app', '1.2.3'))
    web.put('/stable/app.tgz', packed)
    web.put(
      '/stable/index.yaml',
      chartIndex('app', [{ version: '1.2.3', url: 'app.tgz', digest: sha256(packed).slice(7) }]),
    )
    const item = `{chart: "http://${web.host}/stable", name: app, version: 1.2.3, allow: [plain-http]}`
    const [one] = await at.collected([item], await withLogins({ [web.host]: robin }))
    expect(one?.kind).toBe('chart')
  })

  it('opens a repository of git, by no word that others see, and only where the file names it', async () => {
    const folder = join(at.crossing.folder, 'repository')
    const git = (...words: string[]): string =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', '-C', folder, ...words], {
        encoding: 'utf8',
      }).trim()
    execFileSync('git', ['init', '--quiet', folder])
    git('commit', '--quiet', '--allow-empty', '-m', 'one')
    const commit = git('rev-parse', 'HEAD')
    git('update-server-info')
    const below = join(folder, '.git')
    for (const entry of await readdir(below, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name)
      if (entry.isFile()) web.put(`/app.git/${relative(below, path)}`, await readFile(path))
    }
    const item = `{git: "http://${web.host}/app.git", commit: ${commit}, allow: [plain-http]}`
    expect(await refused(item, [])).toMatchObject({ code: 'git-failed', facts: { step: 'fetch' } })
    expect(new Set(shown.web)).toEqual(new Set(['']))
    shown.web.length = 0
    const [one] = await at.collected([item], await withLogins({ [web.host]: robin }))
    expect(one?.kind).toBe('git')
    expect(new Set(shown.web)).toEqual(new Set([right]))
  })
})
