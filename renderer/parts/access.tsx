import type { ReactNode } from 'react'
import type { Purpose } from '../../shared/calls/place.ts'
import type { FailureView } from '../../shared/failure.ts'
import { isGiven } from '../state/access.ts'
import { choose, type Chosen } from '../state/place.ts'
import { Act } from './act.tsx'
import { Field } from './field.tsx'
import { Fold } from './fold.tsx'
import { HostAccess, type AccessProps } from './host-access.tsx'

/** A file or folder that may be given: what it is, and the act that chooses it or goes without. */
function Chooser(props: {
  readonly chosen: Chosen | null
  readonly purpose: Purpose
  readonly none: string
  readonly from: string
  readonly act: string
  readonly without: string
  readonly take: (chosen: Chosen | null) => void
  readonly fail: (failure: FailureView | null) => void
}): ReactNode {
  const { chosen, purpose, none, from, act, without, take, fail } = props
  const ask = async (): Promise<void> => {
    const found = await choose({ purpose, intent: 'open' }, fail)
    if (found !== null) take(found)
  }
  return (
    <div className="field">
      <span>
        {chosen === null ? (
          none
        ) : (
          <>
            {from} <code>{chosen.label}</code>
          </>
        )}
      </span>
      {chosen === null ? (
        <Act onPress={() => void ask()}>{act}</Act>
      ) : (
        <Act onPress={() => take(null)}>{without}</Act>
      )}
    </div>
  )
}

/** The proxy on the way, where it is not the one that the environment names. */
function Proxy({ given, change, fail }: AccessProps): ReactNode {
  return (
    <Fold name="the proxy" forced={given.proxy !== '' || given.proxyAuth !== null}>
      <Field
        label="Proxy (may stay empty)"
        value={given.proxy}
        onChange={(typed) => change({ proxy: typed.trim() })}
        mono
        hint="Empty: the one that the environment names (HTTPS_PROXY, ALL_PROXY, NO_PROXY). Else for example http://proxy.example:3128 or socks5://…"
      />
      <Chooser
        chosen={given.proxyAuth}
        purpose="proxy-auth"
        none="No log-in at the proxy."
        from="Log-in from"
        act="Choose a file with its log-in…"
        without="Use no log-in"
        take={(proxyAuth) => change({ proxyAuth })}
        fail={fail}
      />
    </Fold>
  )
}

/** How to be let in by registries and other hosts, for one act. */
export function Access(
  props: AccessProps & {
    /** What it is used for. */
    readonly use: string
    /** Whether there may be a proxy on the way. */
    readonly proxied?: boolean
  },
): ReactNode {
  const { given, change, use, fail, proxied = true } = props
  return (
    <section className="card" aria-label="Access to registries">
      <Fold name="access to registries" forced={isGiven(given)}>
        <p className="soft">{use}</p>
        <Chooser
          chosen={given.auth}
          purpose="auth"
          none="No credentials are used."
          from="Credentials from"
          act="Choose a file of credentials…"
          without="Use no credentials"
          take={(auth) => change({ auth })}
          fail={fail}
        />
        <Chooser
          chosen={given.certs}
          purpose="certs"
          none="No folder with certificates of several hosts."
          from="Certificates of hosts from"
          act="Choose a folder like certs.d…"
          without="Use no such folder"
          take={(certs) => change({ certs })}
          fail={fail}
        />
        <HostAccess given={given} change={change} fail={fail} />
        {proxied ? <Proxy given={given} change={change} fail={fail} /> : null}
      </Fold>
    </section>
  )
}
