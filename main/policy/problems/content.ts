import type { Channel, Forbidden } from '../../../shared/policy-content.ts'
import type { Policy } from '../../../shared/policy.ts'
import { signingRoles } from '../../../shared/schema.ts'
import { licenceIn } from '../components/bans.ts'
import { isKnownType, readPurl } from '../components/purl.ts'
import { isComparable, isEmptyRange, isRangeOf, isSemVer } from '../components/version.ts'
import type { Problem } from './problem.ts'

/** A ban that could never be met: no package, no range of versions, no licence. */
export function banProblems(ban: Forbidden): Problem[] {
  if ('digest' in ban) return []
  if ('licence' in ban) {
    if (licenceIn(ban.licence) !== null) return []
    return [{ path: ['licence'], expected: 'one licence by its SPDX id', found: ban.licence }]
  }
  const purl = readPurl(ban.purl)
  if (purl === null || purl.version !== null)
    return [{ path: ['purl'], expected: 'pkg:TYPE/NAME without a version', found: ban.purl }]
  if (ban.versions === undefined) return []
  const at = (expected: string): Problem[] => [{ path: ['versions'], expected, found: ban.versions ?? '' }]
  if (!isKnownType(purl.type) || !isComparable(purl.type))
    return at(`no versions: those of ${purl.type} cannot be compared here`)
  if (!isRangeOf(purl.type, ban.versions)) return at(`a range of versions of ${purl.type}, >=1.0.0 <2.0.0`)
  return isEmptyRange(purl.type, ban.versions) ? at('a range that some version is in') : []
}

/** What a channel asks beside what is asked of all: never less. */
export function channelProblems(
  channel: Channel,
  { lifetime, signers, media: { kinds } }: Policy,
): Problem[] {
  const { lifetime: own, signers: ours = {}, floors, media = {} } = channel
  return [
    ...(own !== undefined && own > lifetime
      ? [{ path: ['lifetime'], expected: `at most ${lifetime}, as for all`, found: String(own) }]
      : []),
    ...signingRoles.flatMap((role) => {
      const wanted = ours[role]
      if (wanted === undefined || wanted >= signers[role]) return []
      return [
        { path: ['signers', role], expected: `at least ${signers[role]}, as for all`, found: String(wanted) },
      ]
    }),
    ...(media.kinds ?? []).flatMap((kind, i) =>
      kinds.includes(kind)
        ? []
        : [{ path: ['media', 'kinds', i], expected: `one of ${kinds.join(', ')}, as for all`, found: kind }],
    ),
    ...floors.flatMap(({ version }, i) =>
      isSemVer(version)
        ? []
        : [{ path: ['floors', i, 'version'], expected: 'a version such as 1.2.3', found: version }],
    ),
  ]
}
