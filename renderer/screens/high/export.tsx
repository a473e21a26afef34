import { useState, type ReactNode } from 'react'
import type { FailureView } from '../../../shared/failure.ts'
import type { ConsignmentView } from '../../../shared/views.ts'
import { landedLine, landedOf, type Landed } from '../../../shared/rules/landed.ts'
import { call } from '../../bridge.ts'
import { Access } from '../../parts/access.tsx'
import { Act } from '../../parts/act.tsx'
import { Badge } from '../../parts/badge.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Frame } from '../../parts/frame.tsx'
import { accessOf, noAccess, type AccessGiven } from '../../state/access.ts'
import { useMirror } from '../../state/mirror.ts'
import { choose } from '../../state/place.ts'
import { go } from '../../state/view.ts'
import { count, size, time } from '../../text/format.ts'
import { mediaSheet, SheetPage } from '../sheet.tsx'
import { OutMedia } from './out-media.tsx'
import { isArchive, platformsOf, TargetFields, targetOf, type Target, type Ways } from './export-target.tsx'

/** What was asked for, what crossed, and what lies there; each thing that does not in a sentence. */
function Counted({ landed }: { readonly landed: Landed }): ReactNode {
  return (
    <>
      <p>{landedLine(landed)}</p>
      {landed.missing.length === 0 ? null : (
        <ul>
          {landed.missing.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
    </>
  )
}

function Exports({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  return consignment.exports.map((one) => (
    <section className="card pass" key={`${one.at}-${one.target}`}>
      <header>
        <Badge result="pass" text="Exported" />
        <h2>
          <code>{one.target}</code>
        </h2>
        <span className="id">{time(one.at)}</span>
      </header>
      <p>
        {count(one.blobs, 'blob')}, {size(one.bytes)}. Each byte was hashed as it was written; these digests
        were compared with the accepted waybill:
      </p>
      <ul>
        {one.written.map((entry) => (
          <li key={`${entry.reference}-${entry.digest}`}>
            <code>{entry.reference}</code> <code>{entry.digest}</code>
          </li>
        ))}
        {one.moved.map((tag) => (
          <li key={tag.reference}>
            <Badge result="warn" text="Moved" /> <code>{tag.reference}</code> held <code>{tag.before}</code>{' '}
            before.
          </li>
        ))}
        {one.warned.map((sentence) => (
          <li key={sentence}>
            <Badge result="warn" text="Warning" /> {sentence}
          </li>
        ))}
      </ul>
      {one.left.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <Counted landed={landedOf(consignment.content, one.written)} />
    </section>
  ))
}

/** What the act that exports is called. */
function actName({ kind }: Ways): string {
  if (kind === 'registry') return 'Push to the registry'
  if (kind === 'medium') return 'Choose the medium and export…'
  return isArchive(kind) ? 'Choose a new file and export…' : 'Choose a new folder and export…'
}

/** What can be done on the page: the export first, and the report once there was one. */
function ExportActs(props: {
  readonly consignment: ConsignmentView
  readonly ways: Ways
  /** Whether something of the target is not chosen yet. */
  readonly open: boolean
  readonly run: () => void
}): ReactNode {
  const { consignment, ways, open, run } = props
  const { id, exports } = consignment
  const report = (): void => go({ to: 'consignment', id, step: 'report' })
  return (
    <>
      <Act onPress={() => go({ to: 'consignment', id, step: 'verdict' })}>Verdict</Act>
      {exports.length === 0 ? (
        <Act onPress={report}>Report…</Act>
      ) : (
        <Act writes onPress={run} disabled={open}>
          Export again…
        </Act>
      )}
      {exports.length === 0 ? (
        <Act kind="primary" writes onPress={run} disabled={open}>
          {actName(ways)}
        </Act>
      ) : (
        <Act kind="primary" onPress={report}>
          Report…
        </Act>
      )}
    </>
  )
}

/** Export of accepted content: where to, and what was compared. */
export function Export({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  const desk = useMirror((mirror) => mirror.desk)
  const hosts = (desk?.policy.document.exportRegistries ?? []).map((one) => one.host)
  const [ways, setWays] = useState<Ways>({
    kind: 'dir',
    platform: null,
    host: hosts[0] ?? null,
    prefix: '',
    sparse: 'index',
    tags: 'keep',
    form: 'folder',
  })
  const [sheet, setSheet] = useState<'label' | 'custody' | null>(null)
  const [failure, setFailure] = useState<FailureView | null>(null)
  const [given, setGiven] = useState<AccessGiven>(noAccess)
  const { id, exports, name, content } = consignment
  const target = (place: string): Target | null => targetOf(ways, place, platformsOf(content))
  const begin = async (chosen: Target): Promise<void> => {
    const started = await call('export.start', {
      id,
      target: chosen,
      ...(chosen.kind === 'registry' ? accessOf(given) : {}),
    })
    if (started.ok) go({ to: 'job', id: started.value.job })
    else setFailure(started.failure)
  }
  const run = async (): Promise<void> => {
    setFailure(null)
    const format = isArchive(ways.kind) ? ({ format: 'tar', name } as const) : {}
    const chosen =
      ways.kind === 'registry'
        ? { place: '' }
        : await choose(
            ways.kind === 'medium'
              ? { purpose: 'medium', intent: 'save' }
              : { purpose: 'export', intent: 'save', ...format },
            setFailure,
          )
    const ready = chosen === null ? null : target(chosen.place)
    if (ready !== null) await begin(ready)
  }
  const open = target('') === null
  if (sheet !== null) {
    const back = (): void => setSheet(null)
    return <SheetPage shown={mediaSheet(sheet, id)} back="Export" done={back} consignment={consignment} />
  }
  return (
    <Frame
      heading={exports.length === 0 ? `${name} is accepted and can be exported` : `${name} was exported`}
      means={exports.length === 0 ? 'The target appears whole or not at all.' : undefined}
      next={
        open && ways.kind === 'docker-archive'
          ? 'First choose a platform.'
          : 'Next: the report. You can export to more than one place.'
      }
      consignment={consignment}
      acts={<ExportActs consignment={consignment} ways={ways} open={open} run={() => void run()} />}
    >
      <FailureBox failure={failure} />
      <Exports consignment={consignment} />
      <OutMedia consignment={consignment} fail={setFailure} open={setSheet} />
      <TargetFields
        ways={ways}
        onChange={setWays}
        hosts={hosts}
        content={content}
        filtered={consignment.carried.omitted > 0}
      />
      {ways.kind === 'registry' ? (
        <Access
          given={given}
          change={(more) => setGiven({ ...given, ...more })}
          use="Used for this export only. Nothing of it is kept."
          proxied={false}
          fail={setFailure}
        />
      ) : null}
    </Frame>
  )
}
