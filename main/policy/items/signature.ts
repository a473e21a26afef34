import type { SignatureRule } from '../../../shared/policy-items.ts'
import type { Assessed } from '../../evidence/assess.ts'
import { missing, saySigner, signerOf, type Evidence } from '../item-evidence.ts'
import { made, pass, type Answered } from '../rule-result.ts'

/** That as many as are asked for of those whom the policy names signed exactly this item. */
export function checkSignatures(
  { identities, least, log, time }: SignatureRule,
  evidence: Evidence,
): Answered {
  const id = 'policy.signature'
  const needs = `${log ? ', in a known log' : ''}${time ? ', at a known time' : ''}`
  const expected = `signed by ${least} of: ${evidence.say(identities)}${needs}`
  const signatures = evidence.about.filter(({ view }) => view.kind === 'signature')
  const proven = signatures.filter(({ view }) => view.result === 'proven')
  const enough = ({ view }: Assessed): boolean =>
    (!log || (view.proven?.logs.length ?? 0) > 0) && (!time || (view.proven?.times.length ?? 0) > 0)
  const ours = proven.filter((one) => evidence.isBy(one, identities))
  // Two names for one key are one signer; how a signer is shown tells nobody apart.
  const signers = (list: readonly Assessed[]): Map<string, string> =>
    new Map(list.map((one) => [signerOf(one), saySigner(one)]))
  const good = ours.filter(enough)
  const counted = signers(good)
  if (counted.size >= least)
    return { result: pass(id, expected, [...counted.values()].join('; '), good), good }
  if (signers(ours).size >= least) {
    const found = `${[...signers(ours).values()].join('; ')}; without ${log ? 'log' : 'time'}`
    return { result: made(id, 'not-checked', 'no-time', { expected, found }, ours), good: [] }
  }
  const others = proven.map((one) => `signed by ${saySigner(one)}`)
  return { result: missing(id, expected, signatures, others), good: [] }
}
