import { useState, type ReactNode } from 'react'
import type { FailureView } from '../../../shared/failure.ts'
import { missingMedia } from '../../../shared/rules/missing-media.ts'
import { needsMedium } from '../../../shared/rules/needs-medium.ts'
import type { Verdict as VerdictOf } from '../../../shared/verdict.ts'
import type { ConsignmentView } from '../../../shared/views.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { Archives, LookIntoFiles } from '../../parts/archives.tsx'
import { Eject } from '../../parts/eject.tsx'
import { EvidenceOfItems } from '../../parts/evidence.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Frame } from '../../parts/frame.tsx'
import { FlaggedSince } from '../../parts/flags.tsx'
import { Exceptions } from '../../parts/exceptions.tsx'
import { Held, heldBy } from '../../parts/held.tsx'
import { InsideItems } from '../../parts/inside.tsx'
import { MediaHere } from '../../parts/media-plan.tsx'
import { Outdated } from '../../parts/outdated.tsx'
import { RevokedSince } from '../../parts/revoked.tsx'
import { VerdictFacts } from '../../parts/verdict-facts.tsx'
import { Waybill } from '../../parts/waybill.tsx'
import { useEvidence } from '../../state/evidence.ts'
import { refresh, useNow } from '../../state/mirror.ts'
import { go } from '../../state/view.ts'
import { evidenceHeading } from '../../text/evidence.ts'
import { acceptClosed } from '../../text/accept.ts'
import { decidedHeading, reasonHeadings } from '../../text/decided.ts'
import { awaitedWords } from '../../text/deciding.ts'
import { time } from '../../text/format.ts'
import { headingOf, meaningOf } from '../../text/verdict.ts'

function nextWords(consignment: ConsignmentView, closed: string | null): string {
  const { decided, state } = consignment
  if (decided === 'accept' && consignment.revoked.length > 0)
    return 'Exporting is closed: a key under it no longer counts.'
  if (decided === 'accept') return 'Next: export.'
  if (decided === 'reject')
    return 'Rejected by two people. The content stays in quarantine until it is pruned.'
  if (state === 'held') return 'Held by two people. Nothing was let in; it can be decided anew.'
  return closed ?? awaitedWords(consignment)
}

/** A new verdict by what is in force now: from what was read, or from the medium where that is not enough. */
function Again(props: {
  readonly consignment: ConsignmentView
  readonly fail: (failure: FailureView | null) => void
}): ReactNode {
  const { consignment, fail } = props
  const judge = async (): Promise<void> => {
    fail(null)
    const answer = await call('verify.again', { id: consignment.id })
    await refresh()
    if (!answer.ok) fail(answer.failure)
  }
  return needsMedium(consignment.verdict) ? (
    <Act kind="primary" writes onPress={() => go({ to: 'receive' })}>
      Verify again…
    </Act>
  ) : (
    <Act kind="primary" writes onPress={() => void judge()}>
      Judge again
    </Act>
  )
}

function Acts(props: {
  readonly consignment: ConsignmentView
  /** Why nobody can accept it now. */
  readonly closed: string | null
  readonly fail: (failure: FailureView | null) => void
}): ReactNode {
  const { consignment, closed, fail } = props
  const { id, decided } = consignment
  const outdated = consignment.outdated.length > 0
  const more = missingOf(consignment).length > 0 && decided === null
  const list = <Act onPress={() => go({ to: 'start' })}>All consignments</Act>
  const report = <Act onPress={() => go({ to: 'consignment', id, step: 'report' })}>Report…</Act>
  if (decided === 'accept' && consignment.revoked.length === 0) {
    return (
      <>
        {list}
        {report}
        <Act kind="primary" writes onPress={() => go({ to: 'consignment', id, step: 'export' })}>
          Export…
        </Act>
      </>
    )
  }
  if (decided === 'reject' || decided === 'accept') {
    return (
      <>
        {list}
        <Act writes onPress={() => go({ to: 'consignment', id, step: 'close' })}>
          Close…
        </Act>
        <Act kind="primary" onPress={() => go({ to: 'consignment', id, step: 'report' })}>
          Report…
        </Act>
      </>
    )
  }
  return (
    <>
      {list}
      {report}
      <Act kind="danger" writes onPress={() => go({ to: 'decide', outcome: 'reject' })}>
        Reject…
      </Act>
      <Act writes onPress={() => go({ to: 'decide', outcome: 'hold' })}>
        Hold…
      </Act>
      <Act
        kind={outdated || more ? 'plain' : 'primary'}
        writes
        disabled={closed !== null}
        onPress={() => go({ to: 'decide', outcome: 'accept' })}
      >
        Accept…
      </Act>
      {outdated && !more ? <Again consignment={consignment} fail={fail} /> : null}
      {more ? (
        <Act kind="primary" writes onPress={() => go({ to: 'receive' })}>
          Read the next medium…
        </Act>
      ) : null}
    </>
  )
}

