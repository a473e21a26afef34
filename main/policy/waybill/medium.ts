import type { Channel } from '../../../shared/policy-content.ts'
import type { CameOn } from '../../../shared/rules/media.ts'
import type { BundleResult } from './result.ts'

const id = 'policy.medium' as const

function kindResult(medium: CameOn['media'][number], route: NonNullable<Channel['media']>): BundleResult {
  const kinds = route.kinds ?? []
  const words = kinds.length === 0 ? '' : `, of the kind ${kinds.join(' or ')}`
  const expected = `a medium of the register${words}`
  if (medium === null) {
    const found = 'a folder, or a medium that is not in the register'
    return { id, subject: 'the medium', result: 'not-checked', expected, found, reason: 'unregistered' }
  }
  const { label, kind } = medium
  const about = { id, subject: `the medium ${label}`, expected, found: kind }
  return kinds.length === 0 || kinds.includes(kind)
    ? { ...about, result: 'pass', reason: 'as-expected' }
    : { ...about, result: 'fail', reason: 'kind' }
}

function countResult(of: number, atMost: number): BundleResult {
  const about = { id, subject: 'all media', expected: `at most ${atMost} media`, found: `laid on ${of}` }
  return of > atMost
    ? { ...about, result: 'fail', reason: 'too-many' }
    : { ...about, result: 'pass', reason: 'as-expected' }
}

function sealResult(seal: CameOn['seal']): BundleResult {
  const about = { id, subject: 'the seal', expected: 'an arrival with a seal that fits' }
  if (seal === 'fits') return { ...about, result: 'pass', found: 'as expected', reason: 'as-expected' }
  if (seal === 'differs') return { ...about, result: 'fail', found: 'a seal that differs', reason: 'seal' }
  return { ...about, result: 'not-checked', found: 'no arrival recorded', reason: 'seal-not-recorded' }
}

/** That a bundle came on media as its channel asks; `null`: on none that anything is known of, so nothing is asked. */
export function mediumRule(channel: Channel | null, came: CameOn | null): BundleResult[] {
  const route = channel?.media
  if (route === undefined || came === null) return []
  const asksKind = route.kinds !== undefined || route.registered === true
  return [
    ...(asksKind ? came.media.map((medium) => kindResult(medium, route)) : []),
    ...(route.atMost === undefined ? [] : [countResult(came.of, route.atMost)]),
    ...(route.sealed === true ? [sealResult(came.seal)] : []),
  ]
}
