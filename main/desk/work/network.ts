import type { Policy } from '../../../shared/policy.ts'
import type { Gate, GateRules } from '../../platform/network.ts'
import { Failure } from '../../platform/failure.ts'
import { nameOfProxy } from '../../platform/proxy.ts'
import type { Context } from './context.ts'
import { proxyHere } from './environment.ts'

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

/** What is asked for, as far as a high desk's policy names it. A proxy is a host that no policy names. */
function narrowed(asked: GateRules, policy: Policy): GateRules {
  if (asked.proxying) {
    const expected = 'only the registries that the policy names, and no proxy'
    throw new Failure('network-refused', { host: nameOfProxy(asked.proxying.proxy), expected })
  }
  const named = exportHosts(policy)
  const { hosts } = asked
  const open =
    hosts === 'any' ? named : named.filter((one) => hosts.some((other) => sameHost(one.host, other.host)))
  return {
    hosts: open,
    plainHttp: open.filter((one) => one.plainHttp).map((one) => one.host),
    ca: asked.ca,
    clients: asked.clients ?? {},
  }
}

// What the rules of an act come to here: by the desk that is open, and by those that were.
function rulesHere({ opened, ports, silent }: Context, asked: GateRules): GateRules {
  const none = { hosts: [], plainHttp: [], ca: asked.ca }
  // The environment is asked for a proxy only where an act may speak to whom it likes.
  const free = (): GateRules => ({ ...asked, proxying: asked.proxying ?? proxyHere() })
  if (opened === null) return silent || ports.connectsOnlyWithDesk === true ? none : free()
  const { card, policy } = opened.desk.state
  if (card.side !== 'low') return narrowed(asked, policy.document)
  return silent ? none : free()
}

// A request ends with the session, whatever signal of its own it has.
function until(gate: Gate, ended: AbortSignal): Gate {
  return {
    request: async (url, init) => {
      const stop = new AbortController()
      const forward = (): void => stop.abort()
      const signals = [ended, ...(init.signal === undefined ? [] : [init.signal])]
      const release = (): void => {
        for (const signal of signals) signal.removeEventListener('abort', forward)
      }
      for (const signal of signals) signal.addEventListener('abort', forward)
      if (signals.some((signal) => signal.aborted)) stop.abort()
      try {
        const answer = await gate.request(url, { ...init, signal: stop.signal })
        answer.body.once('close', release)
        return answer
      } catch (error) {
        release()
        throw error
      }
    },
  }
}

/**
 * The network for one act, narrowed by the side and the policy of the open desk. The only way to `ports.network`, so
 * that no act can forget which side it is on.
 *
 * @param hosts is told whom the act asks
 */
export function networkFor(context: Context, asked: GateRules, hosts = new Set<string>()): Network {
  const rules = rulesHere(context, asked)
  return { gate: until(context.ports.network(rules, { hosts }), context.ended), rules }
}
