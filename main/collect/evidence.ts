import { isDigest, type Digest } from '../../shared/digest.ts'
import { mostEvidence, type Finding } from '../../shared/waybill.ts'
import { inLanes } from '../platform/lanes.ts'
import { limits } from '../platform/limits.ts'
import { findingOf } from '../source/reading.ts'
import type { Named, ReadManifest, Source } from '../source/source.ts'
import type { Blobs } from '../store/blobs.ts'
import type { Draft, Places, Spoken } from './draft.ts'
import { growTree } from './tree.ts'

interface Tools {
  readonly blobs: Blobs
  readonly places: Places
  readonly signal: AbortSignal
}

/** That a manifest names another subject, or another size of it, than the one it was offered for. */
function misdirected(subject: Named, found: ReadManifest): Finding | null {
  const named = found.manifest.subject
  if (named === null || (named.digest === subject.digest && named.size === subject.size)) return null
  const detail = `It is offered for ${subject.digest} (${subject.size} bytes) but names ${named.digest} (${named.size}).`
  return { code: 'evidence-subject', subject: found.digest, detail }
}

interface Offered {
  readonly subject: Named
  readonly found: ReadManifest
}

// Where not all can be carried, what proves goes before what describes, and both before reports that anybody may add.
const telling = [/sigstore|cosign|simplesigning|in-toto|dsse|notary|slsa/i, /spdx|cyclonedx|sbom|syft/i]

function weightOf({ manifest, mediaType }: ReadManifest): number {
  const layers = manifest.kind === 'manifest' ? manifest.layers.map((one) => one.mediaType) : []
  const types = [manifest.artifactType ?? '', mediaType, ...layers].join(' ')
  const found = telling.findIndex((kind) => kind.test(types))
  return found < 0 ? telling.length : found
}

/** The first of each kind of what could not be asked, and how many more there are: a registry refuses for all alike. */
function onceEach(findings: readonly Finding[]): Finding[] {
  const kinds = new Map<string, { first: Finding; more: number }>()
  for (const finding of findings) {
    const plain = finding.detail.replace(/sha256[:-][0-9a-f]{64}/g, 'sha256')
    const kind = `${finding.code} ${isDigest(finding.subject) ? finding.subject : ''} ${plain.replace(/the referrers of \S+|\S+:sha256(?:\.\w+)?/g, '')}`
    const known = kinds.get(kind)
    if (known === undefined) kinds.set(kind, { first: finding, more: 0 })
    else known.more += 1
  }
  return [...kinds.values()].map(({ first, more }) =>
    more === 0 ? first : { ...first, detail: `${first.detail.slice(0, 440)} The same for ${more} more.` },
  )
}

/** That more speaks for something than is carried with it, and how a request asks for more. */
export function leftOut(subject: string, most: number, count: number): Finding {
  const more =
    most < mostEvidence
      ? ` “evidence: {most: ${Math.min(most + count, mostEvidence)}}” in the request carries more.`
      : ''
  const detail = `There is more evidence than the ${most} that are carried: ${count} left out.${more}`
  return { code: 'evidence-left-out', subject, detail }
}

class Listening {
  readonly spoken: Spoken[] = []
  readonly findings: Finding[] = []
  private readonly known = new Set<Digest>()
  private readonly source: Source
  private readonly draft: Pick<Draft, 'asked' | 'needs' | 'leftOut'>
  private readonly tools: Tools
  private leftOut = 0

  constructor(source: Source, draft: Pick<Draft, 'asked' | 'needs' | 'leftOut'>, tools: Tools) {
    this.source = source
    this.draft = draft
    this.tools = tools
  }

  /** Asks about each subject; what comes back is itself asked about next. */
  async ask(subjects: readonly Named[]): Promise<Named[]> {
    const answers = await inLanes(subjects, 4, async (subject) => ({
      subject,
      answer: await this.source.evidence(subject),
    }))
    const offered = answers.flatMap(({ subject, answer }): Offered[] =>
      answer.evidence.map((found) => ({ subject, found })),
    )
    for (const { answer } of answers) this.findings.push(...answer.findings)
    const next: Named[] = []
    for (const { subject, found } of offered.sort((a, b) => weightOf(a.found) - weightOf(b.found))) {
      const carried = await this.take(subject, found)
      if (carried !== null) next.push(carried)
    }
    return next
  }

