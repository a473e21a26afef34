import type { Policy } from '../../../shared/policy.ts'
import { sayBan } from '../components/bans.ts'
import { banProblems, channelProblems } from './content.ts'
import { exceptionProblems } from './exceptions.ts'
import { itemProblems } from './items.ts'
import { ofEach, twice, type Problem } from './problem.ts'

/** Everything in a policy that could never count, or never as it is meant. */
export function problemsOf(policy: Policy): Problem[] {
  const { items, forbidden, tombstones, channels, exceptions, rego } = policy
  const repeatedBan = twice(
    forbidden,
    (one) => sayBan({ ...one, reason: '', since: '' }),
    'reason',
    'a ban that stands once',
  )
  const repeatedDigest = twice(tombstones, ({ digest }) => digest, 'digest', 'a digest that stands once')
  const repeatedChannel = twice(channels, ({ name }) => name, 'name', 'a channel that stands once')
  const repeatedSet = twice(rego, ({ name }) => name, 'name', 'a name that only one rule set has')
  return [
    ...ofEach('items', items, (rule) => itemProblems(rule, policy)),
    ...ofEach('forbidden', forbidden, (ban, i) => [...banProblems(ban), ...repeatedBan(ban, i)]),
    ...ofEach('tombstones', tombstones, repeatedDigest),
    ...ofEach('channels', channels, (one, i) => [
      ...channelProblems(one, policy),
      ...repeatedChannel(one, i),
    ]),
    ...ofEach('exceptions', exceptions, (one, i) => exceptionProblems(one, i, policy)),
    ...ofEach('rego', rego, repeatedSet),
  ]
}
