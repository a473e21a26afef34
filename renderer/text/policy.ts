import type { Policy } from '../../shared/policy.ts'
import { count } from './format.ts'

/** A policy as an officer reads it: what it rules, in words. */
export function policyRows(policy: Policy): readonly (readonly [string, string])[] {
  const { signers, lifetime, exportRegistries } = policy
  const registries = exportRegistries.map(
    ({ host, tokenHost, allow }) =>
      `${host}${tokenHost === undefined ? '' : ` (tokens from ${tokenHost})`}${allow === undefined ? '' : ', without TLS on this computer'}`,
  )
  return [
    [
      'Signatures',
      `${signers.prepare} × prepare, ${signers.release} × release, ${signers.witness} × witness, by different people with different keys`,
    ],
    ['Lifetime', `a waybill expires after at most ${count(lifetime, 'day')}`],
    [
      'Export registries',
      registries.length === 0
        ? 'none: a high desk opens no connection at all'
        : `a high desk may connect to these and to nothing else: ${registries.join('; ')}`,
    ],
  ]
}
