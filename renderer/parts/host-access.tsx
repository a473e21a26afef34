import { useState, type ReactNode } from 'react'
import type { FailureView } from '../../shared/failure.ts'
import type { AccessGiven } from '../state/access.ts'
import { choose } from '../state/place.ts'
import { Act } from './act.tsx'
import { Field } from './field.tsx'

/** What was given, and how that is changed. */
export interface AccessProps {
  readonly given: AccessGiven
  readonly change: (change: Partial<AccessGiven>) => void
  readonly fail: (failure: FailureView | null) => void
}

/** What holds for one host alone: the authority by which it is known, and the certificate by which it knows who asks. */
export function HostAccess({ given, change, fail }: AccessProps): ReactNode {
  const { ca, clients } = given
  const [host, setHost] = useState('')
  const chooseCa = async (): Promise<void> => {
    const chosen = await choose({ purpose: 'ca', intent: 'open' }, fail)
    if (chosen === null) return
    change({ ca: [...ca.filter((one) => one.host !== host), { ...chosen, host }] })
  }
  const chooseClient = async (): Promise<void> => {
    const cert = await choose({ purpose: 'client-cert', intent: 'open' }, fail)
    const key = cert === null ? null : await choose({ purpose: 'client-key', intent: 'open' }, fail)
    if (cert === null || key === null) return
    change({ clients: [...clients.filter((one) => one.host !== host), { host, cert, key }] })
  }
  return (
    <>
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
        {clients.map((one) => (
          <li key={one.host}>
            <span>
              {one.host} is shown the certificate in <code>{one.cert.label}</code>
            </span>
            <Act onPress={() => change({ clients: clients.filter((other) => other !== one) })}>
              Remove<span className="hidden"> the certificate for {one.host}</span>
            </Act>
          </li>
        ))}
      </ul>
      <Field
        label="Settings for one host"
        value={host}
        onChange={(typed) => setHost(typed.trim())}
        hint="As in references: registry.example:5000"
      />
      <div className="acts">
        <Act disabled={host === ''} onPress={() => void chooseCa()}>
          Choose its authority’s certificate…
        </Act>
        <Act disabled={host === ''} onPress={() => void chooseClient()}>
          Choose a certificate and key for it…
        </Act>
      </div>
    </>
  )
}
