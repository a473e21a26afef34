import { useState, type ReactNode } from 'react'
import type { Drive, Drives as Seen } from '../../shared/drives.ts'
import type { MediumLine } from '../../shared/media.ts'
import type { FailureView } from '../../shared/failure.ts'
import { barredWords, driveTitle, unprovenWords } from '../../shared/text/drives.ts'
import { call } from '../bridge.ts'
import { useDrives } from '../state/drives.ts'
import { useEject } from '../state/eject.ts'
import { useRegister } from '../state/register.ts'
import type { Chosen } from '../state/place.ts'
import { count, size } from '../text/format.ts'
import { Act } from './act.tsx'
import { Badge, PlainBadge } from './badge.tsx'
import { Fold } from './fold.tsx'
import { FailureBox, inOneLine } from './failure.tsx'
import { MediumState } from './medium-state.tsx'
import { Table } from './table.tsx'

interface Use {
  /** The deed: “Write here”. */
  readonly name: string
  /** Whether it changes what is on the drive. */
  readonly changes: boolean
  readonly onChosen: (chosen: Chosen) => void
}

const spokenName = (drive: Drive): string =>
  `${driveTitle(drive)}, ${drive.serial === null ? drive.device : `serial ${drive.serial}`}`

function Barred({ drive }: { readonly drive: Drive }): ReactNode {
  const barred = barredWords(drive)
  if (barred === null) return null
  return (
    <>
      {drive.barred?.why === 'composite' ? (
        <Badge result="fail" text="Take it out" />
      ) : (
        <PlainBadge text="Not for media" />
      )}
      <p>
        {barred.means} {barred.next}
      </p>
    </>
  )
}

/** Why a drive that may be used cannot be used for this now; `null` where it can. */
function hindrance(drive: Drive, handles: boolean, use: Use | null): string | null {
  if (use === null) return null
  if (use.changes && drive.readOnly) return 'It can only be read.'
  if (drive.mounted.length > 0 || handles) return null
  return 'Open it in the system’s file manager first.'
}

/** What the register says of a drive; nothing where it is in none. */
function Registered({ medium }: { readonly medium: MediumLine | null }): ReactNode {
  if (medium === null) return null
  return (
    <div>
      <b>{medium.label}</b> <MediumState state={medium.state} />
    </div>
  )
}

function Acts(props: {
  readonly drive: Drive
  readonly handles: boolean
  readonly use: Use | null
  readonly onUse: (drive: Drive) => void
  readonly onEject: (drive: Drive) => void
}): ReactNode {
  const { drive, handles, use, onUse, onEject } = props
  if (drive.barred !== null) return <Barred drive={drive} />
  const hindered = hindrance(drive, handles, use)
  const ejects = handles && drive.removable
  return (
    <>
      {hindered === null ? null : <p>{hindered}</p>}
      {use === null || hindered !== null ? null : (
        <Act writes onPress={() => onUse(drive)} spoken={`${use.name}: ${spokenName(drive)}`}>
          {use.name}
        </Act>
      )}{' '}
      {ejects ? (
        <Act onPress={() => onEject(drive)} spoken={`Eject: ${spokenName(drive)}`}>
          Eject
        </Act>
      ) : null}
    </>
  )
}

function Row(props: Parameters<typeof Acts>[0] & { readonly medium: MediumLine | null }): ReactNode {
  const { drive, medium } = props
  const { device, maker, model, serial, fileSystem, mounted, readOnly, partitions, label } = drive
  return (
    <tr>
      <td>
        <b>{driveTitle(drive)}</b>
        {maker === null && model === null ? <div>{device}</div> : null}
        {label === null || label === driveTitle(drive) ? null : <div>“{label}”</div>}
      </td>
      <td>
        {serial === null ? 'not known' : <code>{serial}</code>}
        <Registered medium={medium} />
      </td>
      <td>
        <div>
          {size(drive.size)}, {fileSystem ?? 'file system not known'}
          {readOnly ? ', read-only' : ''}
          {partitions > 1 ? `, ${partitions} partitions` : ''}
        </div>
        {mounted.length === 0 ? 'not mounted' : <code>{mounted.join(', ')}</code>}
      </td>
      <td>
        <Acts {...props} />
      </td>
    </tr>
  )
}

// What can be used stands first, what is dangerous before what is only in the way.
const order = ({ barred }: Drive): number => (barred === null ? 0 : barred.why === 'composite' ? 1 : 2)

type Doing = Omit<Parameters<typeof Acts>[0], 'drive'> & { readonly media: readonly MediumLine[] }

const registered = ({ serial }: Drive, media: readonly MediumLine[]): MediumLine | null =>
  media.find((one) => serial !== null && one.serial === serial && one.state !== 'destroyed') ?? null

function DriveRows({
  drives,
  label,
  media,
  ...doing
}: Doing & { drives: readonly Drive[]; label: string }): ReactNode {
  if (drives.length === 0) return null
  const heads = ['Drive', 'Serial', 'What it holds', { spoken: 'What can be done' }]
  return (
    <Table label={label} kind="drives" heads={heads}>
      {drives.map((drive) => (
        <Row
          key={`${drive.device} ${drive.serial ?? ''}`}
          drive={drive}
          medium={registered(drive, media)}
          {...doing}
        />
      ))}
    </Table>
  )
}

function DriveTable({ seen, ...rest }: Omit<Doing, 'handles'> & { readonly seen: Seen }): ReactNode {
  const { drives, handles, unproven } = seen
  const known = (drive: Drive): number => (registered(drive, rest.media) === null ? 1 : 0)
  const sorted = [...drives].sort((a, b) => order(a) - order(b) || known(a) - known(b))
  // What this computer runs from is never a medium: it is there for whoever asks why it is not in the list.
  const own = sorted.filter(({ barred }) => barred?.why === 'system')
  const others = sorted.filter((drive) => !own.includes(drive))
  return (
    <>
      {others.some(({ barred }) => barred === null) ? null : <p>None that can be used is in.</p>}
      <DriveRows label="Drives" drives={others} handles={handles} {...rest} />
      {own.length === 0 ? null : (
        <Fold name={`${count(own.length, 'drive')} not for media`}>
          <DriveRows label="Drives that are not for media" drives={own} handles={handles} {...rest} />
        </Fold>
      )}
      {unproven ? <p className="soft">{unprovenWords}</p> : null}
    </>
  )
}

/**
 * The drives of this computer as they come and go: with what is done to one where a page has something to do, and to let
 * them go.
 */
export function Drives({ use }: { readonly use: Use | null }): ReactNode {
  const { seen, failure: unseen, refresh } = useDrives()
  const media = useRegister().value?.media ?? []
  const [unused, setUnused] = useState<FailureView | null>(null)
  const { said, failure, clear, eject } = useEject(refresh)
  const choose = async (drive: Drive): Promise<void> => {
    clear()
    setUnused(null)
    const answer = await call('drive.mount', { device: drive.device })
    if (answer.ok) use?.onChosen(answer.value)
    else setUnused(answer.failure)
  }
  const letGo = (drive: Drive): void => {
    setUnused(null)
    void eject(drive)
  }
  return (
    <section aria-labelledby="drives">
      <h2 id="drives">Drives</h2>
      <FailureBox failure={unused ?? failure} />
      <p role="status">{said}</p>
      {unseen === null ? null : <p className="soft">{inOneLine(unseen)}</p>}
      {seen === null ? null : (
        <DriveTable
          seen={seen}
          media={media}
          use={use}
          onUse={(drive) => void choose(drive)}
          onEject={letGo}
        />
      )}
    </section>
  )
}
