import { useState, type ReactNode } from 'react'
import type { FailureView } from '../../../shared/failure.ts'
import { typedSoFar } from '../../../shared/rules/typed-fingerprint.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Field } from '../../parts/field.tsx'
import { Frame } from '../../parts/frame.tsx'
import { OfficerFields, useOfficer } from '../../parts/officer.tsx'
import { useHalf } from '../../state/half.ts'
import { refresh } from '../../state/mirror.ts'
import { choose, type Chosen } from '../../state/place.ts'

interface Half {
  readonly file: Chosen | null
  readonly name: string
  readonly typed: string
}

const empty: Half = { file: null, name: '', typed: '' }

/** Installs a file of trusted roots. Its fingerprint is typed from paper and never shown before. */
export function NewRoot({ done }: { readonly done: () => void }): ReactNode {
  const [{ file, name, typed }, change, forget] = useHalf('root', empty)
  const [failure, setFailure] = useState<FailureView | null>(null)
  const officer = useOfficer(setFailure)
  const pick = async (): Promise<void> => {
    const chosen = await choose({ purpose: 'trusted-root', intent: 'open' }, setFailure)
    if (chosen !== null) change({ file: chosen })
  }
  const install = async (): Promise<void> => {
    if (file === null) return
    setFailure(null)
    const input = { place: file.place, name, fingerprint: typed }
    const answer = await call('root.add', { ...input, ...officer.take() })
    await refresh()
    if (answer.ok) {
      forget()
      done()
    } else officer.tell(answer.failure)
  }
  const spelled = typedSoFar(typed)
  const missing = [
    ...(file === null ? ['the file'] : []),
    ...(name === '' ? ['a name'] : []),
    ...(spelled.state === 'whole' ? [] : ['the whole fingerprint from paper']),
    ...(officer.ready ? [] : ['who asks, with their key']),
  ]
  return (
    <Frame
      heading="Install a trusted root, by the paper you hold"
      means="It names the authorities and logs by which signatures of content are judged here."
      next={
        missing.length === 0
          ? 'Next: what you typed is compared with the file, all of it.'
          : `Still missing: ${missing.join(', ')}.`
      }
      acts={
        <>
          <Act onPress={done}>Back to trust</Act>
          <Act kind="primary" disabled={missing.length > 0} onPress={() => void install()}>
            {officer.sealed ? 'Compare, and ask for it' : 'Compare, and install it'}
          </Act>
        </>
      }
    >
      <FailureBox failure={failure} />
      <div className="field">
        <span className="legend">The file</span>
        <span>{file === null ? 'No file is chosen.' : <code>{file.label}</code>}</span>
        <Act onPress={() => void pick()}>Choose the file of trusted roots…</Act>
      </div>
      <Field
        label="Name"
        value={name}
        onChange={(text) => change({ name: text })}
        hint="Short, for example public-good."
      />
      <Field
        label="Fingerprint of the file, typed from the paper"
        value={typed}
        onChange={(text) => change({ typed: text })}
        rows={3}
        typedOnly
        mono
        error={spelled.state === 'wrong' ? spelled.said : ''}
        hint={`${spelled.state === 'wrong' ? '' : spelled.said} The file’s own (its SHA-256) is not shown before.`}
      />
      <OfficerFields officer={officer} sign={missing.length === 0 ? () => void install() : null} />
    </Frame>
  )
}
