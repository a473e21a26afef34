import { zPolicy, type Policy } from '../../shared/policy.ts'
import { Failure } from '../platform/failure.ts'
import { limits } from '../platform/limits.ts'
import { readVerifierPem, UnknownKey } from '../sigstore/verifier-key.ts'
import { problemsOf } from './problems/problems.ts'
import { parseYaml, YamlError, type Position, type YamlDocument } from '../platform/yaml.ts'

function wrong(at: Position, expected: string, found: string): Failure {
  return new Failure('policy-form', { line: at.line, column: at.column, expected, found })
}

function documentOf(bytes: Uint8Array): YamlDocument {
  if (bytes.byteLength > limits.policyBytes) {
    throw wrong({ line: 1, column: 1 }, `at most ${limits.policyBytes} bytes`, `${bytes.byteLength} bytes`)
  }
  try {
    return parseYaml(bytes)
  } catch (error) {
    if (error instanceof YamlError) throw wrong(error.position, error.expected, error.found)
    throw error
  }
}

// A fingerprint stands beside its key so that people can compare it on paper: it must be that key's.
function withRightKeys(policy: Policy, document: YamlDocument): Policy {
  policy.identities.forEach((identity, i) => {
    if (!('key' in identity)) return
    const at = document.positionOf(['identities', i, 'key'])
    let fingerprint: string
    try {
      fingerprint = readVerifierPem(identity.key).fingerprint
    } catch (error) {
      if (!(error instanceof UnknownKey)) throw error
      throw wrong(at, 'a PEM of one PUBLIC KEY', error.message)
    }
    if (fingerprint !== identity.fingerprint)
      throw wrong(at, `the key ${identity.fingerprint}`, `the key ${fingerprint}`)
  })
  return policy
}

/**
 * Parses a policy document: YAML 1.2 without aliases, anchors, tags or duplicate keys; strict keys. What it leaves out
 * keeps the built-in value.
 *
 * @throws Failure `policy-form` with line and column
 */
export function parsePolicy(bytes: Uint8Array): Policy {
  return read(bytes).policy
}

/**
 * The same for a policy that is about to be set: what could never count is refused, because somebody meant something else.
 *
 * @throws Failure `policy-form` with line and column
 */
export function parseNewPolicy(bytes: Uint8Array): Policy {
  const { policy, document } = read(bytes)
  const [problem] = problemsOf(policy)
  if (problem === undefined) return policy
  const { path, expected, found } = problem
  throw wrong(document.positionOf(path), `${path.join('.')}: ${expected}`, found)
}

function read(bytes: Uint8Array): { readonly policy: Policy; readonly document: YamlDocument } {
  const document = documentOf(bytes)
  const parsed = zPolicy.safeParse(document.value)
  if (parsed.success) return { policy: withRightKeys(parsed.data, document), document }
  const [issue] = parsed.error.issues
  const path = (issue?.path ?? []).filter((step) => typeof step !== 'symbol')
  if (issue?.code === 'unrecognized_keys') {
    const name = issue.keys[0] ?? ''
    throw wrong(
      document.positionOf([...path, name], 'name'),
      'a field that a policy has',
      `the field “${name}”`,
    )
  }
  const field = path.length === 0 ? 'the policy' : path.join('.')
  throw wrong(document.positionOf(path), `${field}: ${issue?.message ?? 'valid'}`, 'something else')
}
