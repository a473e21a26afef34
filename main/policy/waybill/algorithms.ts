import type { Policy } from '../../../shared/policy.ts'
import type { Waybill } from '../../../shared/waybill.ts'
import { kindOf, readVerifierKey, UnknownKey, type KeyKind } from '../../sigstore/verifier-key.ts'
import { approvedWords, isApproved, sayOthers } from '../approved.ts'
import type { BundleResult, SignedLine } from './result.ts'

function kindIn(key: string): KeyKind | null {
  try {
    return kindOf(readVerifierKey(Buffer.from(key, 'base64')).object)
  } catch (error) {
    if (error instanceof UnknownKey) return null
    throw error
  }
}

/** That whoever signed the bundle did so with approved algorithms: its people, and the installation that wrote it. */
export function algorithmsRule(
  { algorithms }: Policy,
  { sender }: Waybill,
  signed: readonly SignedLine[],
): BundleResult[] {
  if (algorithms === 'default') return []
  const all = [
    ...signed.map(({ role, name, key }) => ({ subject: `${role} · ${name}`, key })),
    { subject: `the station of ${sender.name}`, key: sender.station },
  ]
  return all.map(({ subject, key }) => {
    const kind = kindIn(key)
    const isFine = kind !== null && isApproved(kind)
    const found = kind === null ? 'a key of another kind' : sayOthers([{ what: 'the signature', kind }])
    return {
      id: 'policy.algorithms',
      subject,
      result: isFine ? 'pass' : 'fail',
      expected: approvedWords,
      found: isFine ? 'as expected' : found,
      reason: isFine ? 'as-expected' : 'not-approved',
    }
  })
}
