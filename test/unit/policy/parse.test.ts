import { mediumKinds } from '../../../shared/rules/media.ts'
import { describe, expect, it } from 'vitest'
import { Failure } from '../../../main/platform/failure.ts'
import { limits } from '../../../main/platform/limits.ts'
import { parsePolicy } from '../../../main/policy/parse.ts'
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
