import type { ReactNode } from 'react'
import type { FailureView } from '../../shared/failure.ts'
import type { PersonView } from '../../shared/views.ts'
import { useClosed } from '../state/closed.ts'
import { useMirror } from '../state/mirror.ts'
import { SigningFields, useSigning, type Signing } from './signing.tsx'

/** The officer who asks for a change. A founding desk asks for none. */
export interface Officer {
  readonly sealed: boolean
  readonly ready: boolean
  readonly signing: Signing
  /** Gives what a call takes, and forgets the passphrase. */
  readonly take: () => { readonly officer?: NonNullable<ReturnType<Signing['take']>> }
  /** Says a refusal: at the officer's own fields where it is about their key, at the top of the page otherwise. */
  readonly tell: (failure: FailureView) => void
}

const none: readonly PersonView[] = []

/** The security officers of this desk, as a list of people. */
export function useOfficers(): readonly PersonView[] {
  const people = useMirror((mirror) => mirror.desk?.people) ?? none
  return people.filter((person) => person.roles.includes('security-officer'))
}

export function useOfficer(fail: (failure: FailureView | null) => void): Officer {
  const sealed = useMirror((mirror) => mirror.desk?.founding === false)
  const signing = useSigning(fail, useOfficers())
  return {
    sealed,
    ready: !sealed || signing.ready,
    signing,
    take: () => {
      const officer = sealed ? signing.take() : null
      return officer === null ? {} : { officer }
    },
    // A key that cannot be read may be that of somebody whom the change is about.
    tell: (failure) => (failure.code === 'key-unreadable' ? fail(failure) : signing.tell(failure)),
  }
}

/** What a change needs besides its own fields: on a sealed desk the first of two officers. */
export function OfficerFields(props: {
  readonly officer: Officer
  /** As in `SigningFields`. */
  readonly sign: (() => void) | null
  /** As in `SigningFields`. */
  readonly restoring?: boolean
}): ReactNode {
  const { officer, sign, restoring = false } = props
  const closed = useClosed()
  if (!officer.sealed || (closed !== null && !restoring)) return null
  return (
    <section className="card" aria-labelledby="officer">
      <h2 id="officer">First of two security officers</h2>
      <SigningFields signing={officer.signing} sign={sign} restoring={restoring} />
    </section>
  )
}
