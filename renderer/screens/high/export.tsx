import { useState, type ReactNode } from 'react'
import { registryTarget } from '../../../shared/landing.ts'
import type { FailureView } from '../../../shared/failure.ts'
import type { ConsignmentView } from '../../../shared/views.ts'
import { call } from '../../bridge.ts'
import { Access } from '../../parts/access.tsx'
import { Act } from '../../parts/act.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Fold } from '../../parts/fold.tsx'
import { Frame } from '../../parts/frame.tsx'
import { useLandingPassphrase } from '../../parts/landing-passphrase.tsx'
import { accessOf, noAccess, type AccessGiven } from '../../state/access.ts'
import { useHalf } from '../../state/half.ts'
import { useLanding } from '../../state/landing.ts'
import { useMirror } from '../../state/mirror.ts'
import { choose } from '../../state/place.ts'
import { go } from '../../state/view.ts'
import { sealedAt, unfinishedAt } from '../../text/landing.ts'
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

/** What can be done on the page: the export, or what comes after one. */
function ExportActs(props: {
  readonly consignment: ConsignmentView
  readonly ways: Ways
  /** Whether it goes on with one that failed or was stopped. */
  readonly resume: boolean
  /** Whether something of the target is not chosen yet. */
  readonly open: boolean
  readonly run: () => void
  /** Whether the target is asked for. */
  readonly asking: boolean
  readonly ask: (asking: boolean) => void
}): ReactNode {
  const { consignment, ways, resume, open, run, asking, ask } = props
  const { id, exports } = consignment
  const report = (): void => go({ to: 'consignment', id, step: 'report' })
  const verdict = <Act onPress={() => go({ to: 'consignment', id, step: 'verdict' })}>Verdict</Act>
  if (!asking) {
    return (
      <>
        {verdict}
        <Act key="again" writes onPress={() => ask(true)}>
          Export again…
        </Act>
        <Act key="next" kind="primary" onPress={report}>
          Report…
        </Act>
      </>
    )
  }
  return (
    <>
      {exports.length === 0 ? verdict : <Act onPress={() => ask(false)}>What was exported</Act>}
      <Act key="report" onPress={report}>
        Report…
      </Act>
      <Act key="run" kind="primary" writes onPress={run} disabled={open}>
        {actName(ways, resume)}
      </Act>
    </>
  )
}

/** As the record names the target that is filled in; `null` for all but a registry. */
function saidOf({ kind, host, prefix }: Ways): string | null {
  if (kind !== 'registry' || host === null) return null
  return registryTarget({ host, prefix })
}

function startOf(consignment: ConsignmentView, hosts: readonly string[]): Ways {
  const empty: Ways = {
    ...{ kind: 'dir', platform: null, host: hosts[0] ?? null, prefix: '' },
    ...{ sparse: 'index', tags: 'keep', form: 'folder' },
  }
  const target = unfinishedAt(consignment)[0]?.landing
  if (target === undefined || !hosts.includes(target.host)) return empty
  return { ...empty, kind: 'registry', host: target.host, prefix: target.prefix }
}

function headingOf(consignment: ConsignmentView, asking: boolean): string {
  const { name, exports } = consignment
  if (unfinishedAt(consignment).length > 0) return `An export of ${name} is not finished`
  return asking && exports.length === 0
    ? `${name} is accepted and can be exported`
    : `${name} was exported${asking ? ' and can be exported again' : ''}`
}

const wholeWords = ({ kind }: Ways): string =>
  kind === 'registry'
    ? 'It is read again there afterwards. What is missing fails the export, by name.'
    : 'The target appears whole or not at all.'

/** What comes next, or what is still to be chosen. */
function nextOf(
  consignment: ConsignmentView,
  { ways, open, resume }: ReturnType<typeof useExporting>,
  locked: boolean,
): string {
  if (open && ways.kind === 'docker-archive') return 'First choose a platform.'
  if (locked) return 'First the passphrase of the landing key.'
  if (resume) return 'What is there already is not sent again.'
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

/** Where it goes, what becomes of seals, and how the registry lets us in. */
function ExportForm(props: {
  readonly consignment: ConsignmentView
  readonly form: ReturnType<typeof useExporting>
}): ReactNode {
  const { consignment, form } = props
  const { ways, given } = form
  const registry = ways.kind === 'registry'
  const taken = consignment.unfinished.some(
    ({ target, code }) => target === form.said && code === 'export-tag-taken',
  )
  return (
    <>
      <Fold name="the target" forced={!form.resume || taken}>
        <TargetFields
          ways={ways}
          onChange={form.setWays}
          hosts={form.hosts}
          content={consignment.content}
          filtered={consignment.carried.omitted > 0}
          taken={taken}
        />
      </Fold>
      <ExportSeals
        kind={ways.kind}
        landing={form.landing}
        wanted={form.wanted}
        want={form.want}
        given={form.passphrase}
        enter={form.run}
      />
      {registry ? (
        <Access
          given={given}
          change={(more) => form.setGiven({ ...given, ...more })}
          use="Used for this export only. Nothing of it is kept."
          proxied={false}
          fail={form.setFailure}
        />
      ) : null}
    </>
  )
}

/** Export of accepted content: where to and whether it is sealed; then what was compared. */
export function Export({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  const { id, exports } = consignment
  const form = useExporting(consignment)
  const { ways, passphrase, open, resume, run, setFailure } = form
  const [again, setAgain] = useState(false)
  const [sheet, setSheet] = useState<'label' | 'custody' | null>(null)
  if (sheet !== null) {
    const back = (): void => setSheet(null)
    return <SheetPage shown={mediaSheet(sheet, id)} back="Export" done={back} consignment={consignment} />
  }
  const asking = again || resume || exports.length === 0
  const locked = asking && !passphrase.ready
  return (
    <Frame
      heading={headingOf(consignment, asking)}
      means={asking && unfinishedAt(consignment).length === 0 ? wholeWords(ways) : undefined}
      next={nextOf(consignment, form, locked)}
      consignment={consignment}
      acts={
        <ExportActs
          consignment={consignment}
          ways={ways}
          resume={resume}
          open={open || locked}
          run={run}
          asking={asking}
          ask={setAgain}
        />
      }
    >
      <FailureBox failure={form.failure} />
      <Unfinished
        consignment={consignment}
        shown={form.said}
        choose={({ host, prefix }) => form.setWays({ kind: 'registry', host, prefix })}
      />
      {again ? null : (
        <>
          <Exports consignment={consignment} />
          <OutMedia consignment={consignment} fail={setFailure} open={setSheet} />
        </>
      )}
      {asking ? <ExportForm consignment={consignment} form={form} /> : null}
    </Frame>
  )
}
