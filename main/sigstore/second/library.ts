import { bundleFromJSON } from '@sigstore/bundle'
import { PolicyError, toSignedEntity, VerificationError, Verifier } from '@sigstore/verify'
import type { Opinion } from '../../../shared/evidence.ts'
import { shown } from '../refusal.ts'
import { cannot, type SecondAsk } from './asked.ts'
import { couldNotAsk, withDigests } from './digests.ts'
import { secondTrust } from './trust-material.ts'

/* The libraries of the second verifier: loaded when something is judged, not when the program starts. */

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

/** The library's own judgement. It never throws. */
export function libraryOpinion(asked: SecondAsk): Opinion {
  try {
    return signerOf(asked)
  } catch (error) {
    return judged(error)
  }
}
