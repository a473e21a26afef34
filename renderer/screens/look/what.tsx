import { useEffect, useState, type DragEvent, type ReactNode } from 'react'
import type { EventValue } from '../../../shared/contract.ts'
import type { FailureView } from '../../../shared/failure.ts'
import { Act } from '../../parts/act.tsx'
import { Field } from '../../parts/field.tsx'
import { setLooking, useLooking } from '../../state/looking.ts'
import { choose } from '../../state/place.ts'
import { droppedWords } from '../../text/look.ts'
import { Access } from '../../parts/access.tsx'

const loopback = /^(?:oci:\/\/)?(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?\//

/** Main hears what was dropped and tells its place: no path reaches this page. Gives why nothing came of a drop. */
function useDropped(): readonly [string, () => void] {
  const [said, setSaid] = useState('')
  useEffect(() => {
    const take = ({ place, label, folder, count }: EventValue<'dropped'>): void => {
      setSaid(place === null ? droppedWords(count) : '')
      if (place !== null) setLooking({ chosen: { place, label, folder }, reference: '' })
    }
    return window.bridge.on((event, value) => {
      if (event === 'dropped') take(value)
    })
  }, [])
  return [said, () => setSaid('')]
}

/** A file or folder of this computer: by the system's dialog, or dropped here. */
export function OnComputer({ fail }: { readonly fail: (failure: FailureView | null) => void }): ReactNode {
  const chosen = useLooking((looking) => looking.chosen)
  const [said, clear] = useDropped()
  const [over, setOver] = useState(false)
  const ask = async (folder: boolean): Promise<void> => {
    clear()
    const found = await choose({ purpose: folder ? 'look-folder' : 'look', intent: 'open' }, fail)
    if (found !== null) setLooking({ chosen: { ...found, folder }, reference: '' })
  }
  const hold = (event: DragEvent): void => {
    event.preventDefault()
    setOver(event.type === 'dragover')
  }
  return (
    <section
      className={over ? 'card drop over' : 'card drop'}
      aria-labelledby="what-to-look-into"
      onDragOver={hold}
      onDragLeave={hold}
      onDrop={hold}
    >
      <h2 id="what-to-look-into">On this computer</h2>
      <p role="status">
        {chosen === null ? (
          'Drop a file or folder here, or choose it.'
        ) : (
          <>
            {chosen.folder ? 'Folder' : 'File'} <code>{chosen.label}</code>
          </>
        )}
      </p>
      {said === '' ? null : (
        <p className="field-error" role="alert">
          {said}
        </p>
      )}
      <div className="acts">
        <Act onPress={() => void ask(false)}>Choose a file…</Act>
        <Act onPress={() => void ask(true)}>Choose a folder…</Act>
        {chosen === null ? null : (
          <Act onPress={() => setLooking({ chosen: null })}>
            Remove<span className="hidden"> {chosen.label}</span>
          </Act>
        )}
      </div>
    </section>
  )
}

/** An image or package that lies in a registry, by its reference. */
export function InRegistry(props: {
  readonly start: () => void
  readonly fail: (failure: FailureView | null) => void
}): ReactNode {
  const { start, fail } = props
  const looking = useLooking()
  const reference = useLooking((looking) => looking.reference)
  const plainHttp = useLooking((looking) => looking.plainHttp)
  return (
    <>
      <section className="card" aria-label="In a registry">
        <Field
          label="Or in a registry"
          value={reference}
          onChange={(typed) =>
            setLooking({ reference: typed.trim(), plainHttp: plainHttp && loopback.test(typed) })
          }
          hint="registry.example/team/app:1.4"
          mono
          onEnter={reference === '' ? null : start}
        />
        {loopback.test(reference) ? (
          <label className="choice">
            <input
              type="checkbox"
              checked={plainHttp}
              onChange={(event) => setLooking({ plainHttp: event.target.checked })}
            />
            <span>
              Without TLS <span className="soft">only for a registry on this computer</span>
            </span>
          </label>
        ) : null}
      </section>
      {reference === '' ? null : (
        <Access
          given={looking}
          change={setLooking}
          use="Used for looking only. Nothing of it is kept."
          fail={fail}
        />
      )}
    </>
  )
}
