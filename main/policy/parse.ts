import type { z } from 'zod'
import { zPolicy, type Policy } from '../../shared/policy.ts'
import { Failure } from '../platform/failure.ts'
import { limits } from '../platform/limits.ts'
import { readVerifierPem, UnknownKey } from '../sigstore/verifier-key.ts'
import type { Problem } from './problems/problem.ts'
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
function keyProblems({ identities }: Policy): Problem[] {
  return identities.flatMap((identity, i): Problem[] => {
    if (!('key' in identity)) return []
    const path = ['identities', i, 'key']
    try {
      const { fingerprint } = readVerifierPem(identity.key)
      if (fingerprint === identity.fingerprint) return []
      return [{ path, expected: `the key ${identity.fingerprint}`, found: `the key ${fingerprint}` }]
    } catch (error) {
      if (!(error instanceof UnknownKey)) throw error
      return [{ path, expected: 'a PEM of one PUBLIC KEY', found: error.message }]
    }
  })
}

interface Misplaced extends Problem {
  /** `name`: it is about the name of a member, not about what the member says. */
  readonly part?: 'name'
}

// What is not of the form, in the order in which it was found: each unknown member by itself.
function formProblems(issues: readonly z.core.$ZodIssue[]): Misplaced[] {
  return issues.flatMap((issue): Misplaced[] => {
    const path = issue.path.filter((step) => typeof step !== 'symbol')
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((name) => ({
        ...{ path: [...path, name], part: 'name' },
        ...{ expected: 'a field that a policy has', found: `the field “${name}”` },
      }))
    const field = path.length === 0 ? 'the policy' : path.join('.')
    return [{ path, expected: `${field}: ${issue.message}`, found: 'something else' }]
  })
}

/** Refuses a policy for everything that is wrong with it; the first problem gives the place and the words of the failure. */
function refuse(document: YamlDocument, problems: readonly Misplaced[]): void {
  const [first, ...others] = problems
    .slice(0, limits.policyProblems)
    .map(({ path, part, expected, found }) => ({ ...document.positionOf(path, part), expected, found }))
  if (first === undefined) return
  const more = problems.length - others.length - 1
  const further = others.length === 0 ? undefined : { places: others, more }
  throw new Failure('policy-form', first, undefined, further)
}

interface Read {
  readonly policy: Policy
  readonly document: YamlDocument
  /** What is wrong with the keys that it names. */
  readonly keys: readonly Problem[]
}

function read(bytes: Uint8Array): Read {
  const document = documentOf(bytes)
  const parsed = zPolicy.safeParse(document.value)
  if (parsed.success) return { policy: parsed.data, document, keys: keyProblems(parsed.data) }
  refuse(document, formProblems(parsed.error.issues))
  throw wrong({ line: 1, column: 1 }, 'a policy', 'something else')
}

/**
 * Parses a policy document: YAML 1.2 without aliases, anchors, tags or duplicate keys; strict keys. What it leaves out
 * keeps the built-in value.
 *
 * @throws Failure `policy-form` with line and column, and with the other places where something is wrong
 */
export function parsePolicy(bytes: Uint8Array): Policy {
  const { policy, document, keys } = read(bytes)
  refuse(document, keys)
  return policy
}

/**
 * The same for a policy that is about to be set: what could never count is refused, because somebody meant something else.
 *
 * @throws Failure `policy-form` with line and column, and with the other places where something is wrong
 */
export function parseNewPolicy(bytes: Uint8Array): Policy {
  const { policy, document, keys } = read(bytes)
  // Rules are held against keys: where one is wrong, it is the keys that have to be put right first.
  refuse(document, keys)
  const problems = problemsOf(policy).map(({ path, expected, found }) => {
    return { path, expected: `${path.join('.')}: ${expected}`, found }
  })
  refuse(document, problems)
  return policy
}
