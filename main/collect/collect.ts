import type { Digest } from '../../shared/digest.ts'
import { viewOf } from '../../shared/text/say-failure.ts'
import { leftOutCode } from '../../shared/rules/left-out.ts'
import type { CarriedItem, Request, RequestItem } from '../../shared/request.ts'
import type { LookedInto } from '../../shared/look.ts'
import type { Rendered } from '../../shared/rendered.ts'
import type { Blob, Finding, Item } from '../../shared/waybill.ts'
import { closureOf, subjectLeft, type Closure } from '../oci/graph.ts'
import { Failure } from '../platform/failure.ts'
import { inLanes } from '../platform/lanes.ts'
import { limits } from '../platform/limits.ts'
import { plain } from '../source/reading.ts'
import { checkItems } from './check.ts'
import { contradicting } from './contradicting.ts'
import { draftItem } from './draft-item.ts'
import { itemOf, type Draft, type Places } from './draft.ts'
import { addFindings, gatherEvidence, leaveOut } from './evidence.ts'
import { fetchAll } from './fetch.ts'
import { hostsTold } from './hosts.ts'
import { itemsInside } from './inside.ts'
import { imagesToTake, namingFindings } from './named.ts'
import { checkRoom } from './room.ts'
import { Sources } from './sources.ts'
import { blobsOf, sourceOf, withoutThose, checkLeftOut } from './outcome.ts'
import type { CollectTools } from './tools.ts'
import { tellWarnings } from './warned.ts'

/** What a collect brought: everything for `items` and `blobs` of a waybill but the attachments. */
export interface Collected {
  readonly items: Item[]
  /** Sorted by digest, unique; `carried` or `omitted`. */
  readonly blobs: Blob[]
  readonly sources: { reference: string; digest: Digest; from: string }[]
  /** Every host that was asked for any of it: registries, who gave tokens for them, where they sent us on to. */
  readonly hosts: string[]
  /** What was found in the archives among them, as far as it is told. */
  readonly archives: LookedInto[]
  /** What programs of others put together. */
  readonly rendered: Rendered[]
}

/** That somebody has the others go on without an item. */
class LeftOut extends Error {
  readonly item: string
  readonly why: Failure

  constructor(item: string, why: Failure) {
    super(item)
    this.item = item
    this.why = why
  }
}

class Collecting {
  private readonly tools: CollectTools
  readonly sources: Sources
  readonly folder: string
  readonly places: Places = new Map()
  private drafts: Draft[] = []
  private readonly leftOut = new Map<string, string>()

  constructor(folder: string, tools: CollectTools) {
    this.folder = folder
    this.tools = tools
    this.sources = new Sources(folder, tools)
  }

  async run(request: Request, without: readonly string[]): Promise<Collected> {
    const { tools } = this
    const asked = await this.expanded(withoutThose(request.items, without))
    for (const item of without)
      this.leftOut.set(item, 'It was asked for and is not carried: it was left out.')
    tools.items.name(asked.map((one) => one.reference))
    tools.step('resolve', asked.length)
    const references = request.items.map(({ reference }) => reference)
    const drafts = await this.withNamed(asked, { request: references, without })
    tools.step('evidence', drafts.length)
    this.drafts = await this.goingOn(drafts, (draft) => this.heard(draft))
    for (;;) {
      try {
        return await this.carried()
      } catch (error) {
        if (!(error instanceof LeftOut)) throw error
        this.leave(error)
        this.drafts = this.drafts.filter((draft) => draft.asked.reference !== error.item)
      }
    }
  }

  /** Everything that is asked for, each thing that is inside of something by itself. */
  private async expanded(items: readonly RequestItem[]): Promise<CarriedItem[]> {
    const found: CarriedItem[] = []
    for (const asked of items) {
      if (asked.kind !== 'inside') found.push(asked)
      else {
        const opened = await this.named(asked, () => this.sources.foreign(asked.reference, asked.at))
        found.push(...(await this.named(asked, () => Promise.resolve(itemsInside(asked, opened)))))
      }
    }
    return found
  }

  /** What is left once everything was resolved and asked about: the bulk, and the check of the whole. */
  private async carried(): Promise<Collected> {
    const { tools } = this
    if (this.drafts.length === 0)
      throw new Failure('all-left-out', { found: [...this.leftOut.keys()].join(', ') })
    this.tellSubjects()
    checkRoom(this.drafts)
    const content = await this.content()
    const whole = await this.withoutContradictions()
    const missing = await this.fetchPatiently([...whole.blobs.keys()], whole, content, tools)
    for (const { asked } of this.drafts) tools.items.change(asked.reference, { state: 'done' })
    for (const draft of this.drafts) {
      leaveOut(draft, missing)
      if (draft.named !== undefined) addFindings(draft, namingFindings(draft.named, this.drafts))
    }
    const [first] = this.drafts
    const told = [...this.leftOut].map(([subject, detail]) => ({ code: leftOutCode, subject, detail }))
    if (first !== undefined) addFindings(first, told)
    tellWarnings(this.drafts, tools.warnings)
    tools.step('check')
    const closure = await this.closure((draft) => draft.spoken)
    this.refuse(closure)
    const items = checkItems(this.drafts, closure)
    await tools.blobs.flush()
    const archives = this.drafts.flatMap((draft) => draft.looked ?? [])
    const sources = this.drafts.map(sourceOf)
    const rendered = this.drafts.flatMap((draft) => draft.rendered ?? [])
    return { items, blobs: blobsOf(closure), sources, hosts: hostsTold(tools.hosts), archives, rendered }
  }

