import type { Digest } from '../../../shared/digest.ts'
import { signingRoles } from '../../../shared/schema.ts'
import { visible } from '../../../shared/names.ts'
import { alikeTo } from '../../../shared/rules/alike.ts'
import { folded } from '../../../shared/rules/roles.ts'
import {
  parseSignatureLine,
  rankOf,
  splitSignatureFile,
  type SignatureLine,
} from '../../bundle/signature-lines.ts'
import { EnvelopeError, envelopeVerifies } from '../../sigstore/envelope.ts'
import { readSpki } from '../../sigstore/public-key.ts'
import type { TrustedSigner } from '../../trust/signers.ts'
import type { CheckList } from '../check.ts'
import type { Ground } from '../types.ts'

const fileName = 'waybill.sigstore.jsonl'

/** A line that verifies under a key that this desk trusts for the role it states. */
export interface CountedLine {
  readonly line: SignatureLine
  readonly signer: TrustedSigner
}

function parseLines(bytes: Buffer, list: CheckList): SignatureLine[] | null {
  try {
    const lines = splitSignatureFile(bytes).map((line, i) => {
      try {
        return parseSignatureLine(line)
      } catch (error) {
        throw new EnvelopeError(
          `line ${i + 1}: ${error instanceof Error ? error.message : 'not as expected'}`,
        )
      }
    })
    lines.forEach((line, i) => {
      const before = lines[i - 1]
      if (before !== undefined && rankOf(before.predicate.role) > rankOf(line.predicate.role)) {
        throw new EnvelopeError('lines that are not in the order prepare, release, witness')
      }
    })
    list.pass('signatures.form', fileName, '1 to 8 canonical lines', `${lines.length} canonical lines`)
    return lines
  } catch (error) {
    const found = error instanceof Error ? error.message : 'something else'
    list.fail('signatures.form', fileName, '1 to 8 canonical lines', visible(found), 'form')
    return null
  }
}

/** Why a line does not count; `person` where somebody known did sign, but something else. */
interface Wrong {
  readonly reason: 'revoked' | 'does-not-count' | 'not-made' | 'altered' | 'role' | 'twice'
  readonly found: string
  readonly person?: string
}

function problemOf(
  line: SignatureLine,
  waybill: Digest,
  trust: readonly TrustedSigner[],
  revoked: Ground['revoked'],
): TrustedSigner | Wrong {
  // Whatever date the waybill states: whoever has the key can state any.
  const gone = revoked.get(line.envelope.fingerprint)
  if (gone !== undefined) {
    const found = `a key that was revoked here on ${gone.at} (${gone.reason}): ${line.envelope.fingerprint}`
    return { reason: 'revoked', found }
  }
  const signer = trust.find((one) => one.fingerprint === line.envelope.fingerprint)
  if (signer === undefined) {
    const nobody = trust.length === 0 ? 'nobody is trusted at this desk yet; ' : ''
    return {
      reason: 'does-not-count',
      found: `${nobody}a key that is not trusted here: ${line.envelope.fingerprint}`,
    }
  }
  if (!envelopeVerifies(line.envelope, readSpki(Buffer.from(signer.key, 'base64')))) {
    const found = `a signature that the key ${signer.fingerprint} of ${signer.name} did not make`
    return { reason: 'not-made', found }
  }
  if (line.waybill !== waybill)
    return {
      reason: 'altered',
      found: `a signature by ${signer.name} over ${line.waybill}`,
      person: signer.name,
    }
  if (!signer.roles.includes(line.predicate.role)) {
    const found = `${signer.name}, trusted for ${signer.roles.join(', ')}, signing as ${line.predicate.role}`
    return { reason: 'role', found }
  }
  return signer
}

// The key decided; people read the name. Whoever reads this verdict shall know that there are two of them.
function checkAlike(counted: readonly CountedLine[], trust: readonly TrustedSigner[], list: CheckList): void {
  const expected = 'names that no other trusted signer’s looks like'
  const alike = counted.flatMap(({ signer }) =>
    alikeTo(signer, trust, (one) => one.fingerprint).map((other) => ({ signer, other })),
  )
  for (const { signer, other } of alike) {
    const found = `${signer.name} with the key ${signer.fingerprint}; ${other.name} with the key ${other.fingerprint}`
    list.add('signers.alike', 'warn', { subject: signer.name, expected, found, reason: 'alike' })
  }
  if (alike.length === 0) list.pass('signers.alike', 'all signers', expected)
}

function countLines(
  lines: readonly SignatureLine[],
  waybill: Digest,
  { trust, revoked }: Pick<Ground, 'trust' | 'revoked'>,
  list: CheckList,
): CountedLine[] {
  const counted: CountedLine[] = []
  lines.forEach((line, i) => {
    const { role, person } = line.predicate
    const expected = `a signature over ${waybill} by somebody trusted for ${role}`
    let result = problemOf(line, waybill, trust, revoked)
    const same = counted.find(
      (other) =>
        !('reason' in result) &&
        (other.line.predicate.person === person ||
          folded(other.signer.name) === folded(result.name) ||
          other.signer.fingerprint === result.fingerprint),
    )
    if (same !== undefined) result = { reason: 'twice', found: `${person}, who has signed already` }
    if ('reason' in result) {
      const { reason, found, person: signedElse } = result
      const subject = `line ${i + 1}, ${role}`
      const about = { subject, expected, found: visible(found), reason }
      list.add('signatures.line', 'fail', signedElse === undefined ? about : { ...about, person: signedElse })
    } else {
      const { name, fingerprint } = result
      list.add('signatures.line', 'pass', {
        subject: `${role} · ${name}`,
        expected,
        found: `${name}, ${fingerprint}`,
        person: name,
      })
      counted.push({ line, signer: result })
    }
  })
  return counted
}

/**
 * Step 1 of the reading order: every line must verify over the waybill's digest, under a key that this desk trusts for
 * the role it states; no person and no key twice; and the roles that the policy asks for must be there. Not one byte of
 * the waybill is parsed for it.
 */
export function checkSignatures(
  input: { signatures: Buffer; waybill: Digest; ground: Pick<Ground, 'trust' | 'revoked' | 'signers'> },
  list: CheckList,
): CountedLine[] | null {
  const lines = parseLines(input.signatures, list)
  if (lines === null) return null
  const counted = countLines(lines, input.waybill, input.ground, list)
  checkAlike(counted, input.ground.trust, list)
  let complete = counted.length === lines.length
  for (const role of signingRoles) {
    const wanted = input.ground.signers[role]
    if (wanted === 0) continue
    const names = counted.filter((one) => one.line.predicate.role === role).map((one) => one.signer.name)
    const expected = `${wanted} × ${role}`
    if (names.length >= wanted) {
      list.pass('signatures.required', role, expected, names.join(', '))
    } else {
      list.fail('signatures.required', role, expected, names.join(', ') || 'nobody', 'missing')
      complete = false
    }
  }
  return complete ? counted : null
}
