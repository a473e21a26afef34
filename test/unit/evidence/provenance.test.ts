import { describe, expect, it } from 'vitest'
import type { Provenance } from '../../../shared/evidence.ts'
import type { Assessed } from '../../../main/evidence/assess.ts'
import { assessed } from '../../support/attacks/evidence.ts'
import { build, predicate02, provenance } from '../../support/attacks/provenance.ts'
import { statement } from '../../support/authority/bundle.ts'

/* What provenance says of a build, in one shape, by a certificate that says nothing of it unless it is given one. */

const v1 = 'https://slsa.dev/provenance/v1'
const v02 = 'https://slsa.dev/provenance/v0.2'

async function judged(predicateType: string, predicate: object): Promise<Assessed | undefined> {
  const payload = statement({ predicateType, predicate })
  const [one] = await assessed([{ content: 'envelope', payload }])
  expect(one?.view.result).toBe('proven')
  return one
}
const read = async (predicateType: string, predicate: object): Promise<Provenance | string | null> => {
  const one = await judged(predicateType, predicate)
  return one?.view.provenance ?? one?.view.unreadable?.code ?? null
}

const definition = (more: object): object => ({
  buildDefinition: { buildType: 'type', externalParameters: {}, ...more },
  runDetails: { builder: { id: 'builder' } },
})
const sourceOf = async (predicate: object, type = v1): Promise<unknown> =>
  ((await read(type, predicate)) as Provenance | null)?.source

describe('version 1', () => {
  it('with everything', async () => {
    const predicate = {
      buildDefinition: {
        buildType: 'type',
        externalParameters: { source: 'git+https://host.test/o/r.git@refs/heads/main', x: 'y' },
        resolvedDependencies: [
          { uri: 'git+https://host.test/o/r', digest: { gitCommit: 'c1' } },
          { name: 'base', digest: { sha256: 'd1', sha512: 'd2' } },
          {},
        ],
      },
      runDetails: {
        builder: { id: 'builder' },
        metadata: { startedOn: '2026-01-01T00:00:00Z', finishedOn: '2026-01-01T00:01:00Z' },
      },
    }
    expect(await read(v1, predicate)).toEqual({
      predicateType: v1,
      builder: 'builder',
      buildType: 'type',
      source: { repository: 'https://host.test/o/r', ref: 'refs/heads/main', commit: 'c1' },
      parameters: JSON.stringify(predicate.buildDefinition.externalParameters),
      dependencies: [
        { uri: 'git+https://host.test/o/r', digest: 'gitCommit:c1' },
        { uri: 'base', digest: 'sha256:d1, sha512:d2' },
        { uri: '', digest: '' },
      ],
      dependencyCount: 3,
      startedOn: '2026-01-01T00:00:00Z',
      finishedOn: '2026-01-01T00:01:00Z',
      disagrees: [],
    })
  })

  it('with nothing, and with nothing in everything', async () => {
    const empty = {
      source: { repository: null, ref: null, commit: null },
      parameters: '{}',
      dependencies: [],
      dependencyCount: 0,
      startedOn: null,
      finishedOn: null,
    }
    expect(await read(v1, definition({}))).toMatchObject(empty)
    const hollow = {
      buildDefinition: { buildType: 'type', externalParameters: {}, resolvedDependencies: null },
      runDetails: { builder: { id: 'builder' }, metadata: { startedOn: null, finishedOn: null } },
    }
    expect(await read(v1, hollow)).toMatchObject(empty)
    const { buildDefinition } = hollow
    const run = { builder: { id: 'builder' }, metadata: null }
    expect(await read(v1, { buildDefinition, runDetails: run })).toMatchObject(empty)
  })

  it('counts all its dependencies and names the first hundred; cuts what it was asked for', async () => {
    const resolvedDependencies = Array.from({ length: 101 }, (_, i) => ({ uri: `u${i}` }))
    const found = await read(
      v1,
      definition({ resolvedDependencies, externalParameters: { x: 'y'.repeat(5000) } }),
    )
    const { dependencies, dependencyCount, parameters } = found as Provenance
    expect([dependencyCount, dependencies.length, dependencies.at(-1)]).toEqual([
      101,
      100,
      { uri: 'u99', digest: '' },
    ])
    expect(parameters).toBe(`{"x":"${'y'.repeat(4090)}`)
  })

  const first = [{ uri: 'git+https://dep.test/r@refs/tags/v1', digest: { gitCommit: 'c1' } }]
  const at = (repository: string | null, ref: string | null, commit: string | null): object => ({
    repository,
    ref,
    commit,
  })
  it.each([
    ['a source that is text', { source: 'https://a.test/r@v2' }, first, at('https://a.test/r', 'v2', 'c1')],
    ['a text without a dependency', { source: 'https://a.test/r' }, [], at('https://a.test/r', null, null)],
    ['an empty text', { source: '' }, first, at(null, null, 'c1')],
    [
      'a source with its digest',
      { source: { uri: 'https://a.test/r.git', digest: { sha1: 'c2' } } },
      first,
      at('https://a.test/r', null, 'c2'),
    ],
    [
      'a source without one',
      { source: { uri: 'https://a.test/r' } },
      first,
      at('https://a.test/r', null, 'c1'),
    ],
    [
      'a source with a digest that is none',
      { source: { uri: 'https://a.test/r', digest: 5 } },
      first,
      at('https://a.test/r', null, 'c1'),
    ],
    [
      'a source that names nothing, and a workflow',
      { source: { uri: 5 }, workflow: { repository: 'https://w.test/r', ref: 'refs/tags/v3' } },
      first,
      at('https://w.test/r', 'refs/tags/v3', 'c1'),
    ],
    [
      'a workflow that says the ref with the repository',
      { source: null, workflow: { repository: 'https://w.test/r@refs/tags/v4', ref: 5 } },
      [],
      at('https://w.test/r', 'refs/tags/v4', null),
    ],
    ['a workflow that says nothing', { workflow: {} }, first, at(null, null, 'c1')],
    ['a workflow that is null', { workflow: null }, first, at('https://dep.test/r', 'refs/tags/v1', 'c1')],
    ['a workflow that is text', { workflow: 'x' }, first, at('https://dep.test/r', 'refs/tags/v1', 'c1')],
    ['nothing but dependencies', {}, first, at('https://dep.test/r', 'refs/tags/v1', 'c1')],
  ] as const)('has its source by %s', async (_, externalParameters, resolvedDependencies, source) => {
    expect(await sourceOf(definition({ externalParameters, resolvedDependencies }))).toEqual(source)
  })

  it.each([
    ['https://a.test/r@refs/heads/a@b', 'https://a.test/r', 'refs/heads/a@b'],
    ['https://me@a.test/r', 'https://me@a.test/r', null],
    ['git@a.test:r', 'git@a.test:r', null],
    ['https://a.test/r.git.git@v1', 'https://a.test/r.git', 'v1'],
    ['https://a.test/gitr', 'https://a.test/gitr', null],
  ])('takes %s apart', async (uri, repository, ref) => {
    const found = await sourceOf(definition({ externalParameters: { source: uri } }))
    expect(found).toEqual({ repository, ref, commit: null })
  })
})