/** What speaks for each item, and the waybill, which names the items where that does not. */
function Items({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  const { id, verdict, state } = consignment
  const judged = useEvidence(id, `${state} ${verdict?.counts.pass ?? 0} ${verdict?.counts.fail ?? 0}`)
  const evidence = judged?.evidence ?? null
  return (
    <>
      {judged?.failure ? <FailureBox failure={judged.failure} /> : null}
      {evidence === null ? null : (
        <>
          <h2>{evidenceHeading(evidence)}</h2>
          <EvidenceOfItems consignment={id} evidence={evidence} folded />
        </>
      )}
      <Archives of={consignment} told />
      {consignment.decided === 'accept' ? <LookIntoFiles consignment={consignment} /> : null}
      <Waybill consignment={consignment} named={evidence !== null} folded />
    </>
  )
}

/** Media of a bundle on several that are still to be read, by their numbers. */
function missingOf({ here }: ConsignmentView): number[] {
  if (here === null) return []
  return missingMedia(
    here.of,
    here.media.map(({ number }) => number),
  )
}

/** What people decided is what the page says; until then, what the verdict says. */
function headingFor(consignment: ConsignmentView, verdict: VerdictOf): string {
  const missing = missingOf(consignment)
  if (missing.length > 0 && verdict.outcome === 'not-checked')
    return `Put in the next medium: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} still to be read`
  if (consignment.revoked.length > 0 && consignment.decided === 'accept')
    return 'Accepted before, but a key under it was revoked since'
  const decided = decidedHeading(consignment)
  if (decided !== null) return decided
  return consignment.held !== null && verdict.outcome === 'passed'
    ? 'Hold: the order does not let it pass now'
    : headingOf(verdict)
}

/** Why people decided as they did, each in their own words. */
function Reasons({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  const { decided, decisions } = consignment
  const said = decisions.filter(({ outcome, reason }) => outcome === decided && (reason ?? '') !== '')
  if (decided === null || said.length === 0) return null
  return (
    <section className={decided === 'accept' ? 'card' : 'card warn'} aria-labelledby="reasons">
      <h2 id="reasons">{reasonHeadings[decided]}</h2>
      <ul>
        {said.map(({ name, reason, at }) => (
          <li key={`${name}-${at}`}>
            {name}, {time(at)}: “{reason}”
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The verdict of a consignment that arrived. */
export function Verdict({ consignment }: { readonly consignment: ConsignmentView }): ReactNode {
  const { verdict, here } = consignment
  const closed = acceptClosed(consignment, useNow())
  const [failure, setFailure] = useState<FailureView | null>(null)
  if (verdict === null) {
    return (
      <Frame
        heading="There is no verdict on this consignment"
        next="Next: nothing at this desk."
        consignment={consignment}
        acts={<Act onPress={() => go({ to: 'start' })}>All consignments</Act>}
      >
        <Waybill consignment={consignment} />
      </Frame>
    )
  }
  const said = heldBy(consignment)
  const meaning = meaningOf(verdict, said)
  return (
    <Frame
      heading={headingFor(consignment, verdict)}
      means={consignment.decided === null ? meaning : `${headingOf(verdict)}. ${meaning}`}
      next={nextWords(consignment, closed)}
      consignment={consignment}
      acts={<Acts consignment={consignment} closed={closed} fail={setFailure} />}
    >
      <FailureBox failure={failure} />
      <Outdated consignment={consignment} />
      <RevokedSince revoked={consignment.revoked} />
      <FlaggedSince flags={consignment.flags} />
      <Reasons consignment={consignment} />
      <Held consignment={consignment} />
      <MediaHere here={here} />
      <Exceptions consignment={consignment} />
      <VerdictFacts verdict={verdict} said={said} />
      <Items consignment={consignment} />
      <InsideItems consignment={consignment} />
      {consignment.scope === 'medium' && consignment.decided === null ? <Eject /> : null}
    </Frame>
  )
}
