import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { chartFiles } from '../support/charts.ts'
import { done, printed } from '../support/command-line.ts'
import { decideBoth, release, writeRequest, writeTo } from '../support/desks.ts'
import { sha256 } from '../support/made-tar.ts'
import { findingsOf, openReleasing, type Releasing } from '../support/releasing.ts'

/* Renderers that the low desk's policy names: which file is run, what it is given, and what becomes of its answer. */

let at: Releasing
let version = 1
beforeAll(async () => {
  at = await openReleasing()
  const files = Object.entries(chartFiles('app', '1.0.0'))
  await at.lay(Object.fromEntries(files.map(([path, text]) => [`app/${path}`, text])))
  // What it stands for, only Helm can say.
  await at.lay({
    'app/templates/hidden.yaml':
      'kind: Pod\nspec: {containers: [{image: {{ printf "%s/hidden" .Values.from | quote }}}]}\n',
    'values/one.yaml': 'from: one\n',
    'values/two.yaml': 'from: two\n',
  })
})
afterAll(() => at.crossing.dispose())
afterEach(() => {
  vi.unstubAllEnvs()
})

const pod = (image: string): string => `kind: Pod\nspec: {containers: [{image: "${image}"}]}\n`

/** Lays a program on a PATH of its own. @returns its digest */
async function onPath(name: string, script: string, folder = 'programs'): Promise<string> {
  const place = join(at.crossing.folder, folder)
  await mkdir(place, { recursive: true })
  const text = `#!/bin/sh\n${script}\n`
  await writeFile(join(place, name), text)
  await chmod(join(place, name), 0o755)
  vi.stubEnv('PATH', place)
  return sha256(text)
}

async function setPrograms(programs: Readonly<Record<string, readonly string[]>>): Promise<void> {
  version += 1
  const policy = join(at.crossing.folder, 'policy.yaml')
  await writeFile(
    policy,
    `sallyport: policy/v1\nversion: ${version}\nprograms: ${JSON.stringify(programs)}\n`,
  )
  await done(['policy', 'set', policy, '--desk', at.crossing.low], at.crossing.clock)
}

const chart = '{chart: app, values: [values/one.yaml, values/two.yaml]}'