describe('version 0.2', () => {
  it('with everything', async () => {
    const predicate = {
      builder: { id: 'builder' },
      buildType: 'type',
      invocation: {
        configSource: { uri: 'git+https://a.test/r@refs/heads/main', digest: { sha1: 'c1' } },
        parameters: { a: 1 },
      },
      materials: [{ uri: 'm', digest: { sha256: 'd' } }],
      metadata: { buildStartedOn: 'start', buildFinishedOn: 'end' },
    }
    expect(await read(v02, predicate)).toEqual({
      predicateType: v02,
      builder: 'builder',
      buildType: 'type',
      source: { repository: 'https://a.test/r', ref: 'refs/heads/main', commit: 'c1' },
      parameters: '{"a":1}',
      dependencies: [{ uri: 'm', digest: 'sha256:d' }],
      dependencyCount: 1,
      startedOn: 'start',
      finishedOn: 'end',
      disagrees: [],
    })
  })

  it('with nothing, and with nothing in everything', async () => {
    const bare = { builder: { id: 'builder' }, buildType: 'type' }
    const empty = {
      source: { repository: null, ref: null, commit: null },
      parameters: '{}',
      dependencyCount: 0,
      startedOn: null,
      finishedOn: null,
    }
    expect(await read(v02, bare)).toMatchObject(empty)
    const hollow = { ...bare, invocation: {}, materials: null, metadata: null }
    expect(await read(v02, hollow)).toMatchObject(empty)
    const dated = { ...hollow, invocation: { configSource: {} }, metadata: { buildStartedOn: null } }
    expect(await read(v02, dated)).toMatchObject(empty)
  })

  it('has the commit by its own name before that of SHA-1', async () => {
    const configSource = { uri: 'r', digest: { sha1: 'c1', gitCommit: 'c2' } }
    const predicate = { ...predicate02({}), invocation: { configSource } }
    expect(await sourceOf(predicate, v02)).toEqual({ repository: 'r', ref: null, commit: 'c2' })
  })
})

describe('what the certificate says', () => {
  it('counts before the statement, and each difference is said', async () => {
    const said = { repository: 'https://said.test/r', ref: 'refs/heads/said', commit: '2'.repeat(40) }
    const [one] = await assessed([provenance({ said })])
    const { repository, ref, commit } = build
    expect(one?.view.provenance).toMatchObject({
      source: { repository, ref, commit },
      disagrees: [
        `The source repository is ${repository} by the certificate, https://said.test/r by the statement.`,
        `The source ref is ${ref} by the certificate, refs/heads/said by the statement.`,
        `The source commit is ${commit} by the certificate, ${'2'.repeat(40)} by the statement.`,
      ],
    })
    expect(one?.build?.source).toEqual({ repository, ref, commit })
  })

  it('stands alone where the statement says nothing, and agrees where both say the same', async () => {
    const { repository, ref, commit } = build
    for (const plan of [provenance(), provenance({ predicate: definition({}) })]) {
      const [one] = await assessed([plan])
      expect(one?.view.provenance).toMatchObject({ source: { repository, ref, commit }, disagrees: [] })
    }
  })
})

describe('other statements', () => {
  it('are no provenance', async () => {
    const one = await judged('https://slsa.dev/provenance/v2', definition({}))
    expect([one?.view.provenance, one?.view.unreadable, one?.build]).toEqual([null, null, null])
  })

  it('that are not proven say nothing, whatever they claim', async () => {
    const [one] = await assessed([{ ...provenance(), changeSignature: () => Buffer.from('x') }])
    expect(one?.view).toMatchObject({
      result: 'bad',
      provenance: null,
      sbom: null,
      proven: null,
      opinion: null,
    })
    expect([one?.build, one?.identity, one?.key]).toEqual([null, null, null])
  })
})
