import { writeFileSync, readFileSync } from 'node:fs'
import { mkdir, symlink } from 'node:fs/promises'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { done } from '../support/command-line.ts'
import { buildPrograms, missingPrograms, programPath } from '../support/go-programs.ts'
import { sha256 } from '../support/made-tar.ts'
import { findingsOf, openReleasing, type Releasing } from '../support/releasing.ts'

const needed = ['helm', 'kustomize'] as const
const missing = missingPrograms(needed)
if (missing !== null) console.log(`Not run: rendering by Helm and kustomize themselves, because ${missing}.`)

describe.skipIf(missing !== null)('rendering, by Helm and kustomize themselves (needs Go)', () => {
  let at: Releasing
  const images = (findings: readonly string[]): string[] =>
    findings.filter((told) => told.startsWith('image')).sort()
  beforeAll(async () => {
    buildPrograms(needed)
    at = await openReleasing()
    const folder = join(at.crossing.folder, 'programs')
    await mkdir(folder)
    for (const name of needed) await symlink(programPath(name), join(folder, name))
    const programs = Object.fromEntries(
      needed.map((name) => [name, [sha256(readFileSync(programPath(name)))]]),
    )
    const policy = join(at.crossing.folder, 'policy.yaml')
    writeFileSync(policy, `sallyport: policy/v1\nversion: 2\nprograms: ${JSON.stringify(programs)}\n`)
    await done(['policy', 'set', policy, '--desk', at.crossing.low], at.crossing.clock)
    vi.stubEnv('PATH', folder)
  }, 900_000)
  afterEach(() => {
    vi.stubEnv('PATH', join(at.crossing.folder, 'programs'))
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await at.crossing.dispose()
  })

  it('finds the image of the chart that “helm create” makes, and the one that values put in its place', async () => {
    execFileSync(programPath('helm'), ['create', 'made'], {
      cwd: at.inRequest(),
      env: { HOME: at.crossing.folder },
    })
    await at.lay({ 'mine.yaml': 'image: {repository: registry.example/web, tag: "7"}\n' })
    const [one] = await at.collected(['{chart: made, values: [mine.yaml]}'])
    expect(images(findingsOf(one))).toEqual([
      'image-not-carried busybox',
      expect.stringMatching(/^image-not-carried nginx:/),
      'image-not-carried registry.example/web:7',
    ])
  })

  it('puts together what only templates of a library and of a chart below make', async () => {
    await at.lay({
      'parent/Chart.yaml': 'apiVersion: v2\nname: parent\nversion: 1.0.0\n',
      'parent/values.yaml': 'global: {registry: far.example}\nchild: {name: below}\n',
      'parent/templates/_names.tpl':
        '{{- define "image" -}}{{ .Values.global.registry }}/{{ .name }}:{{ .Chart.Version }}{{- end -}}\n',
      'parent/templates/job.yaml':
        'kind: Job\nspec:\n  template: {spec: {containers: [{image: {{ include "image" (merge (dict "name" "job") .) }}}]}}\n',
      'parent/charts/child/Chart.yaml': 'apiVersion: v2\nname: child\nversion: 2.0.0\n',
      'parent/charts/child/templates/pod.yaml':
        'kind: Pod\nspec: {containers: [{image: {{ .Values.global.registry }}/{{ .Values.name }}:{{ .Chart.Version }}}]}\n',
    })
    const [one] = await at.collected(['chart: parent'])
    expect(images(findingsOf(one))).toEqual([
      'image-not-carried far.example/below:2.0.0',
      'image-not-carried far.example/job:1.0.0',
    ])
  })

  it('tells what its maker has it say where values are missing, and renders with those that are given', async () => {
    await at.lay({
      'strict/Chart.yaml': 'apiVersion: v2\nname: strict\nversion: 1.0.0\n',
      'strict/templates/pod.yaml':
        'kind: Pod\nspec: {containers: [{image: {{ required "say which image" .Values.image }}}]}\n',
      'given.yaml': 'image: registry.example/given:1\n',
    })
    const [without] = await at.collected(['chart: strict'])
    expect(without?.findings.find(({ code }) => code === 'images-unrendered')?.detail).toContain(
      'say which image',
    )
    const [given] = await at.collected(['{chart: strict, values: [given.yaml]}'])
    expect(images(findingsOf(given))).toEqual(['image-not-carried registry.example/given:1'])
  })

  it('puts overlays together, and fetches nothing for them', async () => {
    await at.lay({
      'deploy/base/kustomization.yaml': 'resources: [pod.yaml]\n',
      'deploy/base/pod.yaml':
        'apiVersion: v1\nkind: Pod\nmetadata: {name: app}\nspec: {containers: [{name: app, image: "base/app:1"}]}\n',
      'deploy/over/kustomization.yaml':
        'resources: [../base]\nimages: [{name: base/app, newName: registry.example/app}]\npatches: [{patch: "- {op: add, path: /spec/initContainers, value: [{name: first, image: registry.example/first:3}]}", target: {kind: Pod}}]\n',
    })
    const [one] = await at.collected(['manifests: deploy'])
    const found = images(findingsOf(one))
    expect(found).toEqual(
      expect.arrayContaining([
        'image-not-carried registry.example/app:1',
        'image-not-carried registry.example/first:3',
      ]),
    )
    await at.lay({
      'remote/kustomization.yaml': 'generators: [made.yaml]\n',
      'remote/made.yaml':
        'apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: a}\nfiles: ["a=https://example.com/a"]\n',
    })
    const [remote] = await at.collected(['manifests: remote'])
    expect(findingsOf(remote)).toEqual(['images-unrendered remote'])
  })
})
