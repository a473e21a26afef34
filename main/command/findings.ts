import { findingLine, findingsOf, type ToldFinding } from '../../shared/rules/findings.ts'
import { leftOutCode } from '../../shared/rules/left-out.ts'
import { lookedIntoSentences } from '../../shared/rules/looked-into.ts'
import type { LookedInto } from '../../shared/look.ts'
import { visible } from '../../shared/names.ts'
import type { Item } from '../../shared/waybill.ts'

/** Lines for what could not be collected as asked: one for each registry and cause, what is left out first. */
export function findingLines(findings: readonly ToldFinding[]): string[] {
  if (findings.length === 0) return []
  const first = findings.filter(({ code }) => code === leftOutCode)
  const rest = findings.filter(({ code }) => code !== leftOutCode)
  return [
    `${findings.length === 1 ? 'One finding' : `${findings.length} findings`} while it was collected; whoever signs it signs this too:`,
    ...[...first, ...rest].map((one) => `  ! ${visible(findingLine(one))}  (${one.code})`),
  ]
}

/** What was found in archives that travel bit for bit, each with its sentences. */
export const archiveLinesOf = (archives: readonly LookedInto[]): string[] =>
  archives.flatMap((one) => [
    `  ${visible(one.reference)}, looked into:`,
    ...lookedIntoSentences(one).map((sentence) => `    ${visible(sentence)}`),
  ])

/** The same for the items of a waybill. */
export const findingLinesOf = (items: readonly Item[]): string[] => findingLines(findingsOf(items))
