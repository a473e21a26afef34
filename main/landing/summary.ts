import { hexOf, type Digest } from '../../shared/digest.ts'
import { version } from '../platform/version.ts'
import { landedStatement, type LandedName, type ToSeal } from './seal.ts'

/** Predicate of a verification summary (SLSA 1.2, “Verification Summary Attestation”). */
export const summaryPredicate = 'https://slsa.dev/verification_summary/v1'

/** Our own property: at least two people released it, and at least two accepted it. SLSA leaves such names to us. */
export const twoPeopleEach = 'SALLYPORT_RELEASED_AND_ACCEPTED_BY_TWO_PEOPLE_EACH'

/** What a summary says of a verification. */
export interface Verification {
  /** The desk that verified, 64 hex digits. */
  readonly desk: string
  /** When the decision was made that rests on it. */
  readonly at: string
  readonly policy: Digest
  /** Evidence that was judged and counted. */
  readonly evidence: readonly Digest[]
  readonly result: 'PASSED' | 'FAILED'
  /** None for what failed. */
  readonly levels: readonly string[]
}

/** Who verified, by an identifier that is bound to one key: another key is another verifier. */
export const verifierId = (desk: string, fingerprint: string): string =>
  `urn:sallyport:desk:${desk}:key:${fingerprint}`

/**
 * The summary of one manifest, for its name at the target and by its digest.
 *
 * @param fingerprint of the key that will sign it, 64 hex digits
 */
export function summaryStatement(
  name: LandedName,
  { desk, at, policy, evidence, result, levels }: Verification,
  fingerprint: string,
): ToSeal {
  const policyUri = `urn:sallyport:desk:${desk}:policy`
  return landedStatement(name, summaryPredicate, {
    verifier: { id: verifierId(desk, fingerprint), version: { sallyport: version } },
    timeVerified: at,
    resourceUri: `${name.repository}@${name.digest}`,
    policy: { uri: policyUri, digest: { sha256: hexOf(policy) } },
    inputAttestations: evidence.map((digest) => ({ digest: { sha256: hexOf(digest) } })),
    verificationResult: result,
    verifiedLevels: result === 'PASSED' ? [...levels] : ['FAILED'],
    slsaVersion: '1.2',
  })
}
