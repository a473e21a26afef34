import type { SummaryRule } from '../../../shared/policy-items.ts'
import type { Assessed } from '../../evidence/assess.ts'
import { summaryType, type Summary } from '../../evidence/statements/summary.ts'
import { shown } from '../../sigstore/refusal.ts'
import { checkAge, noAge, type PolicyTime } from '../age.ts'
import { isTooLarge, missing, saySigner, tooLarge, type Evidence } from '../item-evidence.ts'
import { fits } from '../../platform/pattern.ts'
import { made, pass, type RuleResult } from '../rule-result.ts'

const level = /^(SLSA_[A-Z]+(?:_[A-Z]+)*_LEVEL)_(\d)$/

/** Whether stated levels hold one: of a track, the highest alone is stated and stands for those below it. */
function holds(stated: readonly string[], asked: string): boolean {
  const [, track, number = ''] = level.exec(asked) ?? []
  return stated.some((one) => {
    const [, ofTrack, own = ''] = level.exec(one) ?? []
    return one === asked || (track !== undefined && track === ofTrack && Number(own) >= Number(number))
  })
}

const say = (rule: SummaryRule, evidence: Evidence): string =>
  `verified by ${rule.verifier}, signed by ${evidence.say([rule.signedBy])}, as ${rule.resource}, with ${rule.levels.join(', ')}`

// SLSA 1.2, verifying VSAs: signature, subject and type were judged before; the verifier is bound to its signer here.
const isVerifier = (rule: SummaryRule, one: Assessed, evidence: Evidence): boolean =>
  one.summary?.verifier === rule.verifier && evidence.isBy(one, [rule.signedBy])

function against(
  rule: SummaryRule,
  one: Assessed,
  { verifier, resource, result, levels }: Summary,
  evidence: Evidence,
): string[] {
  const absent = rule.levels.filter((asked) => !holds(levels, asked))
  return [
    ...(evidence.isBy(one, [rule.signedBy]) ? [] : [`signed by ${saySigner(one)}`]),
    ...(verifier === rule.verifier ? [] : [`verified by ${shown(verifier)}`]),
    ...(fits(rule.resource, resource) ? [] : [`as ${shown(resource)}`]),
    ...(result === 'PASSED' ? [] : [`with the result ${shown(result)}`]),
    ...absent.map((one) => `without ${one}`),
  ]
}

function answer(rules: readonly SummaryRule[], evidence: Evidence, good: readonly Assessed[]): RuleResult {
  const id = 'policy.summary'
  const expected = rules.map((rule) => say(rule, evidence)).join('; or ')
  const statements = evidence.about.filter(({ predicateType }) => predicateType === summaryType)
  const proven = statements.filter(({ view }) => view.result === 'proven')
  // One that somebody named for it failed stops, whatever else was found at another time.
  const failed = proven.filter(
    (one) =>
      one.summary !== null &&
      one.summary.result !== 'PASSED' &&
      rules.some((rule) => isVerifier(rule, one, evidence)),
  )
  const [stop] = failed
  if (stop !== undefined) {
    const found = `${shown(stop.summary?.result ?? '')}, verified by ${shown(stop.summary?.verifier ?? '')}`
    return made(id, 'fail', 'failed-there', { expected, found }, failed)
  }
  const [first] = good
  if (first?.summary != null) {
    const { levels, resource } = first.summary
    const found = `PASSED with ${shown(levels.join(', '))} as ${shown(resource)}, signed by ${saySigner(first)}`
    return pass(id, expected, found, good)
  }
  const signers = rules.map(({ signedBy }) => signedBy)
  const large = proven.find((one) => isTooLarge(one) && evidence.isBy(one, signers))
  if (large !== undefined) return tooLarge(id, expected, large)
  const why = proven.map((one) => {
    const { summary } = one
    if (summary === null) return 'a summary that cannot be read'
    const all = rules.map((rule) => against(rule, one, summary, evidence))
    return (all.sort((a, b) => a.length - b.length)[0] ?? []).join(', ')
  })
  return missing(id, expected, statements, why)
}

/** That a verifier whom the policy names verified the item, as the policy says (SLSA 1.2, verification summary). */
export function checkSummary(
  rules: readonly SummaryRule[],
  evidence: Evidence,
  time: PolicyTime,
): RuleResult[] {
  const fitting = evidence.about.flatMap((one) => {
    const { summary } = one
    if (summary === null) return []
    return rules
      .filter((rule) => against(rule, one, summary, evidence).length === 0)
      .map(({ maxAge }) => ({ one, by: '', most: maxAge ?? null, said: summary.at }))
  })
  const result = answer(rules, evidence, [...new Set(fitting.map(({ one }) => one))])
  const days = rules.flatMap(({ maxAge }) => maxAge ?? [])
  if (days.length === 0) return [result]
  const what = 'the verification summary'
  return [result, fitting.length === 0 ? noAge(what, Math.max(...days)) : checkAge(what, 1, fitting, time)]
}