  private leave({ item, why }: LeftOut): void {
    const { happened } = viewOf(why.code, why.facts)
    this.leftOut.set(
      item,
      `It was asked for and is not carried: it was left out. ${plain(happened)}`.slice(0, 500),
    )
  }

  /** Does something for each, side by side; what somebody leaves out is gone from the answer. */
  private async goingOn<One extends { readonly asked: CarriedItem }>(
    all: readonly One[],
    act: (one: One) => Promise<Draft>,
  ): Promise<Draft[]> {
    const done = await inLanes(all, 4, (one) =>
      this.tried(one.asked, () => act(one)).catch((error: unknown) => {
        if (!(error instanceof LeftOut)) throw error
        this.leave(error)
        return null
      }),
    )
    return done.filter((one) => one !== null)
  }

  private async heard(draft: Draft): Promise<Draft> {
    const { tools, places } = this
    await gatherEvidence(draft, { blobs: tools.blobs, signal: tools.signal, places })
    tools.advance(1)
    return draft
  }

  /** An artifact may be asked for without what it speaks for, which may also be left out later: that is right, and said. */
  private tellSubjects(): void {
    const part = new Set(this.drafts.flatMap(({ needs, leftOut }) => [...needs, ...leftOut.keys()]))
    for (const draft of this.drafts) {
      const findings = [...draft.subjects].flatMap(([by, subject]): Finding[] => {
        const detail = `It speaks for ${subject}, which is not part of this consignment.`
        const said = draft.findings.some(({ code, subject: of }) => code === subjectLeft && of === by)
        return said || part.has(subject) ? [] : [{ code: subjectLeft, subject: by, detail }]
      })
      addFindings(draft, findings)
    }
  }

  /** Failures say for which item they are. */
  private async named<Result>(asked: RequestItem, act: () => Promise<Result>): Promise<Result> {
    if (this.tools.signal.aborted) throw new Failure('cancelled')
    try {
      return await act()
    } catch (error) {
      if (!(error instanceof Failure) || error.code === 'cancelled') throw error
      throw new Failure(error.code, { ...error.facts, item: asked.reference }, error)
    }
  }

  /**
   * Like `named`; where somebody is there to say so, an item that failed is tried again or left out, and the others go on.
   *
   * @throws LeftOut
   */
  private async tried<Result>(asked: CarriedItem, act: () => Promise<Result>): Promise<Result> {
    const { items } = this.tools
    items.change(asked.reference, { state: 'working' })
    for (;;) {
      try {
        return await this.named(asked, act)
      } catch (error) {
        if (!(error instanceof Failure) || error.code === 'cancelled' || items.wayOn === null) throw error
        await this.wayOn(asked.reference, error)
      }
    }
  }

  private async wayOn(item: string, failure: Failure): Promise<void> {
    if ((await this.tools.items.wayOn?.(item, failure)) === 'leave-out') throw new LeftOut(item, failure)
  }

  /** The bulk of the content. What came before an item failed stays and is not fetched again. */
  private async fetchPatiently(
    digests: readonly Digest[],
    closure: Closure,
    content: Closure,
    tools: CollectTools,
  ): Promise<Lost> {
    for (;;) {
      tools.step('fetch', 0)
      try {
        return await this.fetch(digests, closure, content, tools)
      } catch (error) {
        const item = error instanceof Failure && error.code !== 'cancelled' ? error.facts.item : undefined
        if (!(error instanceof Failure) || item === undefined || tools.items.wayOn === null) throw error
        await this.wayOn(String(item), error)
      }
    }
  }

  private async draft(asked: CarriedItem): Promise<Draft> {
    const draft = await draftItem(asked, this, this.tools)
    // As many as a waybill has room for, and that there were more.
    addFindings(draft, draft.findings.splice(0))
    this.tools.advance(1)
    return draft
  }

  /** What was asked for, and the images that it names, where the request says that they are collected too. */
  private async withNamed(
    asked: readonly CarriedItem[],
    { request, without }: { readonly request: readonly string[]; readonly without: readonly string[] },
  ): Promise<Draft[]> {
    const { tools } = this
    const first = await this.goingOn(
      asked.map((one) => ({ asked: one })),
      (one) => this.draft(one.asked),
    )
    const taken = imagesToTake(first)
    const named = taken.filter(({ reference }) => !without.includes(reference))
    const all = [...asked, ...named].map((one) => one.reference)
    if (first.some((draft) => draft.named?.mode === 'take'))
      checkLeftOut([...request, ...taken.map((one) => one.reference)], without)
    if (named.length === 0) return first
    tools.items.name(all)
    tools.addTotal(named.length)
    const more = await this.goingOn(
      named.map((one) => ({ asked: one })),
      (one) => this.draft(one.asked),
    )
    return [...first, ...more]
  }

