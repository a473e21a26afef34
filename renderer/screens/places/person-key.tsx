import { useState, type ReactNode } from 'react'
import type { FailureView } from '../../../shared/failure.ts'
import { leastPassphrase, passphraseLacks } from '../../../shared/rules/passphrase.ts'
import type { Fingerprint } from '../../../shared/views.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { Choice } from '../../parts/choice.tsx'
import { FullFingerprint } from '../../parts/digest.tsx'
import { Field } from '../../parts/field.tsx'
import { choose } from '../../state/place.ts'

/** A public key that was chosen or made, to be shown and then recorded. */
export interface ChosenKey {
  readonly place: string
  readonly label: string
  readonly fingerprint: Fingerprint
  readonly algorithm: string
  /** It was made here just now. */
  readonly made?: boolean
}

interface Props {
  readonly chosen: ChosenKey | null
  /** The id of the person whose key it is, as far as it is typed: a key file is named by it. */
  readonly owner: string
  readonly onChosen: (key: ChosenKey) => void
  readonly fail: (failure: FailureView | null) => void
}

type Algorithm = 'p256' | 'p384' | 'rsa3072' | 'ed25519'

function MakeKey({ owner, onChosen, fail }: Omit<Props, 'chosen'>): ReactNode {
  const [algorithm, setAlgorithm] = useState<Algorithm>('p256')
  const [passphrase, setPassphrase] = useState('')
  const [again, setAgain] = useState('')
  const same = passphrase === again
  const lacks = passphraseLacks(passphrase)
  const make = async (): Promise<void> => {
    const file = await choose({ purpose: 'key', intent: 'save', name: owner }, fail)
    if (file === null) return
    const secret = passphrase
    setPassphrase('')
    setAgain('')
    const made = await call('key.create', { place: file.place, algorithm, passphrase: secret })
    if (!made.ok) {
      fail(made.failure)
      return
    }
    const { fingerprint, algorithm: kind, public: place } = made.value
    onChosen({ place, label: `${file.label}.pub`, fingerprint, algorithm: kind, made: true })
  }
  return (
    <>
      <Choice<Algorithm>
        label="Kind of key"
        value={algorithm}
        onChange={setAlgorithm}
        options={[
          { value: 'p256', name: 'ECDSA P-256:', means: 'read by everything. When in doubt, this.' },
          { value: 'p384', name: 'ECDSA P-384:', means: 'where a rule asks for it.' },
          { value: 'ed25519', name: 'Ed25519:', means: 'where a rule asks for it.' },
          { value: 'rsa3072', name: 'RSA 3072:', means: 'where older tools must read it.' },
        ]}
      />
      <Field
        label="New passphrase"
        value={passphrase}
        onChange={setPassphrase}
        secret
        hint={`Typed by the person whose key it is. It encrypts the key file and is kept nowhere. At least ${leastPassphrase} characters: five words, for example.`}
        error={passphrase === '' || lacks === null ? '' : `Expected: ${lacks}.`}
      />
      <Field
        label="The same passphrase again"
        value={again}
        onChange={setAgain}
        secret
        error={same || again === '' ? '' : 'The two are not the same.'}
      />
      <Act disabled={lacks !== null || !same} onPress={() => void make()}>
        Choose where to keep it and make the key…
      </Act>
    </>
  )
}

/** The key of a person: chosen, or made here by that person. Its fingerprint is shown to be compared. */
export function PersonKey({ chosen, owner, onChosen, fail }: Props): ReactNode {
  const [way, setWay] = useState<'have' | 'make'>('have')
  const pick = async (): Promise<void> => {
    const file = await choose({ purpose: 'key', intent: 'open', format: 'pub' }, fail)
    if (file === null) return
    const shown = await call('key.show', { place: file.place })
    if (shown.ok) onChosen({ ...file, ...shown.value })
    else fail(shown.failure)
  }
  return (
    <section className="card" aria-labelledby="person-key">
      <h2 id="person-key">Their key</h2>
      <Choice
        label="Where does it come from?"
        value={way}
        onChange={setWay}
        options={[
          {
            value: 'have',
            name: 'They have one:',
            means: 'choose its public half, a file that ends in .pub.',
          },
          {
            value: 'make',
            name: 'They make one now:',
            means: 'here, with a passphrase that only they know.',
          },
        ]}
      />
      {way === 'have' ? (
        <Act onPress={() => void pick()}>Choose their public key…</Act>
      ) : (
        <MakeKey owner={owner} onChosen={onChosen} fail={fail} />
      )}
      <div role="status">
        {chosen === null ? (
          <p className="soft">No key is chosen yet.</p>
        ) : (
          <>
            <p>
              <code>{chosen.label}</code> ({chosen.algorithm}).{' '}
              {chosen.made === true
                ? 'The key is made. Once its owner is added, their key card can be printed: paper with this fingerprint.'
                : 'Its fingerprint, to be compared with what its owner has on paper:'}
            </p>
            <FullFingerprint value={chosen.fingerprint} />
          </>
        )}
      </div>
    </section>
  )
}
