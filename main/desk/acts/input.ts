import { typedSoFar } from '../../../shared/rules/typed-fingerprint.ts'
import { isFreeText, isName } from '../../../shared/names.ts'
import { Failure } from '../../platform/failure.ts'
import { compareTyped } from '../../trust/fingerprint.ts'

/* What people type, held against the form that it must have. */

/**
 * A name: an id, a channel, the name of a root.
 *
 * @param what what it is of, as in “the id”
 * @throws Failure `bad-input`
 */
export function checkName(what: string, name: string): void {
  if (isName(name)) return
  throw new Failure('bad-input', { found: what, expected: 'letters, digits and . _ / @ : + - (at most 200)' })
}

/**
 * Free text: a person's name, a reason.
 *
 * @param what what it is, as in “the reason”
 * @throws Failure `bad-input`
 */
export function checkText(what: string, text: string): void {
  if (isFreeText(text)) return
  throw new Failure('bad-input', {
    found: what,
    expected: 'text of at most 500 characters that are all seen, not blank',
  })
}

/**
 * What somebody typed from paper must be the whole of it.
 *
 * @throws Failure `fingerprint-form`, `fingerprint-differs`
 */
export function checkTyped(typed: string, hex: string): void {
  const compared = compareTyped(typed, hex)
  if (compared === 'form') throw new Failure('fingerprint-form', { found: typedSoFar(typed, true).said })
  if (compared === 'differs') throw new Failure('fingerprint-differs')
}
