import type { CallInput } from '../../shared/contract.ts'
import { isDigest } from '../../shared/digest.ts'

type Recovery = NonNullable<CallInput<'stream.release'>['recovery']>

/** What officers typed of a stream whose memory was lost. */
export interface RecoveryForm {
  readonly epoch: string
  /** Whether anything of the stream was accepted; `null` until it is said. */
  readonly accepted: 'one' | 'none' | null
  readonly sequence: string
  readonly digest: string
  /** One digest a line. */
  readonly rejected: string
}

/** Before anybody has typed. */
export const emptyRecovery: RecoveryForm = {
  epoch: '',
  accepted: null,
  sequence: '',
  digest: '',
  rejected: '',
}

/** How far one raise of an epoch may go, as the engine has it. */
const mostRaise = 1000

/** A number of the order: 1 to 2^53 − 1; `null` where the text is none. */
export function numberOf(text: string): number | null {
  const number = /^[1-9][0-9]{0,15}$/.test(text.trim()) ? Number(text) : Number.NaN
  return Number.isSafeInteger(number) ? number : null
}

/** What is wrong with an epoch, in a sentence; '' while nothing is, or nothing was typed. */
export function epochError(text: string, least: number, now: number): string {
  if (text.trim() === '') return ''
  const number = numberOf(text)
  const most = now + mostRaise
  return number !== null && number >= least && number <= most ? '' : `A number from ${least} to ${most}.`
}

const lines = (text: string): string[] => text.split(/\s+/).filter((one) => one !== '')

/** What is wrong with a digest, in a sentence; '' while nothing is. */
export function digestError(text: string): string {
  const wrong = lines(text).find((one) => !isDigest(one))
  return wrong === undefined ? '' : 'sha256: and 64 hex digits, as it is printed.'
}

/** What is still to be stated, in words. */
export function recoveryMissing(form: RecoveryForm, epoch: number): string[] {
  const { accepted, sequence, digest, rejected } = form
  const one = accepted === 'one'
  return [
    ...(form.epoch.trim() === '' || epochError(form.epoch, epoch, epoch) !== '' ? ['the epoch'] : []),
    ...(accepted === null ? ['what was accepted last'] : []),
    ...(one && numberOf(sequence) === null ? ['the number of the last accepted bundle'] : []),
    ...(one && !isDigest(digest.trim()) ? ['the digest of the last accepted bundle'] : []),
    ...(digestError(rejected) === '' ? [] : ['the digests that were rejected, in their form']),
  ]
}

/** What was typed, as the call takes it; `null` while something is missing. */
export function recoveryOf(form: RecoveryForm): Recovery | null {
  const epoch = numberOf(form.epoch)
  const sequence = numberOf(form.sequence)
  const digest = form.digest.trim()
  const rejected = lines(form.rejected).filter(isDigest)
  if (epoch === null || form.accepted === null) return null
  if (form.accepted === 'none') return { epoch, accepted: null, rejected }
  if (sequence === null || !isDigest(digest)) return null
  return { epoch, accepted: { sequence, digest }, rejected }
}
