import { useState, type ReactNode } from 'react'
import type { Drive } from '../../../shared/drives.ts'
import type { FailureView } from '../../../shared/failure.ts'
import { isMediumLabel, mediumKinds, type MediumKind } from '../../../shared/rules/media.ts'
import { driveTitle } from '../../../shared/text/drives.ts'
import { kindWords, serialWords } from '../../../shared/text/media.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { Choice } from '../../parts/choice.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Field } from '../../parts/field.tsx'
import { FirstSignerFields, useFirstSigner } from '../../parts/first-signer.tsx'
import { Frame } from '../../parts/frame.tsx'
import { Select } from '../../parts/select.tsx'
import { useDrives } from '../../state/drives.ts'
import { useHalf } from '../../state/half.ts'
import { refresh } from '../../state/mirror.ts'
import { useRegister } from '../../state/register.ts'

const empty = {
  device: null as string | null,
  typed: '',
  label: '',
  kind: 'usb-stick' as MediumKind,
  marking: '',
  owner: '',
}

/** The drives that can be taken in: usable, with a serial, and not in the register. */
function useNewDrives(): readonly Drive[] {
  const { seen } = useDrives()
  const media = useRegister().value?.media ?? []
  const known = new Set(media.flatMap(({ serial, state }) => (state === 'destroyed' ? [] : (serial ?? []))))
  const found = (seen?.drives ?? []).filter(
    ({ barred, serial }) => barred === null && serial !== null && !known.has(serial),
  )
  return found.filter((drive, i) => found.findIndex(({ disk }) => disk === drive.disk) === i)
}

/** Takes a medium into the register: which, under what label, whose. */
export function RegisterMedium({ done }: { readonly done: () => void }): ReactNode {
  const [typed, change, forget] = useHalf('medium', empty)
  const [failure, setFailure] = useState<FailureView | null>(null)
  const first = useFirstSigner({ deed: 'register' }, setFailure)
  const drives = useNewDrives()
  const { device, label, kind, marking, owner } = typed
  const byDrive = drives.some((drive) => drive.device === device)
  const register = async (): Promise<void> => {
    const answer = await call('media.register', {
      ...{ label, kind, which: byDrive && device !== null ? { device } : { serial: typed.typed } },
      ...(marking === '' ? {} : { marking }),
      ...(owner === '' ? {} : { owner }),
      ...first.take(),
    })
    await refresh()
    if (!answer.ok) {
      first.signing.tell(answer.failure)
      return
    }
    forget()
    done()
  }
  const missing = [
    ...(byDrive || typed.typed !== '' ? [] : ['which medium']),
    ...(isMediumLabel(label) ? [] : ['the label']),
    ...(first.ready ? [] : ['who signs, with their key']),
  ]
  return (
    <Frame
      heading="Register a medium under a label"
      means={serialWords}
      next={
        missing.length > 0
          ? `Still missing: ${missing.join(', ')}.`
          : first.people === 2
            ? 'Next: it waits for a second person.'
            : 'Next: it is in the register.'
      }
      acts={
        <>
          <Act onPress={done}>Back to the register</Act>
          <Act kind="primary" writes disabled={missing.length > 0} onPress={() => void register()}>
            Register {label === '' ? 'it' : label}
          </Act>
        </>
      }
    >
      <FailureBox failure={failure} />
      <Choice
        label="Which medium?"
        value={byDrive ? device : 'typed'}
        onChange={(value) => change({ device: value === 'typed' ? null : value })}
        options={[
          ...drives.map((drive) => ({
            value: drive.device,
            name: driveTitle(drive),
            means: `serial ${drive.serial ?? ''}`,
          })),
          { value: 'typed', name: 'One that is not in', means: 'by the serial or number on it' },
        ]}
      />
      {byDrive ? null : (
        <Field label="Serial" value={typed.typed} onChange={(text) => change({ typed: text })} mono />
      )}
      <Field
        label="Label"
        value={label}
        onChange={(text) => change({ label: text })}
        hint="As it is printed on it: M-0417."
        error={label === '' || isMediumLabel(label) ? '' : 'Letters, digits and . _ - only, at most 64'}
      />
      <Select
        label="Kind"
        value={kind}
        options={mediumKinds.map((one) => [one, kindWords[one]])}
        onChange={(value) => change({ kind: mediumKinds.find((one) => one === value) ?? 'other' })}
      />
      <Field
        label="Marking (may stay empty)"
        value={marking}
        onChange={(text) => change({ marking: text })}
      />
      <Field label="Owner (may stay empty)" value={owner} onChange={(text) => change({ owner: text })} />
      <FirstSignerFields first={first} sign={missing.length === 0 ? () => void register() : null} />
    </Frame>
  )
}
