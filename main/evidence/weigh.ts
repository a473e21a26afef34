import type { Reason, ReasonCode } from '../../shared/reason.ts'
import { reasonWords } from '../../shared/text/reasons.ts'
import type { Bundle } from '../sigstore/bundle-file.ts'
import { Refusal } from '../sigstore/refusal.ts'
import type { TrustedRoot } from '../sigstore/trusted-root.ts'
import type { Certificate } from '../sigstore/x509/certificate.ts'
import { pathsTo } from '../sigstore/x509/chain.ts'
import { oids } from '../sigstore/x509/extensions.ts'

/*
 * What is not proven is `bad` only where somebody whom this desk knows contradicts it (trust.md, Evidence). Everything
 * else is `unknown`: nobody known vouches, the form is not read, or a thing is lacking that nobody promised. Neither
 * counts for any rule; only `bad` fails an item by being there.
 */

/** Genuine it may be, but it is not about this, or not in a form that is read: nobody is contradicted. */
const notRead: ReadonlySet<ReasonCode> = new Set([
  'statement.form',
  'statement.type',
  'statement.weak-digest',
  'statement.other-subject',
  'statement.predicate',
  'certificate.algorithm',
  'artifact.not-whole',
])

/** Which of the roots know an authority of this certificate, whenever that was; none for one that cannot be traced. */
function rootsOf(leaf: Certificate, roots: readonly TrustedRoot[]): TrustedRoot[] {
  return roots.filter(({ authorities }) => {
    try {
      return pathsTo(leaf, authorities, oids.codeSigning).length > 0
    } catch (error) {
      if (error instanceof Refusal) return true
      throw error
    }
  })
}

/**
 * What a refusal of a piece comes to.
 *
 * @param vouched whether a key that this desk knows is meant, or did sign; for a certificate its authorities are asked
 */
export function weigh(
  { signer }: Pick<Bundle, 'signer'>,
  reason: Reason,
  roots: readonly TrustedRoot[],
  vouched: boolean,
): 'bad' | 'unknown' {
  if (reasonWords[reason.code].kind === 'unknown' || notRead.has(reason.code)) return 'unknown'
  if (signer.kind === 'key') return vouched ? 'bad' : 'unknown'
  const knowing = rootsOf(signer.leaf, roots)
  // An instance without logs promised none; where there are some, an entry that is missing was taken away.
  if (reason.code === 'log.none') return knowing.some(({ logs }) => logs.length > 0) ? 'bad' : 'unknown'
  return knowing.length > 0 ? 'bad' : 'unknown'
}
