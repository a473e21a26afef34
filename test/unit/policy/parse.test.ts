import { mediumKinds } from '../../../shared/rules/media.ts'
import { describe, expect, it } from 'vitest'
import { Failure } from '../../../main/platform/failure.ts'
import { limits } from '../../../main/platform/limits.ts'
import { parseNewPolicy, parsePolicy } from '../../../main/policy/parse.ts'
import { readVerifierKey } from '../../../main/sigstore/verifier-key.ts'
import { makeKey, pem } from '../../support/pki/key.ts'

/* Where a policy is wrong, and what is expected there: whoever writes one finds it by line and column. */

const head = 'sallyport: policy/v1\nversion: 1\n'
function refused(text: string): unknown {
  try {
    parsePolicy(Buffer.from(text))
    return 'taken'
  } catch (error) {
    if (error instanceof Failure && error.code === 'policy-form') return error.facts
    throw error
  }
}

const { spki } = makeKey('p256')
const { fingerprint } = readVerifierKey(spki)
const withKey = (key: string, print: string): string =>
  `${head}identities:\n  - name: key\n    fingerprint: ${print}\n    key: |\n${key.trim().replaceAll(/^/gm, '      ')}\n`

describe('a policy', () => {
  it('keeps what it leaves out', () => {
    expect(parsePolicy(Buffer.from(head))).toEqual({
      sallyport: 'policy/v1',
      version: 1,
      signers: { prepare: 1, release: 1, witness: 0 },
      lifetime: 90,
      clockTolerance: 48,
      exportRegistries: [],
      programs: {},
      rego: [],
      identities: [],
      items: [],
      media: { unregistered: 'warn', people: 0, tested: false, kinds: [...mediumKinds] },
      landing: { signers: 'station', listDays: 30 },
      algorithms: 'default',
      forbidden: [],
      tombstones: [],
      channels: [],
      exceptions: [],
    })
    expect(parsePolicy(Buffer.from('{"format":"sallyport.policy/v1","version":2}')).version).toBe(2)
  })

  it('may be as large as is said, and not a byte larger', () => {
    const full = Buffer.from(head.padEnd(limits.policyBytes, '#'))
    expect(parsePolicy(full).version).toBe(1)
    const [line, column] = [1, 1]
    expect(refused(head.padEnd(limits.policyBytes + 1, '#'))).toEqual({
      line,
      column,
      expected: `at most ${limits.policyBytes} bytes`,
      found: `${limits.policyBytes + 1} bytes`,
    })
  })

  it.each([
    ['5', 1, 1, /^the policy: /, 'something else'],
    [`${head}lifetime: 0`, 3, 11, /^lifetime: /, 'something else'],
    [
      `${head}signers:\n  prepare: 1\n  release: 1\n  witness: 5`,
      6,
      12,
      /^signers\.witness: /,
      'something else',
    ],
    [
      `${head}programs: {sh: [sha256:${'a'.repeat(64)}]}`,
      3,
      12,
      /^a field that a policy has$/,
      'the field “sh”',
    ],
    [`${head}programs:\n  helm: []`, 4, 9, /^programs\.helm: /, 'something else'],
    [`${head}programs:\n  helm: [${'a'.repeat(64)}]`, 4, 10, /^programs\.helm\.0: /, 'something else'],
    [`${head}lifetimes: 1`, 3, 1, /^a field that a policy has$/, 'the field “lifetimes”'],
    [
      `${head}items:\n  - kind: image\n    name: x\n    sing: 1`,
      6,
      5,
      /^a field that a policy has$/,
      'the field “sing”',
    ],
    [
      `${head}items:\n  - {kind: image, name: x}`,
      4,
      5,
      /^items\.0: either something that is asked, or nothing: true$/,
      'something else',
    ],
    [
      `${head}items:\n  - {kind: image, name: x, nothing: true, signedBy: {identities: [a]}}`,
      4,
      5,
      /^items\.0: either /,
      'something else',
    ],
    [`${head}a: &b 1`, 3, 7, /^a plain value$/, 'an anchor'],
  ] as const)('%j is wrong at %i:%i', (text, line, column, expected, found) => {
    expect(refused(text)).toEqual({
      line,
      column,
      expected: expect.stringMatching(expected) as unknown,
      found,
    })
  })

  it('has names that stand for one identity each, and uses no other', () => {
    const who = (name: string): string => `  - {name: ${name}, issuer: i, identity: x}\n`
    const items = (rule: string): string =>
      `${head}identities:\n${who('a')}${who('b')}items:\n  - {kind: any, name: x, ${rule}}`
    const message = (text: string): unknown => (refused(text) as { expected?: unknown }).expected
    expect(message(`${head}identities:\n${who('a')}${who('a')}`)).toBe(
      'identities.1.name: a name that only one identity has',
    )
    for (const [rule, path] of [
      ['signedBy: {identities: [a, c]}', 'signedBy.identities.1'],
      ['provenance: [{builder: x, signedBy: c}]', 'provenance.0.signedBy'],
      ['sbom: {signedBy: [b, c]}', 'sbom.signedBy.1'],
    ]) {
      expect(message(items(rule ?? ''))).toBe(`items.0.${path}: the name of an identity of this policy`)
    }
    expect(message(items('signedBy: {identities: [a, a], least: 2}'))).toBe(
      'items.0.signedBy.least: no more than there are identities',
    )
    expect(parsePolicy(Buffer.from(items('signedBy: {identities: [a, b], least: 2}'))).items).toHaveLength(1)
  })
})

