import { Failure } from '../../platform/failure.ts'
import { compareTyped } from '../../trust/fingerprint.ts'

/**
 * What somebody typed from paper must be the whole of it.
 *
 * @throws Failure `fingerprint-form`, `fingerprint-differs`
 */
export function checkTyped(typed: string, hex: string): void {
  const compared = compareTyped(typed, hex)
  if (compared === 'form') throw new Failure('fingerprint-form', { found: typed.slice(0, 200) })
  if (compared === 'differs') throw new Failure('fingerprint-differs')
}
