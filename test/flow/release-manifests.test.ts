import { readFile, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findingsOf, openReleasing, type Releasing } from '../support/releasing.ts'

/* Manifests and folders in a request: file by file, and what the manifests name. */

let at: Releasing
beforeAll(async () => {
  at = await openReleasing()
})
afterAll(() => at.crossing.dispose())

const pods = `apiVersion: v1
kind: Pod
metadata:
  annotations: {containerImage: registry.example/annotated:1}
spec:
  initContainers: [{name: first, image: registry.example/init:1}]
  containers:
    - name: app
      image: registry.example/app@sha256:${'a'.repeat(64)}
      env: [{name: RELATED_IMAGE_PROXY, value: registry.example/related:1}]
  ephemeralContainers: [{name: debug, image: registry.example/debug:1}]
---
apiVersion: example.test/v1
kind: Cluster
spec: {sidecarImage: registry.example/sidecar:1, image: "$(IMAGE)"}
`

describe('manifests', () => {
  it('travel file by file; every image that they name is told, and what is put together elsewhere', async () => {
    await at.lay({
      'deploy/pods.yaml': pods,
      'deploy/kustomization.yaml':
        'kind: Kustomization\nresources: [pods.yaml, "https://github.com/team/base?ref=v1"]\nimages: [{name: app, newName: registry.example/new, newTag: "2"}]\n',
      'deploy/broken.yaml': 'image: registry.example/line:1\n{{ if .x }}\nimage: {{ .image }}\n',
      'deploy/README.md': 'image: registry.example/readme:1\n',
    })
    const [one] = await at.collected(['manifests: ./deploy'])
    expect(one).toMatchObject({ kind: 'manifests', name: 'deploy', version: null, reference: './deploy' })
    expect(findingsOf(one).sort()).toEqual([
      'image-not-carried registry.example/annotated:1',
      `image-not-carried registry.example/app@sha256:${'a'.repeat(64)}`,
      'image-not-carried registry.example/debug:1',
      'image-not-carried registry.example/init:1',
      'image-not-carried registry.example/line:1',
      'image-not-carried registry.example/new:2',
      'image-not-carried registry.example/related:1',
      'image-not-carried registry.example/sidecar:1',
      'image-unclear ./deploy: broken.yaml',
      'image-unclear ./deploy: pods.yaml',
      'images-unread ./deploy: broken.yaml',
      'manifests-elsewhere ./deploy: kustomization.yaml',
    ])
    const out = await at.landed(['manifests: deploy'], 'manifests')
    for (const name of ['pods.yaml', 'kustomization.yaml', 'broken.yaml', 'README.md'])
      expect(await readFile(join(out, 'manifests', 'deploy', name), 'utf8')).toBe(
        await readFile(at.inRequest('deploy', name), 'utf8'),
      )
  })

  it('may be one file', async () => {
    await at.lay({ 'one/app.yaml': 'kind: Pod\n' })
    const [one] = await at.collected(['manifests: one/app.yaml'])
    expect(one).toMatchObject({ kind: 'manifests', name: 'app.yaml' })
  })

  it.each([
    [
      'aliases of aliases',
      Array.from(
        { length: 200 },
        (_, one) => `a${one}: &a${one} [*a${Math.max(0, one - 1)}, *a${Math.max(0, one - 1)}]`,
      ).join('\n'),
    ],
    [
      'thousands of anchors',
      Array.from({ length: 5000 }, (_, one) => `a${one}: &x${one} 1\nb${one}: *x${one}`).join('\n'),
    ],
    ['a tag of another kind', 'a: !!js/function "x"\n---\na: !!binary "//8="\n- b\n'],
    ['depth', `a: ${'['.repeat(5000)}`],
  ])('with %s are carried, and said not to be read', async (_, text) => {
    await at.lay({ 'odd/odd.yaml': `${text}\n` })
    const [one] = await at.collected(['manifests: odd'])
    expect(findingsOf(one)).toEqual(['images-unread odd: odd.yaml'])
  })
})

describe('folders', () => {
  it('travel file by file, whatever is in them', async () => {
    await at.lay({
      'repo/Packages': 'x\n',
      'repo/pool/a/app_1.0_amd64.deb': Buffer.alloc(5000, 7),
      'repo/empty': '',
    })
    const [one] = await at.collected(['folder: repo'])
    expect(one).toMatchObject({ kind: 'folder', name: 'repo', version: null })
    const out = await at.landed(['folder: repo'], 'folder')
    expect(await readFile(join(out, 'folders', 'repo', 'pool', 'a', 'app_1.0_amd64.deb'))).toEqual(
      Buffer.alloc(5000, 7),
    )
    expect(await readFile(join(out, 'folders', 'repo', 'empty'), 'utf8')).toBe('')
  })

  it.each([
    ['a link', 'folder: linked', { found: 'a link' }],
    [
      'names that differ in case alone',
      'folder: cases',
      { expected: 'names that differ in more than their case' },
    ],
    ['a name that not every system takes', 'folder: names', { path: 'names/aux.txt' }],
    ['nothing in it', 'folder: bare', { found: 'none' }],
    ['a file for it', 'folder: linked/a', { found: 'a file' }],
  ])('with %s are refused by name', async (_, item, facts) => {
    await at.lay({
      'linked/a': 'a',
      'cases/A': 'a',
      'cases/a': 'b',
      'names/aux.txt': 'x',
      'bare/.git/x': 'x',
    })
    await symlink('a', at.inRequest('linked', 'b')).catch(() => undefined)
    await rm(at.inRequest('bare', '.git'), { recursive: true })
    expect(await at.refused([item])).toMatchObject({ code: 'folder-refused', facts })
  })
})
