import { execFileSync, spawnSync } from 'node:child_process'
import { createServer } from 'node:http'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { detached, pgpPair, type Pair } from '../support/openpgp-keys.ts'
import { findingsOf, openReleasing, type Releasing } from '../support/releasing.ts'

/* Repositories of git in a request, made and read by git itself. */

const hasGit = spawnSync('git', ['--version']).status === 0
const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }
const by = ['-c', 'user.name=Maker', '-c', 'user.email=maker@example.test']

let at: Releasing
let maker: Pair
const commits: string[] = []
const git = (...words: string[]): string =>
  execFileSync('git', ['-C', at.inRequest('app'), ...by, ...words], { env, encoding: 'utf8' }).trim()

/** A tag as `git tag -s` makes it, with the time of the test. */
async function signedTag(name: string, commit: string, pair: Pair, own = name): Promise<void> {
  const text = `object ${commit}\ntype commit\ntag ${own}\ntagger Maker <maker@example.test> 1760000000 +0000\n\nRelease\n`
  const armored = await detached(pair, Buffer.from(text), at.crossing.clock.now(), true)
  const object = execFileSync(
    'git',
    ['-C', at.inRequest('app'), 'hash-object', '-t', 'tag', '-w', '--stdin'],
    {
      input: `${text}${armored.toString('utf8').replaceAll('\r\n', '\n')}`,
      encoding: 'utf8',
    },
  ).trim()
  git('update-ref', `refs/tags/${name}`, object)
}

