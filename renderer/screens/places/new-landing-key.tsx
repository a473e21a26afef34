import { useState, type ReactNode } from 'react'
import { leastPassphrase, passphraseLacks } from '../../../shared/rules/passphrase.ts'
import { landingKeyWarning } from '../../../shared/text/landing.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { Choice } from '../../parts/choice.tsx'
import { Field } from '../../parts/field.tsx'
import { OfficersAct } from '../../parts/officers-act.tsx'
import { useMirror } from '../../state/mirror.ts'

type Way = 'locked' | 'open'

const ways = [
  {
    value: 'locked',
    name: 'With a passphrase:',
    means: 'a copy of the folder alone cannot seal.',
  },
  {
    value: 'open',
    name: 'No passphrase:',
    means: 'whoever reads the folder, or a backup, can seal at once.',
  },
] as const

/** Makes a landing key, or one in the place of another; on a sealed desk two officers put it in force. */
export function NewLandingKey(props: { readonly replaces: boolean; readonly done: () => void }): ReactNode {
  const { replaces, done } = props
  const sealed = useMirror((mirror) => mirror.desk?.founding === false)
  const waits = useMirror(
    (mirror) =>
      mirror.desk?.changes.some((one) => one.kind === 'landing.key' && one.state === 'pending') === true,
  )
  const [way, setWay] = useState<Way>('locked')
  const [passphrase, setPassphrase] = useState('')
  const [again, setAgain] = useState('')
  const lacks = passphraseLacks(passphrase)
  const good = way === 'open' || (lacks === null && passphrase === again)
  const clear = (): void => {
    setPassphrase('')
    setAgain('')
  }
  const choose = (next: Way): void => {
    clear()
    setWay(next)
  }
  return (
    <OfficersAct
      heading={
        replaces ? 'Put another landing key in the place of this one' : 'Make the landing key of this desk'
      }
      means={`${landingKeyWarning}.`}
      ask="Make it, and ask for it with my key"
      alone={replaces ? 'Replace the landing key' : 'Make the landing key'}
      closed={waits ? 'Another landing key waits for a second officer. Sign or withdraw that first.' : null}
      missing={good ? [] : ['the new passphrase, typed twice']}
      send={(officer) => {
        const secret = passphrase
        clear()
        return call('landing.create', {
          ...(way === 'open' ? { unlocked: true } : { passphrase: secret }),
          ...officer,
        })
      }}
      done={done}
      acts={<Act onPress={done}>Back</Act>}
    >
      {replaces ? (
        <p>What the earlier key sealed keeps its seals. The far side needs the new public half.</p>
      ) : null}
      <Choice<Way> label="How is it kept?" value={way} onChange={choose} options={ways} />
      {way === 'open' ? (
        sealed ? (
          <p>Both security officers sign that it has none.</p>
        ) : null
      ) : (
        <div className="pair">
          <Field
            label="New passphrase"
            value={passphrase}
            onChange={setPassphrase}
            secret
            hint={`At least ${leastPassphrase} characters: five words, for example. It is kept nowhere.`}
            error={passphrase === '' || lacks === null ? '' : `Expected: ${lacks}.`}
          />
          <Field
            label="The same passphrase again"
            value={again}
            onChange={setAgain}
            secret
            error={again === '' || passphrase === again ? '' : 'The two are not the same.'}
          />
        </div>
      )}
    </OfficersAct>
  )
}
