import type { Digest } from '../../shared/digest.ts'
import type { Credentials } from '../oci/credentials.ts'
import { cosignTag, listReferrer } from '../oci/list-referrer.ts'
import { compareManifest, putManifest, type ManifestUpload } from '../oci/put-manifest.ts'
import { Registry } from '../oci/registry.ts'
import { heldAt } from '../oci/there.ts'
import { uploadBlob } from '../oci/upload.ts'
import { warningSentence, Warnings } from '../oci/warnings.ts'
import { attachedIn, attach } from '../oci/attach.ts'
import type { AttachedKind, KnownLayer } from '../oci/attached.ts'
import { fetchManifest } from '../oci/manifests.ts'
import { checkComplete, readAgain, type Promised } from '../oci/read-again.ts'
import { noneAt404 } from '../oci/referrers.ts'
import { attachedKind, layersOf, promisedBy } from './again.ts'
import { Failure } from '../platform/failure.ts'
import { inLanes } from '../platform/lanes.ts'
import type { Gate, GateRules } from '../platform/network.ts'
import type { Exportable, Exported, ExportTools } from './export.ts'
import { checkNames, landingsOf, type Landing, type Sparse } from './landings.ts'
import type { NameMap } from './name-map.ts'
import { destinationsOf, type Destination } from './names.ts'
import { planOf, type Plan, type PlannedManifest } from './plan.ts'

export interface RegistryTools extends ExportTools {
  readonly gate: Gate
  readonly rules: GateRules
  readonly credentials: Credentials
}

/** Where an export to a registry goes, and how. */
export interface RegistryTarget {
  readonly host: string
  /** Comes before each repository; may be empty. */
  readonly prefix: string
  /** Names that go elsewhere than by their own. */
  readonly map?: NameMap | undefined
  /** How an index goes of which platforms stay behind. */
  readonly sparse?: Sparse | undefined
  /** Tags that hold something else: left alone and told, or moved and told. */
  readonly tags?: 'keep' | 'move' | undefined
}

interface Planned extends Destination {
  readonly plan: Plan
  readonly landings: readonly Landing[]
}

/** A tag that shall name a manifest. */
interface Tagged {
  readonly repository: string
  readonly tag: string
  readonly planned: PlannedManifest
}

/** As many tags as are named where they hold something else. */
const named = 5

/** What is added at a tag of cosign that holds more. */
interface Joined {
  readonly kind: AttachedKind
  readonly layers: readonly KnownLayer[]
}

class Pushing {
  readonly warnings = new Warnings()
  private readonly registry: Registry
  private readonly content: Exportable
  private readonly carried: ReadonlySet<string>
  private readonly tools: RegistryTools
  /** Which repository already has a blob. */
  private readonly placed = new Map<Digest, string>()
  private readonly pushed: ManifestUpload[] = []
  /** Tags at which others attached something too. */
  private readonly joined = new Map<string, Joined>()
  /** What the tags held before. */
  private readonly held = new Map<string, Digest | null>()

  constructor(host: string, content: Exportable, tools: RegistryTools) {
    const { gate, rules, credentials, signal } = tools
    this.registry = new Registry(host, { gate, rules, credentials, signal, warnings: this.warnings })
    this.content = content
    this.carried = new Set(content.blobs.map(({ digest }) => digest))
    this.tools = tools
  }

  async blobs({ plan, repository }: Planned): Promise<void> {
    await inLanes([...plan.blobs], 4, async ([digest, size]) => {
      const from = this.content.path(digest)
      const mountFrom = this.placed.get(digest) ?? null
      const advance = (bytes: number): void => this.tools.advance(bytes)
      if (mountFrom !== repository) {
        await uploadBlob(this.registry, { repository, digest, size, from, mountFrom, advance })
      }
      this.placed.set(digest, repository)
    })
  }

  async manifests({ plan, repository }: Planned): Promise<void> {
    for (const planned of plan.manifests.values()) {
      const { bytes, digest, mediaType, manifest } = planned
      const upload = { repository, bytes, digest, mediaType, reference: digest }
      const listed = await this.put(upload, planned)
      if (manifest.subject !== null && !listed) await listReferrer(this.registry, repository, planned)
    }
  }

