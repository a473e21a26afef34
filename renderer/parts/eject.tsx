import type { ReactNode } from 'react'
import { driveTitle } from '../../shared/text/drives.ts'
import { useEject } from '../state/eject.ts'
import { useDrives } from '../state/drives.ts'
import { Act } from './act.tsx'
import { FailureBox } from './failure.tsx'

/** Lets go of what can be taken out, where a page has nothing else to do with drives; nothing where there is none. */
export function Eject(): ReactNode {
  const { seen, refresh } = useDrives()
  const { said, failure, eject } = useEject(refresh)
  const out = seen?.handles === true ? seen.drives.filter((one) => one.removable && one.barred === null) : []
  if (out.length === 0 && said === '' && failure === null) return null
  return (
    <section aria-labelledby="eject">
      <h2 id="eject">Take the medium out</h2>
      <FailureBox failure={failure} />
      <p role="status">{said}</p>
      <p>
        {out.map((drive) => (
          <Act key={drive.device} onPress={() => void eject(drive)}>
            Eject {driveTitle(drive)}
            {drive.serial === null ? '' : `, serial ${drive.serial}`}
          </Act>
        ))}
      </p>
    </section>
  )
}