describe('a chart', () => {
  it('is rendered by the named Helm, with its own values and with those that are given, and the signers are told', async () => {
    const script = `case "$*" in *--values*) for last; do :; done; while read -r _ from; do echo 'kind: Pod'; echo "spec: {containers: [{image: $from/hidden}]}"; done < "$last";; *) printf '%s' '${pod('own/hidden')}';; esac`
    const digest = await onPath('helm', script)
    await setPrograms({ helm: [digest] })
    const { clock, low, high } = at.crossing
    const id = await release(at.crossing, await writeRequest(at.crossing, [chart]))
    const shown = await done(['consignment', 'show', id, '--desk', low], clock)
    const values = ['one', 'two'].map((name) => `with values/${name}.yaml (${sha256(`from: ${name}\n`)})`)
    const rendered = [
      { reference: 'app', program: 'helm', digest, given: ['with its own values'], images: 1 },
      { reference: 'app', program: 'helm', digest, given: values, images: 1 },
    ]
    expect(shown['rendered']).toEqual(rendered)
    expect(JSON.stringify(shown['content'])).not.toContain('images-unrendered')
    const [item] = shown['content'] as Parameters<typeof findingsOf>[0][]
    expect(findingsOf(item)).toEqual(
      ['registry.example/team/app:1.4', 'registry.example/team/sidecar:2', 'own/hidden', 'two/hidden'].map(
        (image) => `image-not-carried ${image}`,
      ),
    )
    expect(await printed(['consignment', 'show', id, '--desk', low], clock)).toContain(
      `app: rendered by helm (${digest}), with its own values: 1 image.`,
    )
    const verified = await done(['verify', await writeTo(at.crossing, id, 'rendered'), '--desk', high], clock)
    await decideBoth(at.crossing, verified.id, 'accept')
    const out = join(at.crossing.folder, 'rendered.html')
    await done(['report', verified.id, '--desk', high, '--format', 'html', '--out', out], clock)
    expect(await readFile(out, 'utf8')).toContain(
      `app: rendered by helm (${digest}), ${values.join('; ')}: 1 image.`,
    )
  })

  it('is not rendered where the policy names no program, and that is told', async () => {
    await onPath('helm', `touch ${join(at.crossing.folder, 'was-run')}`)
    await setPrograms({})
    const [one] = await at.collected([chart])
    expect(findingsOf(one)).toContain('images-unrendered app')
    expect(await readdir(at.crossing.folder)).not.toContain('was-run')
  })

  it('is refused where the program is another one, or is not there: it is never run', async () => {
    const mark = join(at.crossing.folder, 'other-was-run')
    const digest = await onPath('helm', `echo > ${mark}`)
    const named = `sha256:${'e'.repeat(64)}`
    await setPrograms({ helm: [named] })
    const path = join(at.crossing.folder, 'programs', 'helm')
    expect(await at.refused([chart])).toMatchObject({
      code: 'program-differs',
      facts: { item: 'app', subject: 'helm', expected: named, found: `${path} is ${digest}` },
    })
    expect(await readdir(at.crossing.folder)).not.toContain('other-was-run')
    vi.stubEnv('PATH', join(at.crossing.folder, 'nowhere'))
    expect(await at.refused([chart])).toMatchObject({
      code: 'program-missing',
      facts: { item: 'app', subject: 'helm', expected: named },
    })
  })

  it('finds the named one also behind another of its name', async () => {
    const right = await onPath('helm', `printf '%s' '${pod('right/one:1')}'`, 'right')
    await onPath('helm', `printf '%s' '${pod('wrong/one:1')}'`, 'wrong')
    await setPrograms({ helm: [right] })
    vi.stubEnv('PATH', ['wrong', 'right'].map((name) => join(at.crossing.folder, name)).join(':'))
    expect(findingsOf((await at.collected(['chart: app']))[0])).toContain('image-not-carried right/one:1')
  })

  it.each([
    [
      'ends wrong',
      'echo "Error: values must say \\"from\\"" >&2; exit 1',
      'ended with code 1, “Error: values must say "from"”',
    ],
    [
      'complains in control characters and lines',
      'printf "line\\n\\033[31mred\\033[0m\\n" >&2; exit 3',
      'code 3',
    ],
    ['is killed', 'kill -9 $$', 'ended by SIGKILL'],
    ['never ends what it says', 'exec /usr/bin/yes image', 'more than 33554432 bytes'],
    [
      'floods what it complains of',
      '/usr/bin/yes wrong | /usr/bin/head -c 9000000 >&2; exit 4',
      'code 4, “wrong”',
    ],
  ])('whose program %s is told as unrendered, with what reading found', async (_, script, why) => {
    const digest = await onPath('helm', script)
    await setPrograms({ helm: [digest] })
    const [one] = await at.collected([chart])
    const told = one?.findings.filter(({ code }) => code === 'images-unrendered') ?? []
    expect(told.map(({ subject }) => subject)).toEqual(['app'])
    expect(told[0]?.detail).toContain(`helm (${digest}) did not render it: with values/one.yaml`)
    expect(told[0]?.detail).toContain(why.replace('ended with ', ''))
    expect(findingsOf(one)).toContain('image-not-carried registry.example/team/app:1.4')
  })

  it('whose program answers with no YAML is read line by line, and that is told', async () => {
    const digest = await onPath('helm', `printf 'a: [\\n  image: odd/line:1\\n'`)
    await setPrograms({ helm: [digest] })
    const [one] = await at.collected(['chart: app'])
    expect(findingsOf(one)).toEqual(
      expect.arrayContaining([
        'images-unread app, rendered with its own values',
        'image-not-carried odd/line:1',
      ]),
    )
  })

  it('is rendered with nothing of this account and no way out', async () => {
    const said = join(at.crossing.folder, 'environment')
    const digest = await onPath('helm', `/usr/bin/env > ${said}; pwd >> ${said}`)
    await setPrograms({ helm: [digest] })
    vi.stubEnv('SECRET_TOKEN', 'hush')
    vi.stubEnv('KUBECONFIG', '/root/.kube/config')
    await at.collected(['chart: app'])
    const lines = (await readFile(said, 'utf8')).split('\n')
    expect(lines.join('\n')).not.toMatch(/hush|\.kube/)
    expect(lines).toEqual(expect.arrayContaining(['HTTPS_PROXY=http://127.0.0.1:9', 'PATH=']))
    const home = lines.find((line) => line.startsWith('HOME='))?.slice(5) ?? ''
    expect(home).toMatch(/\.part\/rendering$/)
    expect(await readdir(join(at.crossing.low, 'store', 'blobs', 'sha256'))).not.toContainEqual(
      expect.stringMatching(/^incoming/),
    )
  })

  it.each([
    ['a path that climbs', '{chart: app, values: [../values.yaml]}', 'path-outside', {}],
    ['nothing', '{chart: app, values: [values/none.yaml]}', 'not-found', { subject: 'values/none.yaml' }],
    ['no list', '{chart: app, values: values/one.yaml}', 'request-form', {}],
    ['an empty list', '{chart: app, values: []}', 'request-form', {}],
    ['values for manifests', '{manifests: app, values: [values/one.yaml]}', 'request-form', {}],
  ])('with values that are %s is refused', async (_, item, code, facts) => {
    await onPath('helm', 'exit 0')
    await setPrograms({})
    expect(await at.refused([item])).toMatchObject({ code, facts })
  })
})