  /** Looks at every tag before anything is sent: one that holds something else is told, and moved only if that was said. */
  async look(all: readonly Planned[], move: boolean): Promise<{ reference: string; before: Digest }[]> {
    const tagged = all.flatMap((one) => this.tagged(one))
    this.tools.step('look', tagged.length)
    const others = await inLanes(tagged, 4, async ({ repository, tag, planned }) => {
      const before = await heldAt(this.registry, repository, tag)
      this.held.set(`${repository}:${tag}`, before)
      this.tools.advance(1)
      if (before !== null && before !== planned.digest && (await this.joins(repository, tag, planned)))
        return []
      const reference = `${this.registry.host}/${repository}:${tag}`
      return before === null || before === planned.digest
        ? []
        : [{ reference, before, digest: planned.digest }]
    })
    const taken = others.flat()
    if (taken.length > 0 && !move) {
      const found = taken.slice(0, named).map(({ reference, before }) => `${reference} holds ${before}`)
      const more = taken.length > named ? `; and ${taken.length - named} more` : ''
      const expected = taken
        .slice(0, named)
        .map(({ digest }) => digest)
        .join(', ')
      throw new Failure('export-tag-taken', {
        host: this.registry.host,
        found: found.join('; ') + more,
        expected,
      })
    }
    return taken.map(({ reference, before }) => ({ reference, before }))
  }

  /**
   * Whether what lies at a tag of cosign is attached to the same image by others: then both lie there afterwards, as
   * cosign itself has it, and nothing of theirs goes.
   */
  private async joins(repository: string, tag: string, planned: PlannedManifest): Promise<boolean> {
    const kind = attachedKind(tag)
    const layers = kind === null ? null : layersOf(planned, kind)
    if (kind === null || layers === null) return false
    const fetched = await fetchManifest(this.registry, repository, tag).catch(noneAt404)
    if (fetched === null || attachedIn(fetched, kind) === null) return false
    this.joined.set(`${repository}:${tag}`, { kind, layers })
    return true
  }

  /** Tags come last: whoever asks by tag never finds half of it. One that is right already is not written again. */
  async tags(one: Planned): Promise<void> {
    for (const { repository, tag, planned } of this.tagged(one)) {
      const { bytes, digest, mediaType } = planned
      const upload = { repository, bytes, digest, mediaType, reference: tag }
      const joined = this.joined.get(`${repository}:${tag}`)
      if (joined !== undefined) await this.join(repository, tag, planned, joined)
      else if (this.held.get(`${repository}:${tag}`) === digest) this.pushed.push(upload)
      else await this.put(upload, planned)
    }
  }

  private async join(
    repository: string,
    tag: string,
    { manifest }: PlannedManifest,
    { kind, layers }: Joined,
  ): Promise<void> {
    const own = manifest.kind === 'index' ? [] : manifest.layers
    const known = new Map(own.map((layer) => [layer.digest, layer]))
    const attaching = layers.flatMap(({ blob, annotations }) => {
      const layer = known.get(blob.digest)
      const size = layer?.size ?? 0
      return [{ blob: { ...blob, size }, annotations: { ...layer?.annotations, ...annotations } }]
    })
    await attach(this.registry, repository, tag, kind, attaching)
  }

  private tagged({ item, plan, repository, landings }: Planned): Tagged[] {
    const attached = item.evidence.flatMap((evidence): Tagged[] => {
      const planned = plan.manifests.get(evidence.digest)
      const tag = planned === undefined ? null : cosignTag(planned, evidence.subject)
      return planned === undefined || tag === null ? [] : [{ repository, tag, planned }]
    })
    const own = landings.flatMap(({ planned, tag }) => (tag === null ? [] : [{ repository, tag, planned }]))
    return [...attached, ...own]
  }

