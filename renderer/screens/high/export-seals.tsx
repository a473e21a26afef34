import type { ReactNode } from 'react'
import { Act } from '../../parts/act.tsx'
import { LandingPassphraseField, type LandingPassphrase } from '../../parts/landing-passphrase.tsx'
import type { LandingShown } from '../../state/landing.ts'
import { go } from '../../state/view.ts'
import type { Target } from './export-target.tsx'

type Kind = Target['kind']

/** Targets in which signed summaries lie beside the content as files. */
const inFolders: readonly Kind[] = ['dir', 'oci-layout', 'medium']

/** Whether an export to such a target is signed by the landing key, unless that is not wanted. */
export const signs = (kind: Kind, landing: LandingShown | null): boolean =>
  (kind === 'registry' || inFolders.includes(kind)) && landing?.key != null && landing.signers === 'station'

const words = {
  registry: {
    will: 'What lands will be sealed by the landing key.',
    not: 'Do not seal:',
    means: 'it goes on the record.',
  },
  folder: {
    will: 'A signed summary of what was verified will lie beside each thing.',
    not: 'No summaries:',
    means: 'it goes on the record.',
  },
} as const

/** What becomes of seals at this export: one line by the state, and what can be chosen. Nothing where none are made. */
export function ExportSeals(props: {
  readonly kind: Kind
  readonly landing: LandingShown | null
  readonly wanted: boolean
  readonly want: (wanted: boolean) => void
  readonly given: LandingPassphrase
  readonly enter: () => void
}): ReactNode {
  const { kind, landing, wanted, want, given, enter } = props
  if (landing === null) return null
  if (signs(kind, landing)) {
    const { will, not, means } = words[kind === 'registry' ? 'registry' : 'folder']
    return (
      <section className="card" aria-label="Seals">
        <p>{will}</p>
        <LandingPassphraseField given={given} enter={enter} />
        <label className="choice">
          <input type="checkbox" checked={!wanted} onChange={() => want(!wanted)} />
          <span>
            {not} <span className="soft">{means}</span>
          </span>
        </label>
      </section>
    )
  }
  if (kind !== 'registry') return null
  return (
    <section className="card" aria-label="Seals">
      {landing.signers === 'deciders' ? (
        <p>
          This export does not seal: those who accepted it seal it afterwards, each with their own key. A seal
          is a signature that engines there can ask for.
        </p>
      ) : (
        <>
          <p>
            What lands will not be sealed: this desk has no landing key. A seal is a signature that engines
            there can ask for.
          </p>
          <Act onPress={() => go({ to: 'place', place: 'landing' })}>Make a landing key…</Act>
        </>
      )}
    </section>
  )
}
