import { severities } from '../../../shared/policy-items.ts'
import { shown } from '../../sigstore/refusal.ts'
import type { Scan } from './scan.ts'
import type { Summary } from './summary.ts'
import type { VexLine } from './vex-line.ts'

/** Lines that are named one by one; of more it is said how many there are. */
const most = 5

function sayScan({ scanner, at, findings }: Scan): string {
  const worst = [...severities].reverse().find((one) => findings.some(({ severity }) => severity === one))
  const open = findings.filter(({ severity }) => severity === null).length
  const words = [
    `${findings.length} findings`,
    ...(worst === undefined ? [] : [`the worst ${worst}`]),
    ...(open === 0 ? [] : [`${open} not rated`]),
  ].join(', ')
  return `${words}; scanned by ${shown(scanner)}${at === null ? '' : ` at ${shown(at)}`}`
}

const saySummary = ({ verifier, resource, result, levels }: Summary): string =>
  `${shown(result)}${levels.length === 0 ? '' : ` with ${shown(levels.join(', '))}`}, verified by ${shown(verifier)} as ${shown(resource)}`

function sayVex(lines: readonly VexLine[]): string {
  if (lines.length === 0) return 'nothing about exactly this'
  const each = lines
    .slice(0, most)
    .map(
      ({ ids, status, parts }) =>
        `${shown(ids[0] ?? '')} ${shown(status)}${parts === null ? '' : ', of a part'}`,
    )
  return [...each, ...(lines.length > most ? [`${lines.length - most} more`] : [])].join('; ')
}

interface Claims {
  readonly summary: Summary | null
  readonly scan: Scan | null
  readonly vex: readonly VexLine[] | null
}

/** What a proven verification summary, scan or statement about vulnerabilities says, in a line. */
export function saysOf({ summary, scan, vex }: Claims): string | null {
  if (summary !== null) return saySummary(summary)
  if (scan !== null) return sayScan(scan)
  return vex === null ? null : sayVex(vex)
}
