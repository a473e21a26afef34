import { useState, type ReactNode } from 'react'
import type { FailureView } from '../../../shared/failure.ts'
import { typedSoFar } from '../../../shared/rules/typed-fingerprint.ts'
import type { SigningRole } from '../../../shared/schema.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Field } from '../../parts/field.tsx'
import { Frame } from '../../parts/frame.tsx'
import { OfficerFields, useOfficer } from '../../parts/officer.tsx'
import { Ticks } from '../../parts/ticks.tsx'
import { useHalf } from '../../state/half.ts'
import { refresh } from '../../state/mirror.ts'
import { choose, type Chosen } from '../../state/place.ts'

const roleOptions: readonly { value: SigningRole; name: string; means: string }[] = [
  { value: 'prepare', name: 'Prepare:', means: 'says “I collected exactly what was asked for”.' },
  { value: 'release', name: 'Release:', means: 'says “this may cross”.' },
  { value: 'witness', name: 'Witness:', means: 'says “I was present”.' },
]

interface Sender {
  readonly id: string
  readonly name: string
}

/** Which sender and channel a signature counts for. */
function Limits(props: {
  readonly sender: Sender
  readonly setSender: (sender: Sender) => void
  readonly channel: string
  readonly setChannel: (text: string) => void
  readonly fail: (failure: FailureView | null) => void
}): ReactNode {
  const { sender, setSender, channel, setChannel, fail } = props
  const fromCard = async (): Promise<void> => {
    const chosen = await choose({ purpose: 'card', intent: 'open' }, fail)
    if (chosen === null) return
    const card = await call('card.read', { place: chosen.place })
    if (card.ok) setSender({ id: card.value.id.hex, name: card.value.name })
    else fail(card.failure)
  }
  return (
    <section className="card" aria-labelledby="limits">
      <h2 id="limits">For which sender and channel</h2>
      <p className="soft">Leaving one empty means “any”, which every verdict then points out.</p>
      <Field
        label="Id of the sending desk"
        value={sender.id}
        onChange={(id) => setSender({ id: id.trim().toLowerCase(), name: '' })}
        mono
        hint={
          sender.name === ''
            ? '64 hex digits, from the paper of that desk.'
            : `“${sender.name}”, as its card says. Compare every digit with the paper.`
        }
        error={sender.id === '' || /^[0-9a-f]{64}$/.test(sender.id) ? '' : '64 hex digits'}
      />
      <Act onPress={() => void fromCard()}>Take it from the desk’s card…</Act>
      <Field label="Channel" value={channel} onChange={setChannel} hint="For example payments." />
    </section>
  )
}

interface Half {
  readonly key: Chosen | null
  readonly name: string
  readonly roles: readonly SigningRole[]
  readonly sender: Sender
  readonly channel: string
  readonly typed: string
}

const empty: Half = { key: null, name: '', roles: [], sender: { id: '', name: '' }, channel: '', typed: '' }

const lacking = ({ key, name, roles, typed }: Half): string[] => [
  ...(key === null ? ['the key'] : []),
  ...(name === '' ? ['the name'] : []),
  ...(roles.length === 0 ? ['what they may sign'] : []),
  ...(typedSoFar(typed).state === 'whole' ? [] : ['the whole fingerprint from paper']),
]

/** Trusts a signer of the other side. Their fingerprint is typed from paper and never shown before. */
export function NewSigner({ done }: { readonly done: () => void }): ReactNode {
  const [half, change, forget] = useHalf('signer', empty)
  const { key, name, roles, sender, channel, typed } = half
  const [failure, setFailure] = useState<FailureView | null>(null)
  const officer = useOfficer(setFailure)
  const pick = async (): Promise<void> => {
    const chosen = await choose({ purpose: 'key', intent: 'open', format: 'pub' }, setFailure)
    if (chosen === null) return
    // A file that is no public key is told before anybody types sixteen words. Its fingerprint is not looked at.
    const read = await call('key.show', { place: chosen.place })
    setFailure(read.ok ? null : read.failure)
    change({ key: read.ok ? chosen : null })
  }
  const trust = async (): Promise<void> => {
    if (key === null) return
    setFailure(null)
    const answer = await call('trust.add', {
      key: key.place,
      name,
      roles: [...roles],
      fingerprint: typed,
      ...(sender.id === '' ? {} : { sender: sender.id }),
      ...(channel === '' ? {} : { channel }),
      ...officer.take(),
    })
    await refresh()
    if (answer.ok) {
      forget()
      done()
    } else officer.tell(answer.failure)
  }
  const spelled = typedSoFar(typed)
  const missing = [...lacking(half), ...(officer.ready ? [] : ['who asks, with their key'])]
  return (
    <Frame
      heading="Trust a signer of the other side, by the paper you hold"
      means="The paper came another way than the key. If words and key do not fit, nothing is changed."
      next={
        missing.length === 0
          ? 'Next: what you typed is compared with the key, all of it.'
          : `Still missing: ${missing.join(', ')}.`
      }
      acts={
        <>
          <Act onPress={done}>Back to trust</Act>
          <Act kind="primary" disabled={missing.length > 0} onPress={() => void trust()}>
            Compare, and trust {name === '' ? 'this signer' : name}
          </Act>
        </>
      }
    >
      <FailureBox failure={failure} />
      <div className="field">
        <span className="legend">Their public key</span>
        <span>{key === null ? 'No key is chosen.' : <code>{key.label}</code>}</span>
        <Act onPress={() => void pick()}>Choose their public key…</Act>
      </div>
      <Field
        label="Name"
        value={name}
        onChange={(text) => change({ name: text })}
        hint="As on the paper: Bob Lind."
      />
      <Ticks
        label="What they may sign"
        options={roleOptions}
        value={roles}
        onChange={(chosen) => change({ roles: chosen })}
      />
      <Limits
        sender={sender}
        setSender={(one) => change({ sender: one })}
        channel={channel}
        setChannel={(text) => change({ channel: text })}
        fail={setFailure}
      />
      <Field
        label="Fingerprint, typed from the paper"
        value={typed}
        onChange={(text) => change({ typed: text })}
        rows={3}
        typedOnly
        mono
        error={spelled.state === 'wrong' ? spelled.said : ''}
        hint={`${spelled.state === 'wrong' ? '' : spelled.said} The key’s own fingerprint is not shown before.`}
      />
      <OfficerFields officer={officer} sign={missing.length === 0 ? () => void trust() : null} />
    </Frame>
  )
}