describe('a policy with several things wrong', () => {
  /** Each place: line, column, and what is expected there; then how many more there are. */
  function places(text: string, parse: typeof parsePolicy = parsePolicy): unknown[] {
    try {
      parse(Buffer.from(text))
      return []
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'policy-form') throw error
      const all = [error.facts, ...(error.further?.places ?? [])]
      const said = all.map(({ line, column, expected, found }) => [line, column, expected, found])
      return [...said, error.further?.more ?? 0]
    }
  }

  it('names each unknown field and each wrong value with its place, in one failure', () => {
    const text = `${head}lifetime: 0\nlifetimes: 1\nitem: []\nsigners:\n  prepare: 9\n  release: 1\n  witness: 0\n  extra: 1\n`
    expect(places(text)).toEqual([
      [7, 12, expect.stringMatching(/^signers\.prepare: /), 'something else'],
      [10, 3, 'a field that a policy has', 'the field “extra”'],
      [3, 11, expect.stringMatching(/^lifetime: /), 'something else'],
      [4, 1, 'a field that a policy has', 'the field “lifetimes”'],
      [5, 1, 'a field that a policy has', 'the field “item”'],
      0,
    ])
  })

  it('names every rule that could never count, and every key that is none, at once', () => {
    const rules = `${head}lifetime: 30\nchannels:\n  - {name: a, lifetime: 31}\n  - {name: b, lifetime: 32}\n  - {name: b}\n`
    expect(places(rules, parseNewPolicy)).toEqual([
      [5, 25, 'channels.0.lifetime: at most 30, as for all', '31'],
      [6, 25, 'channels.1.lifetime: at most 30, as for all', '32'],
      [7, 12, 'channels.2.name: a channel that stands once', 'b'],
      0,
    ])
    expect(places(rules)).toEqual([])
    const keys = ['x', 'y'].map((name) => `  - {name: ${name}, key: none, fingerprint: ${'a'.repeat(64)}}\n`)
    expect(places(`${head}identities:\n${keys.join('')}`)).toEqual([
      [4, 20, 'a PEM of one PUBLIC KEY', expect.any(String)],
      [5, 20, 'a PEM of one PUBLIC KEY', expect.any(String)],
      0,
    ])
  })

  it('names so many, and counts the others', () => {
    const unknown = (number: number): string =>
      `${head}${Array.from({ length: number }, (_, i) => `x${i}: 1\n`).join('')}`
    const most = limits.policyProblems
    expect(places(unknown(most))).toHaveLength(most + 1)
    expect(places(unknown(most)).at(-1)).toBe(0)
    expect(places(unknown(most + 7))).toHaveLength(most + 1)
    expect(places(unknown(most + 7)).at(-1)).toBe(7)
    expect(places(unknown(1))).toEqual([[3, 1, 'a field that a policy has', 'the field “x0”'], 0])
  })

  it('costs little where a thousand rules are wrong', () => {
    const text = `${head}items:\n${'  - {kind: image, name: x, nothing: 1, a: 1}\n'.repeat(1000)}`
    expect(places(text).at(-1)).toBe(2000 - limits.policyProblems)
  })
})

describe('a key in a policy', () => {
  it('stands beside its own fingerprint', () => {
    const text = pem('PUBLIC KEY', spki)
    expect(parsePolicy(Buffer.from(withKey(text, fingerprint))).identities).toMatchObject([{ fingerprint }])
    expect(refused(withKey(text, 'a'.repeat(64)))).toEqual({
      line: 6,
      column: 10,
      expected: `the key ${'a'.repeat(64)}`,
      found: `the key ${fingerprint}`,
    })
  })

  it('is one public key', () => {
    expect(refused(withKey('no key', fingerprint))).toMatchObject({
      line: 6,
      column: 10,
      expected: 'a PEM of one PUBLIC KEY',
    })
    expect(refused(withKey(pem('PUBLIC KEY', spki).repeat(2), fingerprint))).toMatchObject({
      expected: 'a PEM of one PUBLIC KEY',
    })
  })
})
