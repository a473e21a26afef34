import type { Forbidden } from '../../../shared/policy-content.ts'
import type { ItemRule } from '../../../shared/policy-items.ts'
import type { Assessed } from '../../evidence/assess.ts'
import { sbomKind } from '../../evidence/sbom/read.ts'
import { bansOf, sayBan, sayComponent, type Met } from '../components/bans.ts'
import { isTooLarge, missing, saySigner, tooLarge, type About, type Evidence } from '../item-evidence.ts'
import { made, pass, type RuleResult } from '../rule-result.ts'

const id = 'policy.forbidden'
const expected = 'nothing that the policy forbids'

interface MetIn extends Met {
  readonly one: Assessed
}

function sayMet(met: readonly Met[]): string {
  const said = met.slice(0, 3).map(({ ban, component }) => `${sayComponent(component)}: ${sayBan(ban)}`)
  return [...said, ...(met.length > 3 ? [`${met.length - 3} more`] : [])].join('; ')
}

const billOf = ({ bill, saidBill }: Assessed) => bill ?? saidBill

/** What any bill of materials names, whoever made it: that something is there needs no witness to be looked into. */
function metIn(forbidden: readonly Forbidden[], evidence: Evidence): MetIn[] {
  const bans = bansOf(forbidden)
  return evidence.all.flatMap((one) => {
    const bill = billOf(one)
    return bill === null ? [] : bans.meet(bill).map((met) => ({ ...met, one }))
  })
}

// That nothing is there is shown only by one who is named, about this very item, in a document that was read whole.
function shownFree(
  names: readonly string[],
  forbidden: readonly Forbidden[],
  doubts: readonly MetIn[],
  evidence: Evidence,
): RuleResult {
  const asked = `${expected}, by a bill of materials signed by ${evidence.say(names)}`
  const documents = evidence.about.filter(({ predicateType }) => sbomKind(predicateType ?? '') !== null)
  const proven = documents.filter(({ view }) => view.result === 'proven')
  const signed = proven.filter((one) => evidence.isBy(one, names))
  const good = signed.filter(({ view, bill }) => bill !== null && view.sbom?.describes !== 'another')
  const [first] = good
  if (first === undefined) {
    const large = signed.find(isTooLarge)
    if (large !== undefined) return tooLarge(id, asked, large)
    const why = proven.map((one) =>
      one.view.sbom === null
        ? 'a document that cannot be read'
        : evidence.isBy(one, names)
          ? 'it names another item'
          : `signed by ${saySigner(one)}`,
    )
    return missing(id, asked, documents, why)
  }
  if (doubts.length > 0) {
    return made(id, 'not-checked', 'cannot-compare', { expected: asked, found: sayMet(doubts) }, good)
  }
  const bills = good.flatMap(({ bill }) => bill ?? [])
  const silent = bills.reduce((sum, bill) => sum + bansOf(forbidden).withoutLicence(bill), 0)
  const unread = bills.reduce((sum, bill) => sum + bill.unread, 0)
  if (unread > 0 || silent > 0) {
    const found = [
      ...(unread > 0 ? [`${unread} components that cannot be read`] : []),
      ...(silent > 0
        ? [`${silent} components whose licence is not said, or not so that it can be read`]
        : []),
    ].join('; ')
    return made(
      id,
      'not-checked',
      unread > 0 ? 'unread' : 'licence-not-said',
      { expected: asked, found },
      good,
    )
  }
  const count = bills.reduce((sum, { components }) => sum + components.length, 0)
  return pass(id, asked, `${count} components, none of them forbidden, signed by ${saySigner(first)}`, good)
}

/**
 * What the policy forbids: never asked of whom it is known. What is named is refused whoever names it; what cannot be
 * compared is not checked; that nothing is there is asked only where a rule says by whom it must be shown.
 */
export function checkForbidden(
  forbidden: readonly Forbidden[],
  rules: readonly ItemRule[],
  { root }: About,
  evidence: Evidence,
): RuleResult[] {
  const onRoot = bansOf(forbidden).onDigest(root.digest)
  const met = metIn(forbidden, evidence)
  const [hits, doubts] = [
    met.filter(({ doubt }) => doubt === null),
    met.filter(({ doubt }) => doubt !== null),
  ]
  if (onRoot.length > 0 || hits.length > 0) {
    const found = [
      ...onRoot.map((ban) => `the item itself: ${sayBan(ban)}`),
      ...(hits.length > 0 ? [sayMet(hits)] : []),
    ]
    const by = hits.map(({ one }) => one)
    return [made(id, 'fail', 'forbidden', { expected, found: found.join('; ') }, by)]
  }
  const shown = rules.flatMap(({ free }) =>
    free === undefined ? [] : [shownFree(free.signedBy, forbidden, doubts, evidence)],
  )
  if (shown.length > 0 || doubts.length === 0) return shown
  const by = doubts.map(({ one }) => one)
  return [made(id, 'not-checked', 'cannot-compare', { expected, found: sayMet(doubts) }, by)]
}
