import type { ReactNode } from 'react'
import type { FailureView } from '../../shared/failure.ts'
import { peopleNeeded, type RegisterDeed } from '../../shared/rules/media.ts'
import type { PersonView } from '../../shared/views.ts'
import { useMirror } from '../state/mirror.ts'
import { SigningFields, useSigning, type Signing } from './signing.tsx'

const none: readonly PersonView[] = []

/** The media custodian who signs an act on the register, where the policy asks for people. */
export interface FirstSigner {
  /** How many people it asks for. */
  readonly people: number
  readonly ready: boolean
  readonly signing: Signing
  /** Gives what a call takes, and forgets the passphrase. */
  readonly take: () => { readonly signer?: NonNullable<ReturnType<Signing['take']>> }
}

export function useFirstSigner(deed: RegisterDeed, fail: (failure: FailureView | null) => void): FirstSigner {
  const asked = useMirror((mirror) => mirror.desk?.policy.document.media.people ?? 0)
  const all = useMirror((mirror) => mirror.desk?.people) ?? none
  const signing = useSigning(
    fail,
    all.filter((person) => person.roles.includes('media-custodian')),
  )
  const people = peopleNeeded(deed, asked)
  return {
    people,
    ready: people === 0 || signing.ready,
    signing,
    take: () => {
      const signer = people === 0 ? null : signing.take()
      return signer === null ? {} : { signer }
    },
  }
}

/** Who signs first; nothing where the policy asks for nobody. */
export function FirstSignerFields(props: {
  readonly first: FirstSigner
  /** As in `SigningFields`. */
  readonly sign: (() => void) | null
}): ReactNode {
  const { first, sign } = props
  if (first.people === 0) return null
  return (
    <section className="card" aria-labelledby="custodian">
      <h2 id="custodian">
        {first.people === 1 ? 'The media custodian' : 'First of two: the media custodian'}
      </h2>
      <SigningFields signing={first.signing} sign={sign} />
    </section>
  )
}
