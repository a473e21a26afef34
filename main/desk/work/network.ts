import type { Policy } from '../../../shared/policy.ts'
import type { Gate, GateRules } from '../../platform/network.ts'
import type { Context } from './context.ts'

/** A gate, and the rules it keeps: plain data, so that worker threads make the same gate for themselves. */
export interface Network {
  readonly gate: Gate
  readonly rules: GateRules
}

type Host = Exclude<GateRules['hosts'], 'any'>[number]

/** The only hosts that a high desk's gate opens for: the registries that its policy names, and their token hosts. */
function exportHosts({ exportRegistries }: Policy): Host[] {
  return exportRegistries.flatMap(({ host, tokenHost, allow }) => {
    const plainHttp = allow?.includes('plain-http') === true
    return [host, ...(tokenHost === undefined ? [] : [tokenHost])].map((name) => ({ host: name, plainHttp }))
  })
}

const sameHost = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/** What is asked for, as far as a high desk's policy names it. */
function narrowed(asked: GateRules, policy: Policy): GateRules {
  const named = exportHosts(policy)
  const { hosts } = asked
  const open =
    hosts === 'any' ? named : named.filter((one) => hosts.some((other) => sameHost(one.host, other.host)))
  return {
    hosts: open,
    plainHttp: open.filter((one) => one.plainHttp).map((one) => one.host),
    ca: asked.ca,
  }
}

/**
 * The network for one act, narrowed by the side and the policy of the open desk. The only way to `ports.network`, so
 * that no act can forget which side it is on.
 */
export function networkFor(context: Context, asked: GateRules): Network {
  const { opened, ports } = context
  const high = opened !== null && opened.desk.state.card.side !== 'low'
  const rules = high ? narrowed(asked, opened.desk.state.policy.document) : asked
  return { gate: ports.network(rules), rules }
}
