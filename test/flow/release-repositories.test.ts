import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createCleartextMessage, sign } from 'openpgp'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256 } from '../support/made-tar.ts'
import { detached, pgpPair, signedText, type Pair } from '../support/openpgp-keys.ts'
import { findingsOf, openReleasing, type Releasing } from '../support/releasing.ts'

/* Repositories of packages in a request: their lists and signatures are held against the files. */

let at: Releasing
let maker: Pair
beforeAll(async () => {
  at = await openReleasing()
  maker = await pgpPair()
  await at.lay({ 'keys/maker.gpg': Buffer.from(maker.publicKey.write()) })
})
afterAll(() => at.crossing.dispose())

const hex = (content: Buffer | string): string => sha256(content).slice(7)
type Files = Record<string, Buffer | string>
function without(files: Files, gone: string | RegExp): void {
  for (const path of Object.keys(files))
    if (typeof gone === 'string' ? path === gone : gone.test(path)) Reflect.deleteProperty(files, path)
}

/** The smallest package that apt takes: an archive of ar with what dpkg asks for is not needed to list it. */
const deb = Buffer.from('!<arch>\ndebian-binary')

async function apt(
  name: string,
  change: (files: Files) => void = () => undefined,
  by = maker,
): Promise<void> {
  const stanza = `Package: app\nVersion: 1.0\nArchitecture: amd64\nMaintainer: Maker <maker@example.test>\nFilename: pool/a/app_1.0_amd64.deb\nSize: ${deb.length}\nSHA256: ${hex(deb)}\nDescription: test\n`
  const files: Files = {
    'pool/a/app_1.0_amd64.deb': deb,
    'dists/stable/main/binary-amd64/Packages.gz': gzipSync(`${stanza}\n`),
  }
  const packages = Buffer.from(`${stanza}\n`)
  const listed = ['Packages', 'Packages.gz'].map((one) => {
    const content =
      one === 'Packages' ? packages : Buffer.from(files[`dists/stable/main/binary-amd64/${one}`] ?? '')
    return ` ${hex(content)} ${content.length} main/binary-amd64/${one}`
  })
  const release = `Origin: test\nSuite: stable\nCodename: stable\nDate: Sat, 21 Nov 2026 09:00:00 UTC\nArchitectures: amd64\nComponents: main\nSHA256:\n${listed.join('\n')}\n`
  files['dists/stable/Release'] = release
  files['dists/stable/Release.gpg'] = await detached(by, Buffer.from(release), at.crossing.clock.now(), true)
  change(files)
  await at.lay(
    Object.fromEntries(Object.entries(files).map(([path, content]) => [`${name}/${path}`, content])),
  )
}

const rpm = Buffer.from('an rpm')
async function dnf(name: string, change: (files: Files) => void = () => undefined): Promise<void> {
  const primary = gzipSync(
    `<?xml version="1.0"?>\n<metadata packages="1"><package type="rpm"><name>app</name><checksum type="sha256" pkgid="YES">${hex(rpm)}</checksum><size package="${rpm.length}" installed="1"/><location href="Packages/app-1.rpm"/></package></metadata>`,
  )
  const repomd = `<?xml version="1.0"?>\n<repomd><data type="primary"><checksum type="sha256">${hex(primary)}</checksum><location href="repodata/primary.xml.gz"/><size>${primary.length}</size></data></repomd>\n`
  const files: Files = {
    'Packages/app-1.rpm': rpm,
    'repodata/primary.xml.gz': primary,
    'repodata/repomd.xml': repomd,
    'repodata/repomd.xml.asc': await detached(maker, Buffer.from(repomd), at.crossing.clock.now(), true),
  }
  change(files)
  await at.lay(
    Object.fromEntries(Object.entries(files).map(([path, content]) => [`${name}/${path}`, content])),
  )
}

const asked = (name: string): string => `{folder: ${name}, key: keys/maker.gpg}`

