import { useState, type ReactNode } from 'react'
import type { FailureView } from '../../../shared/failure.ts'
import { Act } from '../../parts/act.tsx'
import { Field } from '../../parts/field.tsx'
import { Fold } from '../../parts/fold.tsx'
import { choose, type Chosen } from '../../state/place.ts'

/** What registries are shown: a file of credentials, and the authorities of those that have their own. */
export interface Shown {
  readonly auth: Chosen | null
  readonly ca: readonly (Chosen & { readonly host: string })[]
}

/** How to be let in by registries, for one act. */
export function Access(props: {
  readonly shown: Shown
  readonly change: (change: Partial<Shown>) => void
  /** What it is used for. */
  readonly use: string
  readonly fail: (failure: FailureView | null) => void
}): ReactNode {
  const { shown, change, use, fail } = props
  const { auth, ca } = shown
  const [host, setHost] = useState('')
  const chooseAuth = async (): Promise<void> => {
    const chosen = await choose({ purpose: 'auth', intent: 'open' }, fail)
    if (chosen !== null) change({ auth: chosen })
  }
  const chooseCa = async (): Promise<void> => {
    const chosen = await choose({ purpose: 'ca', intent: 'open' }, fail)
    if (chosen === null) return
    change({ ca: [...ca.filter((one) => one.host !== host), { ...chosen, host }] })
    setHost('')
  }
  return (
    <section className="card" aria-label="Access to registries">
      <Fold name="access to registries" forced={auth !== null || ca.length > 0}>
        <p className="soft">
          {use} A proxy is taken from the environment (HTTPS_PROXY, ALL_PROXY, NO_PROXY).
        </p>
        <div className="field">
          <span>
            {auth === null ? (
              'No credentials are used.'
            ) : (
              <>
                Credentials from <code>{auth.label}</code>
              </>
            )}
          </span>
          {auth === null ? (
            <Act onPress={() => void chooseAuth()}>Choose a file of credentials…</Act>
          ) : (
            <Act onPress={() => change({ auth: null })}>Use no credentials</Act>
          )}
        </div>
        <ul className="rows">
          {ca.map((one) => (
            <li key={one.host}>
              <span>
                {one.host} with the authority in <code>{one.label}</code>
              </span>
              <Act onPress={() => change({ ca: ca.filter((other) => other !== one) })}>
                Remove<span className="hidden"> the authority of {one.host}</span>
              </Act>
            </li>
          ))}
        </ul>
        <Field
          label="Registry with an authority of its own"
          value={host}
          onChange={setHost}
          hint="Its host, as in references: registry.example:5000"
        />
        <Act disabled={host === ''} onPress={() => void chooseCa()}>
          Choose its authority’s certificate…
        </Act>
      </Fold>
    </section>
  )
}