  private async take(subject: Named, found: ReadManifest): Promise<Named | null> {
    // What belongs to the content itself, carried or left behind, speaks for nothing.
    const { needs, leftOut } = this.draft
    if (this.known.has(found.digest) || needs.has(found.digest) || leftOut.has(found.digest)) return null
    const wrong = misdirected(subject, found)
    if (wrong !== null) {
      this.findings.push(wrong)
      return null
    }
    this.known.add(found.digest)
    if (this.spoken.length >= this.draft.asked.evidence) {
      this.leftOut += 1
      return null
    }
    const { digest, mediaType, manifest } = found
    const named = { digest, mediaType, size: found.bytes.length }
    try {
      const tree = await growTree(found, null, { ...this.tools, source: this.source })
      if ([...tree.needs].some((one) => leftOut.has(one))) {
        const detail =
          'It holds content of the item that is not asked for, and evidence never enlarges an item.'
        this.findings.push({ code: 'evidence-refused', subject: digest, detail })
        return null
      }
      const evidence = { ...named, artifactType: manifest.artifactType, subject: subject.digest }
      this.spoken.push({ evidence, needs: tree.needs })
      return named
    } catch (error) {
      this.findings.push(findingOf(`${this.source.from}@${digest}`, error))
      return null
    }
  }

  overflow(): void {
    if (this.leftOut === 0) return
    this.findings.push(leftOut(this.source.from, this.draft.asked.evidence, this.leftOut))
  }
}

/**
 * Gathers what speaks for an item: for its root and every carried manifest below, and for what is found, a few times
 * over. What cannot be had becomes a finding; the collect goes on.
 */
export async function gatherEvidence(draft: Draft, tools: Tools): Promise<void> {
  if (draft.source === null) return
  const listening = new Listening(draft.source, draft, tools)
  let subjects: readonly Named[] = draft.carried
  for (let depth = 0; depth < limits.evidenceDepth && subjects.length > 0; depth += 1) {
    subjects = await listening.ask(subjects)
  }
  if (subjects.length > 0) {
    const detail = `Evidence for evidence was followed ${limits.evidenceDepth} times; there may be more.`
    listening.findings.push({ code: 'evidence-left-out', subject: draft.source.from, detail })
  }
  listening.overflow()
  draft.spoken = listening.spoken
  addFindings(draft, onceEach(listening.findings))
}

/** Adds what fits, and says so when something does not. */
export function addFindings(draft: Draft, findings: readonly Finding[]): void {
  const room = limits.findingsPerItem - 1 - draft.findings.length
  draft.findings.push(...findings.slice(0, Math.max(0, room)))
  if (findings.length <= room || draft.findings.some((finding) => finding.code === 'findings-left-out'))
    return
  const detail = `There were more findings than the ${limits.findingsPerItem} that are listed.`
  draft.findings.push({ code: 'findings-left-out', subject: draft.from, detail })
}

/** Leaves out evidence that needs what is not there, and whatever speaks only for that; each with a finding. */
export function leaveOut(draft: Draft, lost: ReadonlyMap<Digest, Finding>): void {
  const gone = new Map<Digest, Finding>()
  for (let before = -1; before !== gone.size;) {
    before = gone.size
    for (const { evidence, needs } of draft.spoken) {
      if (gone.has(evidence.digest)) continue
      const missing = [...needs].find((digest) => lost.has(digest))
      const cause = missing === undefined ? gone.get(evidence.subject) : lost.get(missing)
      if (cause !== undefined) gone.set(evidence.digest, { ...cause, subject: evidence.digest })
    }
  }
  draft.spoken = draft.spoken.filter(({ evidence }) => !gone.has(evidence.digest))
  addFindings(draft, [...gone.values()])
}
