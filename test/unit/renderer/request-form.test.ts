import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blankItem, isLocal, type FormItem } from '../../../renderer/text/request-item.ts'
import {
  emptyRequest,
  formOf,
  withDestination,
  withField,
  withItem,
  withItemChanged,
  withoutEntry,
} from '../../../renderer/text/request-form.ts'
import { openPoints } from '../../../renderer/text/request-problems.ts'
import type { RequestProblem } from '../../../shared/calls/request.ts'
import { readRequest } from '../../../main/request/parse.ts'

const image = { ...blankItem, kind: 'image', reference: 'host/app:1' } as const
const desk = 'ab'.repeat(32)

function filled(): string {
  let text = emptyRequest
  text = withField(text, 'name', 'payments-2026-11')
  text = withField(text, 'reason', 'Because: of #4711')
  text = withField(text, 'requester', 'alice')
  text = withField(text, 'channel', 'payments')
  text = withDestination(text, desk, 'Delta-2')
  return withItem(text, { ...image, platforms: 'linux/amd64, linux/arm64' })
}

describe('a request as form and as text', () => {
  it('gives text that the engine takes', () => {
    const { request, problems } = readRequest(Buffer.from(filled()))
    expect(problems).toEqual([])
    expect(request).toMatchObject({
      name: 'payments-2026-11',
      reason: 'Because: of #4711',
      destinations: [desk],
      items: [{ kind: 'image', reference: 'host/app:1', platforms: ['linux/amd64', 'linux/arm64'] }],
    })
    expect(filled()).toContain(`  - ${desk} # Delta-2\n`)
  })

  it.each([
    [
      { kind: 'chart', reference: 'https://charts.example/stable' },
      { name: 'ingress', version: '4.2.0', sha256: 'f' },
    ],
    [{ kind: 'model', reference: './assistant' }, { signature: './m.sig' }],
  ] as const)('keeps what was typed beside %j while the reference is written anew', (start, typed) => {
    const item: FormItem = { ...blankItem, ...start, ...typed }
    let text = withItemChanged(filled(), 0, item)
    const addresses =
      start.kind === 'chart'
        ? ['h', 'https:', 'https://', 'http://charts.', 'hxttps://charts.example', start.reference]
        : []
    for (const reference of ['', ...addresses]) {
      const now = formOf(text)?.items[0] ?? item
      text = withItemChanged(text, 0, { ...now, reference })
      expect(formOf(text)?.items[0], reference).toMatchObject({ reference, ...typed })
    }
    text = withItemChanged(text, 0, { ...item, reference: 'oci://r.example/charts/app:1' })
    for (const field of Object.keys(typed))
      expect(text).not.toContain(`${field}:`.replace(/^name:/, '    name:'))
  })

  it('names a repository of signatures, and lets go of it for a file', () => {
    const text = withItemChanged(filled(), 0, { ...image, signatures: 'r.example/sec' })
    const [item] = readRequest(Buffer.from(text)).request?.items ?? []
    expect(item).toMatchObject({ signatures: { host: 'r.example', repository: 'sec' } })
    expect(formOf(text)?.items[0]?.signatures).toBe('r.example/sec')
    expect(withItemChanged(text, 0, image)).not.toContain('signatures')
    const file = withItemChanged(text, 0, {
      ...image,
      kind: 'file',
      reference: './a',
      signatures: 'r.example/sec',
    })
    expect(readRequest(Buffer.from(file)).problems).toEqual([])
  })

  it.each([
    [
      { ...image, kind: 'archive', reference: './a.tar', as: 'items', platforms: 'linux/amd64' },
      { kind: 'inside' },
    ],
    [{ ...image, kind: 'archive', reference: './a.tar', plainHttp: true }, { archive: 'any' }],
    [
      { ...image, kind: 'package', reference: './zarf-package.tar.zst', signatures: 'r.example/sec' },
      { archive: 'zarf' },
    ],
    [
      { ...image, kind: 'package', reference: 'oci://localhost:5000/pkg/app:1', plainHttp: true },
      { plainHttp: true, must: 'package' },
    ],
    [
      {
        ...image,
        kind: 'chart',
        reference: 'oci://r.example/charts/app:1',
        images: 'take',
        platforms: 'linux/amd64',
      },
      { kind: 'artifact', must: 'chart', images: 'take' },
    ],
    [
      {
        ...image,
        kind: 'chart',
        reference: 'https://charts.example/stable',
        name: 'app',
        version: '1.2.3',
        signatures: 'r.example/sec',
      },
      { kind: 'chart', reference: 'https://charts.example/stable/app:1.2.3' },
    ],
    [
      { ...image, kind: 'chart', reference: './charts/app', version: '1' },
      { kind: 'chart', repository: null },
    ],
    [
      { ...image, kind: 'manifests', reference: './deploy', images: 'take', key: 'k' },
      { kind: 'manifests', images: 'take' },
    ],
    [{ ...image, kind: 'folder', reference: './mirror', plainHttp: true }, { kind: 'folder' }],
    [
      {
        ...image,
        kind: 'url',
        reference: 'https://files.example/x.bin',
        sha256: 'f'.repeat(64),
        commit: 'x',
      },
      { kind: 'url', sha256: `sha256:${'f'.repeat(64)}`, signed: null },
    ],
    [
      {
        ...image,
        kind: 'url',
        reference: 'https://files.example/x.bin',
        signature: './x.sig',
        key: './k.pub',
      },
      { kind: 'url', signed: { signature: './x.sig', key: './k.pub' } },
    ],
    [
      { ...image, kind: 'git', reference: 'https://git.example/app.git', tag: 'v1', key: './k.gpg' },
      { kind: 'git', revision: { tag: 'v1', key: './k.gpg' } },
    ],
    [
      {
        ...image,
        kind: 'chart',
        reference: 'oci://charts.example/app:1.0.0',
        values: ['./one.yaml', './two, too.yaml'],
      },
      { kind: 'artifact', must: 'chart', values: ['./one.yaml', './two, too.yaml'] },
    ],
    [
      {
        ...image,
        kind: 'model',
        reference: './models/assistant',
        signature: './m.sig',
        platforms: 'linux/amd64',
        signatures: 'r.example/sec',
        plainHttp: true,
      },
      { kind: 'model', reference: './models/assistant', signature: './m.sig' },
    ],
    [
      {
        ...image,
        kind: 'model',
        reference: 'r.example/models/assistant:1',
        signature: './m.sig',
        platforms: 'linux/amd64',
      },
      { kind: 'artifact', must: 'model', platforms: ['linux/amd64'] },
    ],
    [
      { ...image, kind: 'git', reference: './app', commit: 'a'.repeat(40) },
      { kind: 'git', url: null, revision: { commit: 'a'.repeat(40) } },
    ],
  ] as const)('writes %j as the engine takes it, and reads it back', (item, meant) => {
    const text = withItemChanged(filled(), 0, item)
    const { request, problems } = readRequest(Buffer.from(text))
    expect(problems).toEqual([])
    expect(request?.items).toMatchObject([meant])
    const [read] = formOf(text)?.items ?? []
    expect(read).toMatchObject({ kind: item.kind, reference: item.reference, as: item.as })
    expect(withItemChanged(text, 0, image)).not.toMatch(
      /archive|package|as:|chart|manifests|folder|model|url|git|sha256|key|commit|tag|values/,
    )
  })

  it('knows which items lie in the folder of the request', () => {
    const local = (kind: FormItem['kind'], reference: string): boolean => isLocal({ kind, reference })
    expect(local('archive', './a.tar')).toBe(true)
    expect(local('package', './a.tar.zst')).toBe(true)
    expect(local('package', 'oci://r.example/a:1')).toBe(false)
    expect(local('chart', './app')).toBe(true)
    expect(local('chart', 'https://charts.example/stable')).toBe(false)
    expect(local('model', './models/assistant')).toBe(true)
    expect(local('model', 'oci:./layout:1')).toBe(true)
    expect(local('model', 'r.example/m:1')).toBe(false)
    expect(local('model', '')).toBe(false)
    expect(isLocal({ kind: 'url', reference: 'https://files.example/x', key: './k.pub' })).toBe(true)
    // Nothing was chosen yet.
    expect(local('package', '')).toBe(false)
    expect(local('image', 'oci:./a')).toBe(true)
  })

  it('keeps comments, order and fields that it does not know', () => {
    const text =
      '# why\nname: a # short\nother: 7\nreason: b\n\n# what\nitems:\n  # first\n  - image: x/y:1\n'
    const changed = withItemChanged(withField(text, 'reason', 'c'), 0, { ...image, reference: 'x/y:2' })
    expect(changed).toBe(text.replace('reason: b', 'reason: c').replace('y:1', 'y:2'))
  })

  it('shows what was typed in either, and loses nothing while the text is broken', () => {
    const broken = `${filled()}items: [\n`
    expect(formOf(broken)).toBeNull()
    expect(withField(broken, 'name', 'other')).toBe(broken)
    const mended = filled().replace('channel: payments', 'channel: other')
    expect(formOf(mended)).toMatchObject({ channel: 'other', name: 'payments-2026-11' })
  })

  it('takes away what is removed or emptied', () => {
    const text = withField(withField(filled(), 'marking', 'OFFICIAL'), 'expires', '2027-01-01T00:00:00Z')
    expect(formOf(text)).toMatchObject({ marking: 'OFFICIAL', expires: '2027-01-01T00:00:00Z' })
    expect(withField(withField(text, 'marking', ''), 'expires', '')).toBe(filled())
    expect(formOf(withoutEntry(withoutEntry(filled(), 'items', 0), 'destinations', 0))).toMatchObject({
      items: [],
      destinations: [],
    })
    const file = withItemChanged(filled(), 0, { ...image, kind: 'file', reference: './a' })
    expect(readRequest(Buffer.from(file)).request?.items).toMatchObject([{ kind: 'file', reference: './a' }])
  })

  it('holds any text that a person types, as it was typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (reason, name) => {
        const form = formOf(withField(withField(emptyRequest, 'reason', reason), 'name', name))
        expect([form?.reason, form?.name]).toEqual([reason, name])
      }),
    )
  })
})

describe('the open points of a request', () => {
  it('are what is missing in one sentence, then each thing that is wrong, by its line', () => {
    const at = { line: 3, column: 1 }
    const missing = (path: string): RequestProblem => ({
      ...at,
      path,
      expected: `${path}: a text`,
      found: '',
    })
    const wrong = { ...at, path: 'items.0.image', expected: 'a reference', found: 'no reference' }
    expect(openPoints([missing('name'), wrong, missing('items'), wrong])).toEqual([
      'Missing: the name, what to carry.',
      'The reference of image 1, line 3 of the YAML: expected is a reference. Found: no reference.',
    ])
    expect(openPoints([missing('channel')])).toEqual(['Missing: the channel.'])
    expect(openPoints([])).toEqual([])
  })
})
