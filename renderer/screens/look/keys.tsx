import type { ReactNode } from 'react'
import type { FailureView } from '../../../shared/failure.ts'
import { Act } from '../../parts/act.tsx'
import { setLooking, useLooking } from '../../state/looking.ts'
import { choose, type Chosen } from '../../state/place.ts'

/** What counts for a signature, of one kind: each with a control that takes it away. */
function Listed(props: {
  readonly what: string
  readonly all: readonly Chosen[]
  readonly change: (left: readonly Chosen[]) => void
}): ReactNode {
  const { what, all, change } = props
  return all.map((one) => (
    <li key={one.place}>
      <span>
        {what} <code>{one.label}</code>
      </span>
      <Act onPress={() => change(all.filter((other) => other !== one))}>
        Remove
        <span className="hidden">
          {' '}
          {what.toLowerCase()} {one.label}
        </span>
      </Act>
    </li>
  ))
}

/** Whose signatures are asked for. Without any, nobody is asked who made it. */
export function Keys({ fail }: { readonly fail: (failure: FailureView | null) => void }): ReactNode {
  const { keys, roots } = useLooking()
  const addKey = async (): Promise<void> => {
    const found = await choose({ purpose: 'key', intent: 'open', format: 'pub' }, fail)
    if (found !== null) setLooking({ keys: [...useLooking.getState().keys, found] })
  }
  const addRoot = async (): Promise<void> => {
    const found = await choose({ purpose: 'trusted-root', intent: 'open' }, fail)
    if (found !== null) setLooking({ roots: [...useLooking.getState().roots, found] })
  }
  return (
    <section className="card" aria-labelledby="whose-keys">
      <h2 id="whose-keys">Whose signature do you expect?</h2>
      {keys.length + roots.length === 0 ? (
        <p className="soft">Without a key, nobody is asked who made it. Compare a key with paper first.</p>
      ) : (
        <ul className="rows">
          <Listed what="Key" all={keys} change={(left) => setLooking({ keys: left })} />
          <Listed what="Trusted root" all={roots} change={(left) => setLooking({ roots: left })} />
        </ul>
      )}
      <div className="acts">
        <Act onPress={() => void addKey()}>Add a public key…</Act>
        <Act onPress={() => void addRoot()}>Add a trusted root…</Act>
      </div>
    </section>
  )
}
