import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chartFiles } from '../support/charts.ts'
import { done } from '../support/command-line.ts'
import { decideBoth, release, writeRequest, writeTo } from '../support/desks.ts'
import { hasDockerRegistry, startDockerRegistry } from '../support/docker-registry.ts'
import type { ServedRegistry } from '../support/served-registry.ts'
import { buildPrograms, missingPrograms, programPath } from '../support/go-programs.ts'
import { findingsOf, openReleasing, type Releasing } from '../support/releasing.ts'

const innerChart = 'apiVersion: v2\nname: inner\nversion: 1.0.0\n'
const missing = missingPrograms(['helm']) ?? (hasDockerRegistry ? null : 'there is no docker-registry')
if (missing !== null) console.log(`Not run: charts with Helm itself, because ${missing}.`)

describe.skipIf(missing !== null)('charts, with Helm itself (needs Go or helm, and docker-registry)', () => {
  let at: Releasing
  let low: ServedRegistry
  let high: ServedRegistry
  const helm = (...words: string[]): string =>
    execFileSync(programPath('helm'), words, {
      cwd: at.crossing.folder,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: at.crossing.folder },
      stdio: 'pipe',
    })
  beforeAll(async () => {
    buildPrograms(['helm'])
    at = await openReleasing()
    low = await startDockerRegistry()
    high = await startDockerRegistry()
    const policy = join(at.crossing.folder, 'policy.yaml')
    writeFileSync(
      policy,
      `sallyport: policy/v1\nversion: 2\nexportRegistries:\n  - host: "${high.host}"\n    allow: [plain-http]\n`,
    )
    await done(['policy', 'set', policy, '--desk', at.crossing.high], at.crossing.clock)
  }, 900_000)
  afterAll(async () => {
    await low.close()
    await high.close()
    await at.crossing.dispose()
  })

  /** Accepts it on the far side, and exports it into a folder and into a registry there. */
  async function landed(item: string, name: string): Promise<string> {
    const { crossing } = at
    const { clock } = crossing
    const onHigh = (...words: string[]) => done([...words, '--desk', crossing.high], clock)
    const id = await release(crossing, await writeRequest(crossing, [item]))
    const verified = await onHigh('verify', await writeTo(crossing, id, name))
    await decideBoth(crossing, verified.id, 'accept')
    const out = join(crossing.folder, `${name}-out`)
    await onHigh('export', verified.id, '--to', `dir:${out}`)
    await onHigh('export', verified.id, '--to', `registry:${high.host}/mirror`)
    return out
  }

  it('packs a folder so that Helm shows, renders and finds in it what it says', async () => {
    await at.lay(
      Object.fromEntries(
        Object.entries(chartFiles('app', '1.2.3+build.5')).map(([path, text]) => [
          `charts/app/${path}`,
          text,
        ]),
      ),
    )
    const out = await landed('chart: charts/app', 'folder')
    const packed = join(out, 'charts', 'app-1.2.3+build.5.tgz')
    expect(helm('show', 'chart', packed)).toContain('version: 1.2.3+build.5')
    expect(helm('template', packed)).toContain('image: "registry.example/team/app:1.4"')
    helm('pull', `oci://${high.host}/mirror/app`, '--version', '1.2.3+build.5', '--plain-http')
    const pulled = readFileSync(join(at.crossing.folder, 'app-1.2.3+build.5.tgz'))
    expect(pulled.equals(readFileSync(packed))).toBe(true)
  })

  /** Files of a chart that rules may leave out, by all their forms. */
  const scattered = [
    'templates/.hidden.yaml',
    'templates/sub/.hidden.yaml',
    'templates/a.yaml',
    'charts/.gitkeep',
    'charts/_old/Chart.yaml',
    'charts/inner/Chart.yaml',
    'charts/inner/.helmignore',
    'charts/inner/notes.txt',
    'notes.txt',
    'docs/notes.txt',
    'docs/deep/notes.txt',
    'docs/deep/a-b.md',
    'a.bak',
    'docs/a.bak',
    'x[1].txt',
    'ümlaut.txt',
    '.vscode/settings.json',
    'LICENSE',
  ]
  /** Paths in a packed chart, sorted. */
  const pathsIn = (packed: string): string[] =>
    execFileSync('tar', ['tzf', packed], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8' } })
      .split('\n')
      .filter((path) => path !== '')
      .sort()

  it.each([
    ['no rules', null],
    ['an empty file', ''],
    [
      'what Helm writes itself',
      '.DS_Store\n.git/\n*.swp\n*.bak\n*.tmp\n*.orig\n*~\n.project\n.idea/\n.vscode/\n',
    ],
    ['a name', 'notes.txt'],
    ['a name at the root', '/notes.txt'],
    ['a path', 'docs/notes.txt'],
    ['a star', 'docs/*'],
    ['a star between', 'docs/*/notes.txt'],
    ['a folder', 'deep/'],
    ['a folder at the root', '/deep/\n/docs/'],
    ['a file as a folder', 'notes.txt/'],
    ['a class and a sign', 'docs/deep/[a-b]?b.md'],
    ['an escape', 'x\\[1\\].txt'],
    ['signs of other alphabets', '[à-ÿ]mlaut.*'],
    ['comments, spaces and another system’s lines', '# all\r\n  *.bak \r\n\r\n'],
    ['a byte order mark', '\ufeff*.bak'],
    ['what is kept', '!*.yaml'],
    ['what is kept behind what is left out', '*.bak\n!LICENSE\n'],
    ['a folder that is kept', '!docs/'],
    ['itself', '.helmignore'],
    ['hidden things', '.*'],
    ['a class with a slash', 'docs[/]notes.txt'],
    ['half a pattern that nothing comes to', 'zz*['],
  ])('leaves out of a folder what Helm leaves out: %s', async (_, rules) => {
    const folder = 'ignoring'
    await rm(at.inRequest(folder), { recursive: true, force: true })
    const files = Object.fromEntries(
      scattered.map((path) => [path, path.endsWith('Chart.yaml') ? innerChart : 'a: 1\n']),
    )
    const all = {
      ...chartFiles('ignoring', '1.0.0', files),
      ...(rules === null ? {} : { '.helmignore': rules }),
    }
    await at.lay(Object.fromEntries(Object.entries(all).map(([path, text]) => [`${folder}/${path}`, text])))
    const expected = (): string[] => {
      helm('package', at.inRequest(folder))
      return pathsIn(join(at.crossing.folder, 'ignoring-1.0.0.tgz'))
    }
    const made = async (): Promise<string[]> => {
      const [one] = await at.collected([`chart: ${folder}`])
      const blob = (digest = ''): string =>
        join(at.crossing.low, 'store', 'blobs', 'sha256', digest.slice('sha256:'.length))
      const manifest = JSON.parse(readFileSync(blob(one?.root.digest), 'utf8')) as {
        layers: { digest: string }[]
      }
      return pathsIn(blob(manifest.layers[0]?.digest))
    }
    let byHelm: string[] | null
    try {
      byHelm = expected()
    } catch {
      byHelm = null
    }
    if (byHelm === null) expect(await at.refused([`chart: ${folder}`])).toMatchObject({ code: 'chart-form' })
    else expect(await made()).toEqual(byHelm)
  })

  it.each(['docs/**', 'docs/[', '\\'])('refuses a rule that Helm refuses: %s', async (rule) => {
    const files = chartFiles('refusing', '1.0.0', { '.helmignore': rule })
    await at.lay(Object.fromEntries(Object.entries(files).map(([path, text]) => [`refusing/${path}`, text])))
    expect(() => helm('package', at.inRequest('refusing'))).toThrow()
    expect(await at.refused(['chart: refusing'])).toMatchObject({
      code: 'chart-form',
      facts: { subject: 'refusing/.helmignore', found: rule },
    })
  })

  it('takes what Helm pushed, and finds the images in it; the packed chart is the one that was pushed', async () => {
    helm('create', 'made')
    helm('package', 'made')
    helm('push', 'made-0.1.0.tgz', `oci://${low.host}/charts`, '--plain-http')
    const item = `{chart: "oci://${low.host}/charts/made:0.1.0", allow: [plain-http]}`
    const [one] = await at.collected([item])
    expect(one).toMatchObject({ kind: 'chart', name: `${low.host}/charts/made`, version: '0.1.0' })
    expect(findingsOf(one).filter((told) => told.startsWith('image'))).toEqual(
      expect.arrayContaining([expect.stringContaining('nginx')]),
    )
    const out = await landed(item, 'pushed')
    const packed = readFileSync(join(out, 'charts', 'made-0.1.0.tgz'))
    expect(packed.equals(readFileSync(join(at.crossing.folder, 'made-0.1.0.tgz')))).toBe(true)
  })
})
