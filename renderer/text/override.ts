import { isDecided } from '../../shared/rules/decision.ts'
import {
  isOverridable,
  overrideObstacle,
  overrideStands,
  type Exception,
} from '../../shared/rules/override.ts'
import type { Check, Verdict } from '../../shared/verdict.ts'
import type { ConsignmentView, PersonView } from '../../shared/views.ts'

type Half = ConsignmentView['overrides'][number]

// What was not reached is no finding yet: reading it again may well pass it.
const isOpenCheck = ({ result, reason }: Check): boolean =>
  result === 'fail' || (result === 'not-checked' && reason !== 'stopped-before')

/** Whether exceptions can be made of a consignment at all: it was judged, and nobody has decided on it. */
export function isOpen(
  consignment: ConsignmentView,
): consignment is ConsignmentView & { readonly verdict: Verdict } {
  return consignment.verdict !== null && !isDecided(consignment.decided)
}

/** The open checks of a verdict that two people can make an exception from, each of its subject once. */
export function overridable(verdict: Verdict): readonly Check[] {
  const open = verdict.checks.filter((check) => isOpenCheck(check) && isOverridable(check))
  return open.filter(
    (check, i) => open.findIndex((one) => one.id === check.id && one.subject === check.subject) === i,
  )
}

/** The open checks that nobody can make an exception from. */
export function barred(verdict: Verdict): readonly Check[] {
  return verdict.checks.filter((check) => isOpenCheck(check) && !isOverridable(check))
}

/** Halves that still wait for a second person: their check is open, and their end has not come. */
export function waiting(halves: readonly Half[], verdict: Verdict, at: string): readonly Half[] {
  const open = overridable(verdict)
  return halves.filter((half, i) => {
    const same = halves.filter((other) => sameException(other, half))
    const about = open.some(
      (check) => check.id === half.check && (half.subject === null || half.subject === check.subject),
    )
    const stands = same.some((one) => overrideStands(same, one))
    return (
      at < half.until && about && !stands && halves.findIndex((other) => sameException(other, half)) === i
    )
  })
}

const sameException = (a: Exception, b: Exception): boolean =>
  a.check === b.check && a.subject === b.subject && a.until === b.until

/** Whether two people make this exception once this person has signed it. */
export function completes(halves: readonly Half[], exception: Exception, person: PersonView): boolean {
  return overrideStands(halves, asHalf(exception, person))
}

/** Whether this person may sign half of an exception now. */
export function maySign(halves: readonly Half[], exception: Exception, person: PersonView): boolean {
  return overrideObstacle(halves, asHalf(exception, person)) === null
}

function asHalf({ check, subject, until }: Exception, { id, name, roles, fingerprint }: PersonView): Half {
  return { person: id, name, roles, fingerprint: fingerprint.hex, check, subject, until, reason: '' }
}
