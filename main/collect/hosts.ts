import { Failure } from '../platform/failure.ts'
import { limits } from '../platform/limits.ts'

/**
 * Whom a collect asked, sorted, for the record.
 *
 * @throws Failure `too-many`: whoever is sent on to ever more hosts is being led astray
 */
export function hostsTold(hosts: ReadonlySet<string>): string[] {
  const expected = limits.hostsAsked
  if (hosts.size > expected) throw new Failure('too-many', { subject: 'Hosts that were asked', expected })
  return [...hosts].sort()
}
