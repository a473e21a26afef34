import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/*
 * The conformance cases that lie beside a checkout (../shared/fixtures/sigstore): 26 of the official suite and 145 of a
 * private Sigstore. Each becomes the words of a `verify-bundle` command line, as the official harness gives them.
 */

const folder = join(import.meta.dirname, '..', '..', '..', 'shared', 'fixtures', 'sigstore')
export const hasCases = existsSync(folder)

export interface Case {
  readonly name: string
  readonly words: readonly string[]
  readonly expected: 'pass' | 'fail' | 'either'
  /** Where a correct verifier cannot know: the code that says so. */
  readonly cannot: string | null
  /** Words of the case's own opt-outs, which a strict policy does not give. */
  readonly optOuts: readonly string[]
}

const usual = {
  identity:
    'https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main',
  issuer: 'https://token.actions.githubusercontent.com',
}

const predicates: Readonly<Record<string, string>> = {
  slsaprovenance1: 'https://slsa.dev/provenance/v1',
  cyclonedx: 'https://cyclonedx.org/bom',
}

const optOuts: Readonly<Record<string, string>> = {
  '--insecure-ignore-sct': '--scts=0',
  '--insecure-ignore-tlog': '--logs=0',
}

type Mode = 'path' | 'digest'

/** A SHA-256 says nothing of the SHA-384 or SHA-512 that was signed, nor of the bytes that plain Ed25519 signs. */
const needsFile = /nistp384|nistp521|p384|p521|ed25519-bare/

function wordsOf(own: string, mode: Mode, more: readonly string[]): string[] {
  const at = (name: string): string => join(own, name)
  const text = (name: string): string => readFileSync(at(name), 'utf8').trim()
  const artifact = existsSync(at('artifact')) ? at('artifact') : join(folder, 'conformance', 'a.txt')
  const digest = createHash('sha256').update(readFileSync(artifact)).digest('hex')
  const signer = existsSync(at('key.pub'))
    ? ['--key', at('key.pub')]
    : [
        '--certificate-identity',
        existsSync(at('identity')) ? text('identity') : usual.identity,
        '--certificate-oidc-issuer',
        existsSync(at('issuer')) ? text('issuer') : usual.issuer,
      ]
  const root = existsSync(at('trusted_root.json')) ? ['--trusted-root', at('trusted_root.json')] : []
  const bundle = ['verify-bundle', '--bundle', at('bundle.sigstore.json')]
  return [...bundle, ...signer, ...root, ...more, mode === 'path' ? artifact : `sha256:${digest}`]
}

/** The official cases, by file or by digest, none without the fixtures; those that name no root use the public one. */
export function officialCases(mode: Mode): Case[] {
  if (!hasCases) return []
  return readdirSync(join(folder, 'conformance'))
    .filter((name) => name !== 'a.txt')
    .map((name) => ({
      name,
      words: wordsOf(join(folder, 'conformance', name), mode, []),
      expected: name.endsWith('_fail') ? 'fail' : 'pass',
      cannot: null,
      optOuts: [],
    }))
}

interface Listed {
  readonly name: string
  readonly dir: string
  readonly expected: Case['expected']
  readonly flags?: readonly string[]
  readonly predicateType?: string
}

/** The private cases, none without the fixtures; `either` ones must only end properly. */
export function privateCases(mode: Mode): Case[] {
  if (!hasCases) return []
  const listed = JSON.parse(readFileSync(join(folder, 'private', 'cases.json'), 'utf8')) as Listed[]
  return listed.map(({ name, dir, expected, flags = [], predicateType }) => {
    const type =
      predicateType === undefined ? [] : ['--predicate-type', predicates[predicateType] ?? predicateType]
    return {
      name,
      words: wordsOf(join(folder, 'private', dir), mode, type),
      expected,
      cannot: mode === 'digest' && expected === 'pass' && needsFile.test(name) ? 'artifact.not-whole' : null,
      optOuts: flags.map((flag) => optOuts[flag] ?? flag),
    }
  })
}

/** The words of a case with its opt-outs. */
export function withOptOuts({ words, optOuts: more }: Case): string[] {
  return [...words.slice(0, 1), ...more, ...words.slice(1)]
}