describe('a kustomization', () => {
  const overlay = 'kind: Kustomization\nresources: [../../base]\nimages: [{name: base/app, newTag: "9"}]\n'
  const laid = {
    'deploy/base/kustomization.yaml': 'resources: [pod.yaml]\n',
    'deploy/base/pod.yaml': pod('base/app:1'),
    'deploy/overlays/a/kustomization.yaml': overlay,
    'deploy/overlays/b/kustomization.yaml': overlay,
    'deploy/part/kustomization.yaml': 'kind: Component\n',
  }
  const said = (): string => join(at.crossing.folder, 'said')
  const telling = (): string => `echo "$*" >> ${said()}; printf '%s' '${pod('put/together:1')}'`

  it('is put together from what was taken: each that no other builds on', async () => {
    await at.lay(laid)
    await writeFile(said(), '')
    const digest = await onPath('kustomize', telling())
    await setPrograms({ kustomize: [digest] })
    const [one] = await at.collected(['manifests: deploy'])
    expect(findingsOf(one)).toContain('image-not-carried put/together:1')
    const run = (await readFile(said(), 'utf8')).trim().split('\n')
    expect(run.map((line) => line.replace(/ \S*\.part\/tree/, ' TREE'))).toEqual([
      'build TREE/overlays/a',
      'build TREE/overlays/b',
    ])
  })

  it('is put together by kubectl too, where the policy names that', async () => {
    await at.lay(laid)
    await writeFile(said(), '')
    const digest = await onPath('kubectl', telling(), 'kubectl')
    await setPrograms({ kustomize: [digest] })
    await at.collected(['manifests: deploy'])
    expect(await readFile(said(), 'utf8')).toMatch(/^kustomize \S+\/tree\/overlays\/a$/m)
  })

  it.each([
    [
      'a base of the web',
      'resources: ["https://elsewhere.example/base?ref=v1"]',
      'https://elsewhere.example/base?ref=v1',
    ],
    ['a base of GitHub', 'resources: [github.com/team/base]', 'github.com/team/base'],
    ['a getter', 'bases: ["git::https://elsewhere.example/base"]', 'git::https://elsewhere.example/base'],
    [
      'a file of the web',
      'configMapGenerator: [{name: a, files: ["a=http://169.254.169.254/latest"]}]',
      'a=http://169.254.169.254/latest',
    ],
    [
      'a chart',
      'helmCharts: [{name: app, repo: "https://charts.example"}]',
      'the chart app of https://charts.example',
    ],
    [
      'an older chart',
      'helmChartInflationGenerator: [{chartName: app, chartRepo: "https://charts.example"}]',
      'the chart app of https://charts.example',
    ],
  ])('with %s is not put together, and that is told', async (_, text, elsewhere) => {
    await at.lay({
      'far/kustomization.yaml': `${text}\ncommonAnnotations: {source: "https://docs.example"}\n`,
    })
    await writeFile(said(), '')
    const digest = await onPath('kustomize', telling())
    await setPrograms({ kustomize: [digest] })
    const [one] = await at.collected(['manifests: far'])
    expect(await readFile(said(), 'utf8')).toBe('')
    const details = one?.findings.map(({ code, detail }) => `${code}: ${detail}`) ?? []
    expect(details).toContainEqual(expect.stringMatching(/^images-unrendered: kustomize .* it brings in /))
    expect(details.filter((line) => line.includes(elsewhere)).length).toBe(2)
    expect(details.join()).not.toContain('docs.example')
  })

  it('is not put together where there are too many, and that is told', async () => {
    await at.lay(
      Object.fromEntries(
        Array.from({ length: 65 }, (_, one) => [`many/${one}/kustomization.yaml`, 'kind: Kustomization\n']),
      ),
    )
    const digest = await onPath('kustomize', telling())
    await setPrograms({ kustomize: [digest] })
    const [one] = await at.collected(['manifests: many'])
    expect(one?.findings.map(({ detail }) => detail)).toEqual([
      expect.stringContaining('it has 65 kustomizations, more than 64'),
    ])
  })
})