describe.each([
  [
    'apt',
    apt,
    'pool/a/app_1.0_amd64.deb',
    'dists/stable/main/binary-amd64/Packages.gz',
    'dists/stable/Release',
  ],
  ['dnf', dnf, 'Packages/app-1.rpm', 'repodata/primary.xml.gz', 'repodata/repomd.xml'],
] as const)('a repository of %s', (kind, make, packed, list, release) => {
  it('crosses where its lists and its signature are right, and says who was not asked', async () => {
    await make(`${kind}-good`)
    const [one] = await at.collected([asked(`${kind}-good`)])
    expect(findingsOf(one)).toEqual([])
    const [unasked] = await at.collected([`folder: ${kind}-good`])
    expect(findingsOf(unasked)).toEqual([`repository-unsigned ${kind}-good: ${release}`])
  })

  it('is refused where one file is another than its list says', async () => {
    await make(`${kind}-file`, (files) => (files[packed] = Buffer.from('another')))
    const found = await at.refused([asked(`${kind}-file`)])
    expect(found).toMatchObject({
      code: 'folder-lies',
      facts: { path: `${kind}-file/${packed}`, index: list, found: sha256('another') },
    })
  })

  it('is refused where a list is another than the release says', async () => {
    await make(`${kind}-list`, (files) => (files[list] = gzipSync('another')))
    const found = await at.refused([asked(`${kind}-list`)])
    expect(found).toMatchObject({
      code: 'folder-lies',
      facts: { path: `${kind}-list/${list}`, index: release },
    })
  })

  it.each([
    [
      'somebody else signed',
      (files: Files) => {
        files[release] = `${String(files[release])} `
      },
      'signature',
    ],
    ['nobody signed', (files: Files) => without(files, /\.(gpg|asc)$/), 'no signature beside it'],
  ])('is refused where %s its release', async (_, change, found) => {
    const name = `${kind}-${found.replaceAll(' ', '-')}`
    await make(name, change)
    const refused = await at.refused([asked(name)])
    expect(refused).toMatchObject({
      code: 'folder-unsigned',
      facts: { expected: `${release} signed by somebody of keys/maker.gpg` },
    })
    expect(JSON.stringify(refused.facts)).toContain(found)
  })

  it('says which packages it lists and does not hold, and which lists were not read', async () => {
    await make(`${kind}-less`, (files) => without(files, packed))
    const [less] = await at.collected([asked(`${kind}-less`)])
    expect(findingsOf(less)).toEqual([`repository-incomplete ${kind}-less: ${list}`])
  })
})

