import { useState, type ReactNode } from 'react'
import type { FailureView } from '../../../shared/failure.ts'
import type { ConsignmentView } from '../../../shared/views.ts'
import { call } from '../../bridge.ts'
import { Access } from '../../parts/access.tsx'
import { Act } from '../../parts/act.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Frame } from '../../parts/frame.tsx'
import { useLandingPassphrase } from '../../parts/landing-passphrase.tsx'
import { accessOf, noAccess, type AccessGiven } from '../../state/access.ts'
import { useHalf } from '../../state/half.ts'
import { useLanding } from '../../state/landing.ts'
import { useMirror } from '../../state/mirror.ts'
import { choose } from '../../state/place.ts'
import { go } from '../../state/view.ts'
import { landingTarget, sealedAt } from '../../text/landing.ts'
import { mediaSheet, SheetPage } from '../sheet.tsx'
import { ExportSeals, signs } from './export-seals.tsx'
import { Exports } from './exported.tsx'
import { OutMedia } from './out-media.tsx'
import { isArchive, platformsOf, TargetFields, targetOf, type Target, type Ways } from './export-target.tsx'
import { Unfinished } from './unfinished.tsx'

/** What the act that exports is called. */
function actName({ kind }: Ways, resume: boolean): string {
  if (resume) return 'Go on with this export'
  if (kind === 'registry') return 'Push to the registry'
  if (kind === 'medium') return 'Choose the medium and export…'
  return isArchive(kind) ? 'Choose a new file and export…' : 'Choose a new folder and export…'
}

/** What can be done on the page: the export first, and the report once there was one. */
function ExportActs(props: {
  readonly consignment: ConsignmentView
  readonly ways: Ways
  /** Whether it goes on with one that failed or was stopped. */
  readonly resume: boolean
  /** Whether something of the target is not chosen yet. */
  readonly open: boolean
  readonly run: () => void
}): ReactNode {
  const { consignment, ways, resume, open, run } = props
  const { id, exports } = consignment
  const report = (): void => go({ to: 'consignment', id, step: 'report' })
  const first = exports.length === 0 || resume
  return (
    <>
      <Act onPress={() => go({ to: 'consignment', id, step: 'verdict' })}>Verdict</Act>
      {first ? (
        <Act onPress={report}>Report…</Act>
      ) : (
        <Act writes onPress={run} disabled={open}>
          Export again…
        </Act>
      )}
      {first ? (
        <Act kind="primary" writes onPress={run} disabled={open}>
          {actName(ways, resume)}
        </Act>
      ) : (
        <Act kind="primary" onPress={report}>
          Report…
        </Act>
      )}
    </>
  )
}

/** As the record names the target that is filled in; `null` for all but a registry. */
function saidOf({ kind, host, prefix }: Ways): string | null {
  if (kind !== 'registry' || host === null) return null
  return `registry:${host}${prefix === '' ? '' : `/${prefix}`}`
}

function startOf({ unfinished }: ConsignmentView, hosts: readonly string[]): Ways {
  const empty: Ways = {
    ...{ kind: 'dir', platform: null, host: hosts[0] ?? null, prefix: '' },
    ...{ sparse: 'index', tags: 'keep', form: 'folder' },
  }
  const [last] = unfinished
  const target = last === undefined ? null : landingTarget(last.target)
  if (target === null || !hosts.includes(target.host)) return empty
  return { ...empty, kind: 'registry', host: target.host, prefix: target.prefix }
}

function headingOf({ name, exports, unfinished }: ConsignmentView): string {
  if (unfinished.length > 0) return `An export of ${name} is not finished`
  return exports.length === 0 ? `${name} is accepted and can be exported` : `${name} was exported`
}

const wholeWords = ({ kind }: Ways): string =>
  kind === 'registry'
    ? 'It is read again there afterwards. What is missing fails the export, by name.'
    : 'The target appears whole or not at all.'