  /** The content without evidence. Configs come first: they say what runs where, before the bulk is fetched. */
  private async content(): Promise<Closure> {
    const first = await this.closure(() => [])
    this.refuse(first)
    const configs = [...first.blobs].filter(([, { early }]) => early).map(([digest]) => digest)
    await this.fetchPatiently(configs, first, first, quiet(this.tools))
    const content = await this.closure(() => [])
    checkItems(this.drafts, content)
    return content
  }

  /** What one item leaves out but another takes along is carried. */
  private omitted(spoken: (draft: Draft) => Draft['spoken']): Set<Digest> {
    const needed = new Set<Digest>()
    for (const draft of this.drafts) {
      for (const needs of [draft.needs, ...spoken(draft).map((entry) => entry.needs)]) {
        for (const digest of needs) needed.add(digest)
      }
    }
    const left = this.drafts.flatMap((draft) => [...draft.leftOut.keys()])
    return new Set(left.filter((digest) => !needed.has(digest)))
  }

  private closure(spoken: (draft: Draft) => Draft['spoken']): Promise<Closure> {
    return closureOf({
      items: this.drafts.map((draft) => itemOf({ ...draft, spoken: spoken(draft) })),
      omitted: this.omitted(spoken),
      read: (digest) => this.tools.blobs.read(digest, limits.manifestBytes),
    })
  }

  private refuse(closure: Closure): void {
    const [problem] = closure.problems
    if (problem !== undefined) throw this.naming(new Failure('manifest-refused', { ...problem }))
  }

  /** Evidence that contradicts the content or other evidence is left out, piece by piece, with a finding. */
  private async withoutContradictions(): Promise<Closure> {
    const whole = await this.closure((draft) => draft.spoken)
    if (whole.problems.length === 0) return whole
    const all = this.drafts.flatMap((draft) => draft.spoken.map((entry) => ({ draft, entry })))
    const refused = await contradicting(all, async (pieces) => {
      const accepted = new Map<Draft, Draft['spoken']>()
      for (const { draft, entry } of pieces) {
        const before = accepted.get(draft) ?? []
        before.push(entry)
        accepted.set(draft, before)
      }
      return (await this.closure((one) => accepted.get(one) ?? [])).problems[0] ?? null
    })
    for (const [{ draft, entry }, detail] of refused) {
      const finding: Finding = { code: 'evidence-refused', subject: entry.evidence.digest, detail }
      leaveOut(draft, new Map([[entry.evidence.digest, finding]]))
    }
    return this.closure((draft) => draft.spoken)
  }

  private async fetch(
    digests: readonly Digest[],
    closure: Closure,
    content: Closure,
    tools: CollectTools,
  ): Promise<Lost> {
    const owners = new Map<Digest, string>()
    for (const { asked, needs } of [...this.drafts].reverse())
      for (const digest of needs) owners.set(digest, asked.reference)
    const wanted = digests.map((digest) => ({
      digest,
      item: owners.get(digest) ?? null,
      size: closure.blobs.get(digest)?.size ?? 0,
      optional: !content.blobs.has(digest),
    }))
    return fetchAll(wanted, this.places, tools).catch((error: unknown) => {
      throw error instanceof Failure ? this.naming(error) : error
    })
  }

  /** A failure about a digest, with the item that needs it. */
  private naming(failure: Failure): Failure {
    const said = `${String(failure.facts.digest ?? '')} ${String(failure.facts.subject ?? '')}`
    const digest = /sha256:[0-9a-f]{64}/.exec(said)?.[0]
    const draft = this.drafts.find((one) => digest !== undefined && one.needs.has(digest as Digest))
    if (draft === undefined) return failure
    return new Failure(failure.code, { ...failure.facts, item: draft.asked.reference }, failure)
  }
}

/** The same tools, for work that is too small to be shown. */
function quiet(tools: CollectTools): CollectTools {
  const nothing = (): void => undefined
  const items = { name: nothing, change: nothing, advance: nothing, wayOn: tools.items.wayOn }
  return { ...tools, items, step: nothing, advance: nothing, addTotal: nothing }
}

type Lost = ReadonlyMap<Digest, Finding>

/**
 * Collects everything a request asks for into the store: resolves each reference once, fetches by digest, with all
 * evidence. Cancelling or failing leaves nothing that is taken for content.
 *
 * @param folder the real path of the request's folder
 * @param without items that are left out, as the request spells them
 * @throws Failure naming the item; `left-out-unknown`, `all-left-out`
 */
export async function collect(
  request: Request,
  folder: string,
  tools: CollectTools,
  without: readonly string[] = [],
): Promise<Collected> {
  try {
    return await new Collecting(folder, tools).run(request, without)
  } catch (error) {
    await tools.blobs.discardParts().catch(() => undefined)
    throw error
  }
}