describe('a repository of apt whose signed release is one text', () => {
  const [plain, signed] = ['dists/stable/Release', 'dists/stable/InRelease'] as const
  const around = (files: Files, by: Pair = maker): Promise<string> =>
    signedText(by, String(files[plain]), at.crossing.clock.now())
  /** Lays one whose only release is the signed text, as newer mirrors have it. */
  async function alone(name: string, change: (files: Files) => void, by = maker): Promise<void> {
    const made: Files = {}
    await apt(`${name}-made`, (files) => void Object.assign(made, files))
    made[signed] = await around(made, by)
    without(made, plain)
    without(made, `${plain}.gpg`)
    change(made)
    await at.lay(Object.fromEntries(Object.entries(made).map(([path, one]) => [`${name}/${path}`, one])))
  }

  it('crosses where that is signed by the key, and says who was not asked', async () => {
    await alone('in-good', () => undefined)
    expect(findingsOf((await at.collected([asked('in-good')]))[0])).toEqual([])
    expect(findingsOf((await at.collected(['folder: in-good']))[0])).toEqual([
      `repository-unsigned in-good: ${signed}`,
    ])
  })

  it('counts with one signature of two that is known', async () => {
    const other = await pgpPair()
    await alone('in-two', () => undefined)
    await apt('in-two-text')
    const text = await readFile(at.inRequest('in-two-text', plain), 'utf8')
    const message = await createCleartextMessage({ text })
    const by = [maker.privateKey, other.privateKey]
    const both = await sign({ message, signingKeys: by, date: at.crossing.clock.now() })
    await at.lay({ [`in-two/${signed}`]: both })
    expect(findingsOf((await at.collected([asked('in-two')]))[0])).toEqual([])
  })

  it.each([
    ['by somebody else', (text: string) => text, 'nobody whose key is there', true],
    ['over another text', (text: string) => text.replace('Suite: stable', 'Suite: testing'), 'wrong', false],
    ['with a text before it', (text: string) => `SHA256:\n x\n${text}`, 'another text than is read', false],
    ['with a text behind it', (text: string) => `${text}\nSHA256:\n x\n`, 'another text than is read', false],
    [
      'with a head that is not signed',
      (text: string) => text.replace('Hash:', 'SHA256: x\nHash:'),
      'signed text',
      false,
    ],
    ['not at all', () => 'Suite: stable\n', 'no signed text', false],
  ] as const)('is refused where that is signed %s', async (how, change, found, other) => {
    const name = `in-${how.replaceAll(' ', '-')}`
    const lie = (files: Files): void => void (files[signed] = change(String(files[signed])))
    await alone(name, lie, other ? await pgpPair() : maker)
    const refused = await at.refused([asked(name)])
    expect(refused).toMatchObject({
      code: 'folder-unsigned',
      facts: { expected: `${signed} signed by somebody of keys/maker.gpg` },
    })
    expect(JSON.stringify(refused.facts)).toContain(found)
  })

  it('is refused where an older one, signed by the same key, lies beside the right release', async () => {
    const older: Files = {}
    await apt('in-older', (files) => {
      Object.assign(older, files)
    })
    const text = String(older[plain]).replace(
      /[0-9a-f]{64} \d+ main\/binary-amd64\/Packages\.gz/,
      `${'a'.repeat(64)} 9 main/binary-amd64/Packages.gz`,
    )
    await at.lay({ [`in-older/${signed}`]: await signedText(maker, text, at.crossing.clock.now()) })
    expect(await at.refused([asked('in-older')])).toMatchObject({
      code: 'folder-lies',
      facts: { index: signed, expected: `sha256:${'a'.repeat(64)}` },
    })
  })

  it('needs no other signature where the plain release lies beside it', async () => {
    await apt('in-both', (files) => without(files, `${plain}.gpg`))
    const text = await readFile(at.inRequest('in-both', plain), 'utf8')
    await at.lay({ [`in-both/${signed}`]: await signedText(maker, text, at.crossing.clock.now()) })
    expect(findingsOf((await at.collected([asked('in-both')]))[0])).toEqual([])
  })
})

const wheel = Buffer.from('a wheel')
const tarball = Buffer.from('a packed version')
const integrity = (content: Buffer): string =>
  `sha512-${createHash('sha512').update(content).digest('base64')}`

describe.each([
  [
    'PyPI, in HTML',
    'simple/app/index.html',
    'packages/ab/app-1.0-py3-none-any.whl',
    wheel,
    (content: Buffer) =>
      `<!DOCTYPE html><a href="../../packages/ab/app-1.0-py3-none-any.whl#sha256=${hex(content)}">app</a>`,
  ],
  [
    'PyPI, in JSON',
    'simple/app/index.json',
    'packages/ab/app-1.0-py3-none-any.whl',
    wheel,
    (content: Buffer) =>
      JSON.stringify({
        files: [
          {
            filename: 'app',
            url: '../../packages/ab/app-1.0-py3-none-any.whl',
            hashes: { sha256: hex(content) },
            size: content.length,
          },
        ],
      }),
  ],
  [
    'npm',
    'app/package.json',
    'app/app-1.0.0.tgz',
    tarball,
    (content: Buffer) =>
      JSON.stringify({
        name: 'app',
        'dist-tags': { latest: '1.0.0' },
        versions: {
          '1.0.0': {
            dist: {
              tarball: 'https://registry.npmjs.org/app/-/app-1.0.0.tgz',
              integrity: integrity(content),
            },
          },
        },
      }),
  ],
] as const)('a repository of %s', (name, index, packed, content, list) => {
  const folder = name.replace(/\W+/g, '-').toLowerCase()
  const lay = (listed: Buffer, carried: Buffer | null): Promise<void> =>
    at.lay({
      [`${folder}/${index}`]: list(listed),
      ...(carried === null ? {} : { [`${folder}/${packed}`]: carried }),
    })

  it('crosses where its lists are right, says what is not there, and is refused where one lies', async () => {
    await lay(content, null)
    expect(findingsOf((await at.collected([`folder: ${folder}`]))[0])).toEqual([
      `repository-incomplete ${folder}: ${index}`,
    ])
    await lay(content, content)
    expect(findingsOf((await at.collected([`folder: ${folder}`]))[0])).toEqual([])
    await lay(content, Buffer.from('another'))
    const found = await at.refused([`folder: ${folder}`])
    expect(found).toMatchObject({ code: 'folder-lies', facts: { path: `${folder}/${packed}`, index } })
  })
})

