import { isDigest } from '../../../shared/digest.ts'
import type { ConsignmentEvidence, ItemEvidence } from '../../../shared/evidence.ts'
import { rulesNow } from '../../../shared/rules/version.ts'
import type { Item } from '../../../shared/waybill.ts'
import { twoPeopleEach, type Verification } from '../../landing/summary.ts'
import { isAbout } from '../../oci/item-name.ts'
import type { Desk } from '../desk.ts'
import type { Consignment } from '../state/consignment.ts'
import { acceptedWith } from '../state/landing.ts'

/* What this desk can say of an item to others: only what it proved itself, or what somebody named in its policy proved to it. */

const isProven = (evidence: ItemEvidence | undefined, id: string): boolean =>
  evidence?.rules.some((rule) => rule.id === id && rule.result === 'pass') === true &&
  evidence.rules.every((rule) => rule.id !== id || rule.result === 'pass')

/** Levels that every summary which may have counted states: which of several it was is not known any more. */
function summaryLevels(desk: Desk, item: Item): string[] {
  const rules = desk.state.policy.document.items.filter((rule) => isAbout(rule, item))
  return rules.flatMap(({ summary = [] }) => {
    const [first, ...others] = summary
    return (first?.levels ?? []).filter((level) => others.every(({ levels }) => levels.includes(level)))
  })
}

const levelForm = /^(SLSA_[A-Z_]+_LEVEL)_(\d)$/

// Of a track the highest alone is stated (SLSA 1.2, “SlsaResult”).
function highest(levels: readonly string[]): string[] {
  const tracks = new Map<string, number>()
  const others: string[] = []
  for (const level of levels) {
    const [, track, number] = levelForm.exec(level) ?? []
    if (track === undefined) others.push(level)
    else tracks.set(track, Math.max(tracks.get(track) ?? 0, Number(number)))
  }
  return [...new Set([...[...tracks].map(([track, number]) => `${track}_${number}`), ...others])]
}

function levelsOf(desk: Desk, one: Consignment, item: Item, kept: ConsignmentEvidence | null): string[] {
  const evidence = kept?.items.find(({ root }) => root === item.root.digest)
  // A summary was judged by the policy of then: only where that is still in force is it known what it asked.
  const summaries =
    kept?.policy === desk.state.policy.digest && isProven(evidence, 'policy.summary')
      ? summaryLevels(desk, item)
      : []
  // Signed provenance that names its builder is what the first level of the build track asks; more nobody proved here.
  const built = isProven(evidence, 'policy.provenance') ? ['SLSA_BUILD_LEVEL_1'] : []
  const released = new Set(one.signers).size
  const accepted = new Set(acceptedWith(one, rulesNow).map(({ fingerprint }) => fingerprint)).size
  const people = one.decided === 'accept' && released >= 2 && accepted >= 2 ? [twoPeopleEach] : []
  return [...highest([...built, ...summaries]), ...people]
}

/** What was verified of an item, by the verdict on which it was decided. */
export function verificationOf(
  desk: Desk,
  one: Consignment,
  item: Item,
  kept: ConsignmentEvidence | null,
): Verification {
  const judged = kept?.items.find(({ root }) => root === item.root.digest)
  const proven = (judged?.pieces ?? []).filter(({ result }) => result === 'proven')
  const evidence = [...new Set(proven.map(({ layer }) => layer))].filter(isDigest).sort()
  const policy = kept !== null && isDigest(kept.policy) ? kept.policy : desk.state.policy.digest
  return {
    desk: desk.id,
    at: one.decidedAt ?? desk.now(),
    policy,
    evidence,
    result: one.decided === 'accept' ? 'PASSED' : 'FAILED',
    levels: one.decided === 'accept' ? levelsOf(desk, one, item, kept) : [],
  }
}