describe.skipIf(!hasGit)('a repository of git (needs git)', () => {
  beforeAll(async () => {
    at = await openReleasing()
    maker = await pgpPair()
    await mkdir(at.inRequest('app'))
    git('init', '--quiet', '-b', 'main')
    for (const text of ['one', 'two']) {
      await writeFile(at.inRequest('app', 'file.txt'), `${text}\n`)
      git('add', '.')
      git('commit', '--quiet', '-m', text)
      commits.push(git('rev-parse', 'HEAD'))
    }
    await at.lay({ 'keys/maker.gpg': Buffer.from(maker.publicKey.write()) })
  })
  afterAll(() => at.crossing.dispose())

  it('at a commit crosses as a bundle that git clones, with the commit and what came before it', async () => {
    const item = `{git: app, commit: ${commits[0] ?? ''}}`
    const [one] = await at.collected([item])
    expect(one).toMatchObject({
      kind: 'git',
      name: 'app',
      version: commits[0],
      reference: 'app',
      findings: [],
    })
    const out = await at.landed([item], 'git')
    const bundle = join(out, 'git', 'app', 'app.bundle')
    execFileSync('git', ['clone', '--quiet', bundle, join(out, 'clone')], { env })
    const head = execFileSync('git', ['-C', join(out, 'clone'), 'rev-parse', 'HEAD'], {
      env,
      encoding: 'utf8',
    })
    expect(head.trim()).toBe(commits[0])
    expect(spawnSync('git', ['-C', join(out, 'clone'), 'cat-file', '-e', commits[1] ?? '']).status).not.toBe(
      0,
    )
  })

  it('at a signed tag says which commit that is and who signed it', async () => {
    await signedTag('v1.0.0', commits[1] ?? '', maker)
    const [one] = await at.collected(['{git: app, tag: v1.0.0, key: keys/maker.gpg}'])
    expect(one).toMatchObject({ kind: 'git', version: 'v1.0.0' })
    expect(findingsOf(one)).toEqual(['git-tag app'])
    expect(one?.findings[0]?.detail).toContain(commits[1])
  })

  it.each([
    [
      'a tag that nobody signed',
      async () => void git('tag', '-f', '-m', 'plain', 'v2'),
      'v2',
      { found: 'none' },
    ],
    [
      'a tag that is only a name',
      async () => void git('tag', '-f', 'v3', commits[0] ?? ''),
      'v3',
      { found: 'none of that name' },
    ],
    ['a tag that is not there', async () => undefined, 'v4', { found: 'none of that name' }],
    [
      'a tag signed by nobody known',
      async () => signedTag('v5', commits[0] ?? '', await pgpPair()),
      'v5',
      { expected: 'the tag v5 signed by somebody of keys/maker.gpg' },
    ],
    [
      'a signed tag under another name',
      async () => signedTag('v6', commits[0] ?? '', maker, 'v1.0.0'),
      'v6',
      { found: 'one that calls itself v1.0.0' },
    ],
  ])('refuses %s', async (_, prepare, tag, facts) => {
    await prepare()
    const found = await at.refused([`{git: app, tag: ${tag}, key: keys/maker.gpg}`])
    expect(found).toMatchObject({ code: 'git-refused', facts })
  })

  describe('with tags signed by SSH', () => {
    const key = (name: string): string => join(at.crossing.folder, `${name}.key`)
    const sshTag = (name: string, by = 'maker', purpose = 'git'): void => {
      const text = `object ${commits[1] ?? ''}\ntype commit\ntag ${name}\ntagger Maker <maker@example.test> 1760000000 +0000\n\nRelease\n`
      const signature = execFileSync('ssh-keygen', ['-Y', 'sign', '-n', purpose, '-f', key(by)], {
        input: text,
        encoding: 'utf8',
        stdio: ['pipe', 'pipe', 'ignore'],
      })
      const object = execFileSync(
        'git',
        ['-C', at.inRequest('app'), 'hash-object', '-t', 'tag', '-w', '--stdin'],
        { input: `${text}${signature}`, encoding: 'utf8' },
      ).trim()
      git('update-ref', `refs/tags/${name}`, object)
    }
    beforeAll(async () => {
      for (const [name, type] of [
        ['maker', 'ed25519'],
        ['other', 'ecdsa'],
      ] as const)
        execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', key(name)])
      const [maker = '', other = ''] = await Promise.all(
        ['maker', 'other'].map((name) => readFile(`${key(name)}.pub`, 'utf8')),
      )
      await at.lay({
        'keys/maker.pub': maker,
        'keys/both': `# who may sign\nother@example.test ${other}maker@example.test namespaces="git,file" ${maker}`,
        'keys/files': `maker@example.test namespaces="file" ${maker}`,
        'keys/none': 'maker@example.test valid-before="20200101" '.concat(maker),
      })
    })

    it.each([
      ['a public key', 'keys/maker.pub', 'maker'],
      ['a list of those who may', 'keys/both', 'maker'],
      ['another of them', 'keys/both', 'other'],
    ])('takes one by %s', async (_, file, who) => {
      const tag = `ssh-${who}-${file.slice(5).replace('.', '-')}`
      sshTag(tag, who)
      const [one] = await at.collected([`{git: app, tag: ${tag}, key: ${file}}`])
      expect(one?.findings.map(({ code }) => code)).toEqual(['git-tag'])
      expect(one?.findings[0]?.detail).toContain('by the SSH key ')
      // What git itself says of it, where a list of signers is there.
      if (file === 'keys/both') {
        const allowed = ['-c', `gpg.ssh.allowedSignersFile=${at.inRequest(file)}`]
        const said = spawnSync('git', ['-C', at.inRequest('app'), ...allowed, 'tag', '-v', tag], {
          env,
          encoding: 'utf8',
        })
        expect(said.stderr).toContain('Good "git" signature')
      }
    })

    it.each([
      [
        'by somebody else',
        'other',
        'git',
        'keys/maker.pub',
        'a signature by another key, or over another tag',
      ],
      [
        'for files and not for git',
        'maker',
        'file',
        'keys/maker.pub',
        'an SSH signature for “file”, not for “git”',
      ],
      [
        'by a key that may sign files alone',
        'maker',
        'git',
        'keys/files',
        'no SSH key that may sign for git',
      ],
      [
        'by a key with conditions that are not understood',
        'maker',
        'git',
        'keys/none',
        'no SSH key that may sign for git',
      ],
      [
        'by SSH, held against keys of OpenPGP',
        'maker',
        'git',
        'keys/maker.gpg',
        'no SSH key that may sign for git',
      ],
    ])('refuses one %s', async (how, who, purpose, file, found) => {
      const tag = `ssh-${how.replace(/\W+/g, '-')}`
      sshTag(tag, who, purpose)
      const refused = await at.refused([`{git: app, tag: ${tag}, key: ${file}}`])
      expect(refused).toMatchObject({
        code: 'git-refused',
        facts: { expected: `the tag ${tag} signed by somebody of ${file}` },
      })
      expect((refused.facts as { found: string }).found).toContain(found)
    })
  })

  it('refuses a tag that was moved after it was signed', async () => {
    await signedTag('v7', commits[0] ?? '', maker)
    const object = execFileSync('git', ['-C', at.inRequest('app'), 'cat-file', 'tag', 'v7'], {
      encoding: 'utf8',
    })
    const moved = execFileSync(
      'git',
      ['-C', at.inRequest('app'), 'hash-object', '-t', 'tag', '-w', '--stdin'],
      {
        input: object.replace(commits[0] ?? '', commits[1] ?? ''),
        encoding: 'utf8',
      },
    ).trim()
    git('update-ref', 'refs/tags/v7', moved)
    const found = await at.refused(['{git: app, tag: v7, key: keys/maker.gpg}'])
    expect(found).toMatchObject({
      code: 'git-refused',
      facts: { expected: 'the tag v7 signed by somebody of keys/maker.gpg' },
    })
  })

  it('refuses a commit that is not there, and says what is only named in one', async () => {
    const none = await at.refused([`{git: app, commit: ${'0'.repeat(39)}1}`])
    expect(none.code).toBe('request-form')
    const gone = await at.refused([`{git: app, commit: '${'a'.repeat(40)}'}`])
    expect(gone).toMatchObject({ code: 'git-refused', facts: { expected: `the commit ${'a'.repeat(40)}` } })
    await writeFile(
      at.inRequest('app', '.gitmodules'),
      '[submodule "x"]\n\tpath = x\n\turl = https://git.example/x.git\n',
    )
    await writeFile(at.inRequest('app', '.gitattributes'), '*.bin filter=lfs diff=lfs\n')
    git('add', '.')
    git('commit', '--quiet', '-m', 'three')
    const [one] = await at.collected([`{git: app, commit: ${git('rev-parse', 'HEAD')}}`])
    expect(findingsOf(one)).toEqual(['git-submodule app', 'git-lfs app'])
  })

  it('runs nothing that a repository or its owner’s settings name, and asks nobody for a log-in', async () => {
    const server = createServer((request, response) => {
      heard.push(`${request.url ?? ''} ${request.headers.authorization ?? ''}`)
      response
        .writeHead(request.url?.startsWith('/moved') === true ? 302 : 401, {
          location: '/app.git/info/refs',
          'www-authenticate': 'Basic',
        })
        .end()
    })
    const heard: string[] = []
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
    for (const path of ['app.git', 'moved.git']) {
      const item = `{git: "http://${host}/${path}", commit: ${commits[0] ?? ''}, allow: [plain-http]}`
      expect(await at.refused([item])).toMatchObject({ code: 'git-failed', facts: { step: 'fetch' } })
    }
    expect(heard.map((one) => one.replace(/\?.*? /, ' ').trim())).toEqual([
      '/app.git/info/refs',
      '/moved.git/info/refs',
    ])
    server.close()
    const mark = join(at.crossing.folder, 'mark')
    git('config', 'uploadpack.packObjectsHook', `touch ${mark}`)
    git('config', 'core.fsmonitor', `touch ${mark}`)
    await at.collected([`{git: app, commit: ${commits[0] ?? ''}}`])
    expect(spawnSync('test', ['-e', mark]).status).toBe(1)
  })

  it('is refused by name where there is no git', async () => {
    vi.stubEnv('PATH', at.crossing.folder)
    const found = await at.refused([`{git: app, commit: ${commits[0] ?? ''}}`])
    vi.unstubAllEnvs()
    expect(found).toMatchObject({ code: 'git-missing', facts: { subject: 'app' } })
  })

  it.each([
    ['neither commit nor tag', '{git: app}'],
    ['both', `{git: app, commit: ${'b'.repeat(40)}, tag: v1, key: k}`],
    ['a tag without a key', '{git: app, tag: v1}'],
    ['a short commit', '{git: app, commit: abc1234}'],
    ['an address of SSH', `{git: "git@git.example:team/app", commit: ${'b'.repeat(40)}}`],
  ])('a request with %s is refused', async (_, item) => {
    expect((await at.refused([item])).code).toBe('request-form')
  })
})
