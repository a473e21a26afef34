import { limits } from '../../platform/limits.ts'
import type { TrustedRoot } from '../trusted-root.ts'
import type { Proven } from '../verify-bundle.ts'
import { isSelfIssued } from '../x509/certificate.ts'

/*
 * Where `@sigstore/verify` 4.1.3 has not learned what our core takes: its refusal would say nothing of the signature.
 * Each line here was found by giving both the same cases (test/support/oracle/differences.json).
 */

interface Asked {
  readonly json: unknown
  readonly artifact: Buffer | null
  readonly roots: readonly TrustedRoot[]
  readonly proven: Proven
}

const anchorsOf = ({ roots, proven }: Asked): boolean =>
  roots
    .flatMap(({ authorities }) => authorities.flatMap(({ certificates }) => certificates))
    .some(
      (one) =>
        proven.signer.kind === 'certificate' && one.fingerprint === proven.signer.anchor && isSelfIssued(one),
    )

// Rekor v1 signs its heads under the name that it was started with; the library looks for it in the log's address.
const headsNamed = ({ proven }: Asked): boolean =>
  proven.entries.every(({ log, entry }) => {
    const note = entry.proof?.checkpoint ?? null
    return (
      note === null || [...note.matchAll(/\n— (\S+) /g)].some(([, name = '']) => log.baseUrl.includes(name))
    )
  })

/** Why the second verifier cannot judge something that our core has proven; `null` when it can. */
export function unfit(asked: Asked): string | null {
  const { json, artifact, proven } = asked
  const { signer, scheme, statement, entries, unknown } = proven
  if (signer.kind !== 'certificate') return 'It judges certificates only.'
  if (json === null) return `It is given no bundle, or one of more than ${limits.secondOpinionBytes} bytes.`
  if (statement === null && artifact === null) return 'It needs the file itself.'
  if (scheme.form === 'rsa-pss' || scheme.form === 'ed25519ph') {
    return `It does not know signatures of the form ${scheme.form}.`
  }
  if (scheme.form === 'pure' && statement === null) return 'It does not know plain Ed25519 over a file.'
  if (
    statement !== null &&
    scheme.hash !== 'sha256' &&
    entries.some(({ entry }) => entry.kind === 'hashedrekord')
  ) {
    return 'It knows only SHA-256 in the log entry of an envelope.'
  }
  if (unknown.entries + unknown.timestamps > 0) {
    return 'It does not pass over logs and authorities that nobody here knows.'
  }
  if (!anchorsOf(asked)) return 'It takes only a self-signed certificate for an anchor.'
  if (proven.times.length === 0 && proven.signer.kind === 'certificate') {
    return 'It judges no certificate without a time that somebody known states.'
  }
  if (proven.times.some(({ brought }) => brought)) {
    return 'It needs the certificate of a timestamp authority in the trusted root.'
  }
  if (!headsNamed(asked)) return 'It knows the heads of a log only by the name in its address.'
  return null
}