/** What comes next, or what is still to be chosen. */
function nextOf(consignment: ConsignmentView, ways: Ways, open: boolean, locked: boolean): string {
  if (open && ways.kind === 'docker-archive') return 'First choose a platform.'
  if (locked) return 'First the passphrase of the landing key.'
  const awaited = consignment.exports.some(
    ({ seals, target }) => seals === 'by-deciders' && sealedAt(consignment, target) === null,
  )
  if (awaited) return 'Next: those who accepted it seal it, each with their own key.'
  return 'Next: the report. You can export to more than one place.'
}

/** What is filled in on the page, and the act that exports. */
function useExporting(consignment: ConsignmentView) {
  const { id, name, content, unfinished } = consignment
  const desk = useMirror((mirror) => mirror.desk)
  const hosts = (desk?.policy.document.exportRegistries ?? []).map((one) => one.host)
  const [ways, setWays] = useHalf(`export ${id}`, startOf(consignment, hosts))
  const [failure, setFailure] = useState<FailureView | null>(null)
  const [given, setGiven] = useState<AccessGiven>(noAccess)
  const [wanted, want] = useState(true)
  const landing = useLanding()
  const passphrase = useLandingPassphrase(landing, setFailure, wanted && signs(ways.kind, landing))
  const said = saidOf(ways)
  const resume = unfinished.some(({ target }) => target === said)
  const target = (place: string): Target | null => targetOf(ways, place, platformsOf(content))
  const begin = async (chosen: Target): Promise<void> => {
    const started = await call('export.start', {
      ...{ id, target: chosen, seal: wanted, resume },
      ...passphrase.take(),
      ...(chosen.kind === 'registry' ? accessOf(given) : {}),
    })
    if (started.ok) go({ to: 'job', id: started.value.job })
    else passphrase.tell(started.failure)
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
  const form = { ways, setWays, hosts, given, setGiven, wanted, want, passphrase }
  return { ...form, landing, failure, setFailure, said, resume, open, run: () => void run() }
}

/** Export of accepted content: where to, whether it is sealed, and what was compared. */
export function Export({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  const { id, exports, content, unfinished } = consignment
  const form = useExporting(consignment)
  const { ways, setWays, passphrase, given, open, resume, run, setFailure } = form
  const [sheet, setSheet] = useState<'label' | 'custody' | null>(null)
  if (sheet !== null) {
    const back = (): void => setSheet(null)
    return <SheetPage shown={mediaSheet(sheet, id)} back="Export" done={back} consignment={consignment} />
  }
  const closed = open || !passphrase.ready
  return (
    <Frame
      heading={headingOf(consignment)}
      means={exports.length + unfinished.length === 0 ? wholeWords(ways) : undefined}
      next={nextOf(consignment, ways, open, !passphrase.ready)}
      consignment={consignment}
      acts={<ExportActs consignment={consignment} ways={ways} resume={resume} open={closed} run={run} />}
    >
      <FailureBox failure={form.failure} />
      <Unfinished
        consignment={consignment}
        shown={form.said}
        choose={({ host, prefix }) => setWays({ kind: 'registry', host, prefix })}
      />
      <Exports consignment={consignment} />
      <OutMedia consignment={consignment} fail={setFailure} open={setSheet} />
      <TargetFields
        ways={ways}
        onChange={setWays}
        hosts={form.hosts}
        content={content}
        filtered={consignment.carried.omitted > 0}
      />
      <ExportSeals
        kind={ways.kind}
        landing={form.landing}
        wanted={form.wanted}
        want={form.want}
        given={passphrase}
        enter={run}
      />
      {ways.kind === 'registry' ? (
        <Access
          given={given}
          change={(more) => form.setGiven({ ...given, ...more })}
          use="Used for this export only. Nothing of it is kept."
          proxied={false}
          fail={setFailure}
        />
      ) : null}
    </Frame>
  )
}
