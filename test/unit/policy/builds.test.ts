import { describe, expect, it } from 'vitest'
import { build, predicate02, predicate1, provenance } from '../../support/attacks/provenance.ts'
import { judged } from '../../support/item-policy.ts'

/* What a builder was asked for from outside, and from what it built: by name, value and digest. */

async function outcome(
  more: string,
  predicate: object = predicate1({}),
  predicateType?: string,
): Promise<string> {
  const asks = `provenance: [{builder: '${build.workflow}', signedBy: builder, ${more}}]`
  const plan = provenance({ predicate, ...(predicateType === undefined ? {} : { predicateType }) })
  const [[result, found] = ['', '']] = await judged([plan], 'policy.provenance', { asks })
  return result.startsWith('pass') ? 'pass' : found
}
const path = `path: .github/workflows/build.yml`
const whole = `workflow: {ref: '${build.ref}', repository: '${build.repository}', ${path}}`

describe('parameters', () => {
  it.each([
    [`parameters: {workflow: {${path}}}`, 'pass'],
    [`parameters: {workflow: {path: .github/workflows/*.yml}}`, 'pass'],
    [`parameters: {${whole}}, otherParameters: refused`, 'pass'],
    ['parameters: {workflow: {path: other.yml}}', 'workflow.path is ".github/workflows/build.yml"'],
    ['parameters: {workflow: {path: 5}}', 'workflow.path is ".github/workflows/build.yml"'],
    ['parameters: {inputs: {}}', 'inputs is not said'],
    ['parameters: {workflow: {debug: "false"}}', 'workflow.debug is not said'],
    [
      'parameters: {workflow: release}',
      `workflow is {"ref":"${build.ref}","repository":"${build.repository}","path":".github/workflows/build.yml"}`,
    ],
    [
      `parameters: {workflow: {${path}}}, otherParameters: refused`,
      'workflow.ref was asked for besides, workflow.repository was asked for besides',
    ],
    ['otherParameters: refused', 'workflow was asked for besides'],
    ['parameters: {constructor: {}}', 'constructor is not said'],
  ])('%s: %s', async (more, answer) => {
    expect(await outcome(more)).toBe(answer)
  })

  it('are compared by kind, also in lists', async () => {
    const predicate = predicate1({}) as { buildDefinition: object }
    const of = (externalParameters: object): object => ({
      ...predicate,
      buildDefinition: {
        ...predicate.buildDefinition,
        externalParameters: { source: build.repository, ...externalParameters },
      },
    })
    const asked = (value: string, found: unknown): Promise<string> =>
      outcome(`parameters: {x: ${value}}`, of({ x: found }))
    expect(await asked('[a, "b*"]', ['a', 'bc'])).toBe('pass')
    expect(await asked('[a]', ['a', 'b'])).toBe('x is ["a","b"]')
    expect(await asked('[a, b]', ['a', 'c'])).toBe('x.1 is "c"')
    expect(await asked('true', true)).toBe('pass')
    expect(await asked('true', 'true')).toBe('x is "true"')
    expect(await asked('null', null)).toBe('pass')
    expect(await asked('{a: 1}', [1])).toBe('x is [1]')
  })

  it('of version 0.2 are its invocation’s', async () => {
    const predicate = predicate02({}) as { invocation: object }
    const made = { ...predicate, invocation: { ...predicate.invocation, parameters: { a: 'b' } } }
    const type = 'https://slsa.dev/provenance/v0.2'
    expect(await outcome('parameters: {a: b}, otherParameters: refused', made, type)).toBe('pass')
    expect(await outcome('parameters: {a: c}', made, type)).toBe('a is "b"')
  })
})

describe('materials', () => {
  const uri = `git+${build.repository}@${build.ref}`
  it.each([
    [`materials: [{uri: '${uri}', digest: 'gitCommit:${build.commit}'}]`, 'pass'],
    ["materials: [{uri: 'git+https://github.com/org/**'}]", 'pass'],
    [
      `materials: [{uri: '${uri}', digest: 'gitCommit:${'2'.repeat(40)}'}]`,
      `without the material ${uri} gitCommit:${'2'.repeat(40)}`,
    ],
    [
      `materials: [{uri: '${uri}', digest: 'sha1:${build.commit}'}]`,
      `without the material ${uri} sha1:${build.commit}`,
    ],
    ["materials: [{uri: 'pkg:oci/base'}]", 'without the material pkg:oci/base'],
    ['pinnedMaterials: true', 'pass'],
  ])('%s: %s', async (more, answer) => {
    expect(await outcome(more)).toBe(answer)
  })

  it('must have digests, and must be stated, where that is asked', async () => {
    const predicate = predicate1({}) as { buildDefinition: object }
    const of = (resolvedDependencies: readonly object[]): object => ({
      ...predicate,
      buildDefinition: { ...predicate.buildDefinition, resolvedDependencies },
    })
    expect(await outcome('pinnedMaterials: true', of([]))).toBe('no materials are stated')
    expect(
      await outcome('pinnedMaterials: true', of([{ uri: 'a', digest: { sha256: 'x' } }, { uri: 'b' }])),
    ).toBe('1 materials without a digest, b')
  })
})
