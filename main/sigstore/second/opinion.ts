import { bundleFromJSON } from '@sigstore/bundle'
import { PolicyError, toSignedEntity, VerificationError, Verifier } from '@sigstore/verify'
import type { Opinion } from '../../../shared/evidence.ts'
import { limits } from '../../platform/limits.ts'
import { shown } from '../refusal.ts'
import type { TrustedRoot } from '../trusted-root.ts'
import type { Ask, Proven } from '../verify-bundle.ts'
import { couldNotAsk, withDigests } from './digests.ts'
import { unfit } from './fit.ts'
import { secondTrust } from './trust-material.ts'

/** What the second verifier is asked about: something that our core has proven. */
export interface SecondAsk {
  /** The bundle as JSON, parsed but not read by our core; `null` where there is none to be had. */
  readonly json: unknown
  /** What was signed, where a bare signature was; `null`: only its digest is at hand. */
  readonly artifact: Buffer | null
  readonly roots: readonly TrustedRoot[]
  readonly proven: Proven
  readonly ask: Pick<Ask, 'logs' | 'times' | 'scts'>
}

const cannot = (why: string): Opinion => ({ answer: 'cannot-judge', why: shown(why) })

// What it never learned is no judgement: entry kinds, versions, and what it does not implement.
// Two stamps that are alike it refuses to count; ours counts who runs them.
const notLearned = /^(?:unsupported |missing dsse spec|key not found|duplicate )/

function judged(error: unknown): Opinion {
  const unable = couldNotAsk()
  if (unable !== null) return cannot(`It could not ask a signature here: ${unable}.`)
  const judges = error instanceof VerificationError || error instanceof PolicyError
  const message = error instanceof Error ? error.message : 'something else'
  if (!judges || error.code === 'NOT_IMPLEMENTED_ERROR' || notLearned.test(message)) {
    return cannot(`It cannot read this: ${message}.`)
  }
  return { answer: 'contradicts', why: shown(`${error.code}: ${message}`) }
}

function signerOf({ json, artifact, roots, proven, ask }: SecondAsk): Opinion {
  const { signer, scheme } = proven
  const verifier = new Verifier(secondTrust(roots), {
    tlogThreshold: ask.logs,
    timestampThreshold: ask.times,
    ctlogThreshold: ask.scts,
  })
  let found: ReturnType<Verifier['verify']>['identity']
  withDigests({ spki: signer.key.spki, hash: scheme.hash }, () => {
    found = verifier.verify(toSignedEntity(bundleFromJSON(json), artifact ?? undefined)).identity
  })
  if (signer.kind === 'key') return cannot('It judges certificates only.')
  const { identity } = signer
  const [name, issuer] = [found?.subjectAlternativeName, found?.extensions?.issuer]
  if (name === undefined || issuer === undefined) return cannot('It reads no name or no issuer.')
  if (name === identity.name.value && issuer === identity.issuer) return { answer: 'agrees', why: '' }
  return { answer: 'contradicts', why: shown(`It reads ${name}, for whom ${issuer} vouched.`) }
}

/**
 * What `@sigstore/verify` says of something that our core has proven, by the same trusted roots and thresholds
 * (trust.md, "A second opinion"). It never throws, and only `contradicts` is a judgement: what the library cannot read,
 * or passes over, is `cannot-judge`.
 */
export function secondOpinion(asked: SecondAsk): Opinion {
  const why = unfit(asked)
  if (why !== null) return cannot(why)
  try {
    return signerOf(asked)
  } catch (error) {
    return judged(error)
  }
}

/** A bundle for the second verifier, parsed by nothing of ours; `null` where it is too large to be held twice. */
export function bundleForSecond(bytes: Uint8Array): unknown {
  if (bytes.length > limits.secondOpinionBytes) return null
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown
  } catch {
    return null
  }
}