it('a page of PyPI that states no sum, one that leads elsewhere, and one that is none, are told', async () => {
  const page =
    '<a href="app-1.0.tar.gz">app</a> <a href="https://files.example/app-2.0.tar.gz#sha256=00">app</a>'
  await at.lay({
    'pypi-bare/simple/app/index.html': page,
    'pypi-bare/simple/app/app-1.0.tar.gz': 'x',
    'pypi-bare/simple/odd/index.json': '{',
  })
  const [one] = await at.collected(['folder: pypi-bare'])
  expect(findingsOf(one).sort()).toEqual([
    'repository-incomplete pypi-bare: simple/app/index.html',
    'repository-unread pypi-bare: simple/app/index.html',
    'repository-unread pypi-bare: simple/odd/index.json',
  ])
})

it('of apt whose lists are packed in another way says that they were not read', async () => {
  await apt('apt-xz', (files) => {
    files['dists/stable/main/binary-amd64/Packages.xz'] = 'xz'
    delete files['dists/stable/main/binary-amd64/Packages.gz']
  })
  const [one] = await at.collected([asked('apt-xz')])
  expect(findingsOf(one)).toEqual(['repository-unread apt-xz: dists/stable/main/binary-amd64/Packages'])
})

it('a folder that is no repository has no release that a key could be asked about', async () => {
  await at.lay({ 'plain/readme.txt': 'x' })
  expect(await at.refused([asked('plain')])).toMatchObject({
    code: 'folder-unsigned',
    facts: { found: 'none' },
  })
})

const hasApt = spawnSync('apt-get', ['--version']).status === 0

it.skipIf(!hasApt)(
  'apt itself reads what landed, by the signature that was carried (needs apt)',
  async () => {
    await apt('apt-real')
    const out = join(await at.landed([asked('apt-real')], 'apt-real'), 'folders', 'apt-real')
    const root = join(at.crossing.folder, 'apt-root')
    for (const path of ['lists/partial', 'cache/archives/partial', 'etc'])
      mkdirSync(join(root, path), { recursive: true })
    writeFileSync(join(root, 'key.asc'), maker.publicKey.armor())
    writeFileSync(
      join(root, 'etc', 'sources.list'),
      `deb [arch=amd64 signed-by=${join(root, 'key.asc')}] file:${out} stable main\n`,
    )
    writeFileSync(join(root, 'status'), '')
    const settings = {
      'Dir::State::lists': join(root, 'lists'),
      'Dir::State::status': join(root, 'status'),
      'Dir::Cache': join(root, 'cache'),
      'Dir::Etc::sourcelist': join(root, 'etc', 'sources.list'),
      'Dir::Etc::sourceparts': '-',
      'Acquire::Languages': 'none',
      'APT::Sandbox::User': 'root',
      'Acquire::Check-Date': 'false',
    }
    const words = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])
    const updated = spawnSync('apt-get', [...words, 'update'], { encoding: 'utf8' })
    expect(`${updated.stdout}${updated.stderr}`).not.toMatch(/^(W|E|Err)/m)
    const found = spawnSync('apt-cache', [...words, 'show', 'app'], { encoding: 'utf8' })
    expect(found.stdout).toContain(`SHA256: ${hex(deb)}`)
  },
)
