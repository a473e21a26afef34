import { severities, type ScanRule, type Severity } from '../../../shared/policy-items.ts'
import type { Assessed } from '../../evidence/assess.ts'
import { scanTypes, type Scan } from '../../evidence/statements/scan.ts'
import { shown } from '../../sigstore/refusal.ts'
import { checkAge, noAge, type PolicyTime } from '../age.ts'
import { isTooLarge, missing, saySigner, tooLarge, type Evidence } from '../item-evidence.ts'
import { made, pass, type RuleResult } from '../rule-result.ts'
import { latestWords, type Said } from './vex.ts'

const id = 'policy.scan'
const rankOf = (severity: Severity): number => severities.indexOf(severity)

type Finding = Scan['findings'][number]

interface Weighed {
  readonly one: Assessed
  readonly open: readonly Finding[]
  readonly unclear: readonly Finding[]
  readonly lowered: readonly Said[]
}

type Latest = ReturnType<typeof latestWords>

function weigh(one: Assessed, scan: Scan, highest: Severity, latest: Latest): Weighed {
  const lowered: Said[] = []
  const left = scan.findings.filter((finding) => {
    const isBelow = finding.severity !== null && rankOf(finding.severity) <= rankOf(highest)
    const word = isBelow ? undefined : latest(finding)
    if (word?.lowers === true) lowered.push(word)
    return !isBelow && word?.lowers !== true
  })
  // Above the worst there is nothing.
  const isAny = highest === 'critical'
  return {
    one,
    lowered,
    open: left.filter(({ severity }) => severity !== null),
    unclear: isAny ? [] : left.filter(({ severity }) => severity === null),
  }
}

const some = (findings: readonly Finding[]): string =>
  shown(
    [
      ...findings
        .slice(0, 5)
        .map(({ id: name, severity }) => `${name} (${severity ?? 'how bad is not said'})`),
      ...(findings.length > 5 ? [`${findings.length - 5} more`] : []),
    ].join(', '),
  )

function answer(
  rule: ScanRule,
  signed: readonly Assessed[],
  evidence: Evidence,
  time: PolicyTime,
): RuleResult {
  const { highest, signedBy, vex } = rule
  const expected = `a scan signed by ${evidence.say(signedBy)}, with nothing worse than ${highest}${vex === undefined ? '' : `, or found harmless by ${evidence.say(vex)}`}`
  const statements = evidence.about.filter(({ predicateType }) => scanTypes.includes(predicateType ?? ''))
  const latest = latestWords(vex ?? [], evidence, time)
  const weighed = signed.flatMap((one) => (one.scan === null ? [] : [weigh(one, one.scan, highest, latest)]))
  const [first] = weighed
  if (first === undefined) {
    const large = statements.find((one) => isTooLarge(one) && evidence.isBy(one, signedBy))
    if (large !== undefined) return tooLarge(id, expected, large)
    const proven = statements.filter(({ view }) => view.result === 'proven')
    const why = proven.map((one) =>
      one.scan === null ? 'a scan that cannot be read' : `signed by ${saySigner(one)}`,
    )
    return missing(id, expected, statements, why)
  }
  // Each scan by a named one counts: a kinder one beside it takes nothing back.
  const open = weighed.flatMap((one) => one.open)
  const unclear = weighed.flatMap((one) => one.unclear)
  const lowered = weighed.flatMap((one) => one.lowered)
  const by = [...weighed.map(({ one }) => one), ...lowered.map(({ one }) => one)]
  if (open.length > 0) return made(id, 'fail', 'findings', { expected, found: some(open) }, by)
  if (unclear.length > 0) return made(id, 'not-checked', 'severity', { expected, found: some(unclear) }, by)
  const count = weighed.reduce((sum, { one }) => sum + (one.scan?.findings.length ?? 0), 0)
  const kept =
    lowered.length === 0
      ? ''
      : `; ${lowered.length} found harmless by ${lowered.map(({ one }) => saySigner(one))[0] ?? ''}`
  return pass(id, expected, `${count} findings, none worse${kept}, signed by ${saySigner(first.one)}`, by)
}

/** That somebody named scanned the item, and what was found; a statement may lower a finding only by whom the rule names. */
export function checkScan(rule: ScanRule, evidence: Evidence, time: PolicyTime): RuleResult[] {
  const { signedBy, maxAge, databaseMaxAge } = rule
  const signed = evidence.about.filter((one) => one.scan !== null && evidence.isBy(one, signedBy))
  const result = answer(rule, signed, evidence, time)
  const ages = [
    { what: 'the scan', most: maxAge, said: ({ scan }: Assessed) => scan?.at ?? null },
    // A scanner that does not say how old its knowledge is, is not asked how old it is: that cannot be read.
    {
      what: 'what the scanner knew',
      most: databaseMaxAge,
      said: ({ scan }: Assessed) => scan?.database ?? '',
    },
  ]
  return [
    result,
    ...ages.flatMap(({ what, most, said }) => {
      if (most === undefined) return []
      if (signed.length === 0) return [noAge(what, most)]
      return [
        checkAge(
          what,
          1,
          signed.map((one) => ({ one, by: '', most, said: said(one) })),
          time,
        ),
      ]
    }),
  ]
}