  private async put(upload: ManifestUpload, { sparse }: PlannedManifest): Promise<boolean> {
    this.pushed.push(upload)
    return putManifest(this.registry, upload).catch((error: unknown) => {
      const refused = error instanceof Failure && ['registry-answer', 'not-found'].includes(error.code)
      if (!refused) throw error
      const { missing, ...facts } = error.facts
      // What is carried was sent before whatever names it; what was left out is another matter.
      const lost = missing === undefined ? [] : String(missing).split(', ')
      if (lost.length > 0 && lost.every((digest) => this.carried.has(digest)))
        throw new Failure('export-lost', { ...facts, found: lost.join(', ') }, error)
      if (!sparse) throw error
      const found = lost.length === 0 ? {} : { found: `${facts.found ?? ''} (${lost.join(', ')})` }
      throw new Failure('index-refused', { ...facts, ...found }, error)
    })
  }

  async compare(): Promise<void> {
    await inLanes(this.pushed, 4, async (upload) => {
      await compareManifest(this.registry, upload)
      this.tools.advance(1)
    })
  }

  /** Reads the target again as its readers do. @returns how many things were found @throws Failure `landing-incomplete` */
  async again(promised: readonly Promised[]): Promise<number> {
    const missing = await readAgain(this.registry, promised, (count) => this.tools.advance(count))
    checkComplete(this.registry.host, missing)
    return promised.length
  }

  get count(): number {
    return this.pushed.length
  }
}

function written(host: string, { item, repository, landings }: Planned): Exported['written'] {
  return landings.map(({ planned: { digest }, tag }) => {
    const reference = `${host}/${repository}${tag === null ? `@${digest}` : `:${tag}`}`
    return { from: item.reference, reference, digest }
  })
}

// What a registry says to a question is about what is collected, unless this act says otherwise.
function wordedForExport(error: unknown): unknown {
  if (!(error instanceof Failure)) return error
  const { facts } = error
  if (error.code === 'registry-auth') return new Failure('export-auth', { ...facts }, error)
  return error.code === 'not-found' ? new Failure('export-missing', { ...facts }, error) : error
}

async function push(pushing: Pushing, planned: readonly Planned[], tools: RegistryTools): Promise<number> {
  for (const one of planned) {
    await pushing.blobs(one)
    await pushing.manifests(one)
  }
  for (const one of planned) await pushing.tags(one)
  tools.step('compare', pushing.count)
  await pushing.compare()
  const promised = planned.flatMap(promisedBy)
  tools.step('again', promised.length)
  return pushing.again(promised)
}

/**
 * Pushes everything to a registry. It looks first at what the tags hold; then blobs, manifests with children before their
 * index and evidence after what it speaks for, then tags; at the end every manifest is read back. An index goes as it is,
 * or by choice its platforms as images; never another index. What is there already is not sent again, so that an export
 * that was interrupted goes on.
 *
 * @throws Failure `export-names`, `export-tag-taken`, `registry-changed-digest`, `index-refused`, `export-lost`, `content-damaged`, `export-auth`, `export-missing`, `landing-incomplete`, …
 */
export async function exportRegistry(
  content: Exportable,
  target: RegistryTarget,
  tools: RegistryTools,
): Promise<Exported> {
  const planned: Planned[] = []
  for (const destination of destinationsOf(content.items, target.prefix, target.map)) {
    const plan = await planOf(destination.item, content)
    planned.push({ ...destination, plan, landings: landingsOf(destination, plan, target.sparse ?? 'index') })
  }
  checkNames(planned)
  const pushing = new Pushing(target.host, content, tools)
  const moved = await pushing.look(planned, target.tags === 'move').catch((error: unknown) => {
    throw wordedForExport(error)
  })
  const sizes = planned.flatMap(({ plan }) => [...plan.blobs.values()])
  tools.step(
    'copy',
    sizes.reduce((sum, size) => sum + size, 0),
  )
  const found = await push(pushing, planned, tools).catch((error: unknown) => {
    throw wordedForExport(error)
  })
  const all = new Map(content.blobs.map((blob) => [blob.digest, blob.size]))
  const name = `${target.host}${target.prefix === '' ? '' : `/${target.prefix}`}`
  return {
    target: name,
    written: planned.flatMap((one) => written(target.host, one)),
    moved,
    warned: pushing.warnings.all.map(warningSentence),
    left: [],
    found,
    bytes: [...all.values()].reduce((sum, size) => sum + size, 0),
    blobs: all.size,
  }
}
