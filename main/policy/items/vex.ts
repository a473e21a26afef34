import type { Assessed } from '../../evidence/assess.ts'
import type { Scan } from '../../evidence/statements/scan.ts'
import type { VexLine } from '../../evidence/statements/vex-line.ts'
import { readTime, type PolicyTime } from '../age.ts'
import type { Evidence } from '../item-evidence.ts'

type Finding = Scan['findings'][number]

/** What somebody whom a rule names says of a vulnerability here. */
export interface Said extends VexLine {
  readonly one: Assessed
  readonly time: number
}

/** What those whom the rule names say of vulnerabilities here; nobody else’s word counts. */
function saidBy(names: readonly string[], evidence: Evidence, { now, tolerance }: PolicyTime): Said[] {
  const latest = Date.parse(now) + tolerance * 60 * 60 * 1000
  return evidence.about
    .filter((one) => one.vex !== null && evidence.isBy(one, names))
    .flatMap((one) =>
      (one.vex ?? []).flatMap((line) => {
        const time = line.at === null ? null : readTime(line.at)
        // Without a time, or with one that is not yet, it says nothing for the thing; against it it still does.
        if (time === null || time > latest) return line.lowers ? [] : [{ ...line, one, time: Infinity }]
        return [{ ...line, one, time }]
      }),
    )
}

// Two spellings of one package URL; beyond these nothing is taken for the same.
const plain = (purl: string): string => purl.replaceAll(/%40/g, '@').replaceAll(/%3a/gi, ':')

/** Whether a word is about a finding: about the whole item, or about every component that the scan names for it. */
function isAbout({ parts }: Said, finding: Finding): boolean {
  if (parts === null) return true
  const named = new Set(parts.map(plain))
  return finding.parts.length > 0 && finding.parts.every((part) => named.has(plain(part)))
}

/**
 * The latest word about each finding, by all names of its vulnerability; of two at one time the worse. A word about a part
 * lowers nothing else; against the item it counts whatever part it names.
 */
export function latestWords(
  names: readonly string[],
  evidence: Evidence,
  time: PolicyTime,
): (finding: Finding) => Said | undefined {
  const byName = new Map<string, Said[]>()
  for (const one of saidBy(names, evidence, time)) {
    for (const name of new Set(one.ids)) byName.set(name, [...(byName.get(name) ?? []), one])
  }
  return (finding) =>
    (byName.get(finding.id) ?? [])
      .filter((one) => !one.lowers || isAbout(one, finding))
      .reduce<Said | undefined>((before, one) => {
        const isNewer = before === undefined || one.time > before.time
        return isNewer || (one.time === before.time && !one.lowers) ? one : before
      }, undefined)
}
