import type { Digest } from '../../shared/digest.ts'
import type { Credentials } from '../oci/credentials.ts'
import { Registry } from '../oci/registry.ts'
import { compareManifest, putManifest, uploadBlob, type ManifestUpload } from '../oci/upload.ts'
import { Failure } from '../platform/failure.ts'
import { inLanes } from '../platform/lanes.ts'
import type { Gate, GateRules } from '../platform/network.ts'
import type { Exportable, Exported, ExportTools } from './export.ts'
import { destinationsOf, type Destination } from './names.ts'
import { planOf, type Plan, type PlannedManifest } from './plan.ts'
import { cosignTag, listReferrer } from './referrers.ts'

export interface RegistryTools extends ExportTools {
  readonly gate: Gate
  readonly rules: GateRules
  readonly credentials: Credentials
}

interface Planned extends Destination {
  readonly plan: Plan
}

class Pushing {
  private readonly registry: Registry
  private readonly content: Exportable
  private readonly tools: RegistryTools
  /** Which repository already has a blob. */
  private readonly placed = new Map<Digest, string>()
  private readonly pushed: ManifestUpload[] = []

  constructor(host: string, content: Exportable, tools: RegistryTools) {
    const { gate, rules, credentials, signal } = tools
    this.registry = new Registry(host, { gate, rules, credentials, signal })
    this.content = content
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

  /** Tags come last: whoever asks by tag never finds half of it. */
  async tags({ item, plan, repository, tag }: Planned): Promise<void> {
    for (const evidence of item.evidence) {
      const planned = plan.manifests.get(evidence.digest)
      const reference = planned === undefined ? null : cosignTag(planned, evidence.subject)
      if (planned !== undefined && reference !== null) await this.tag(planned, repository, reference)
    }
    const root = plan.manifests.get(item.root.digest)
    if (tag !== null && root !== undefined) await this.tag(root, repository, tag)
  }

  private async tag(planned: PlannedManifest, repository: string, reference: string): Promise<void> {
    const { bytes, digest, mediaType } = planned
    await this.put({ repository, bytes, digest, mediaType, reference }, planned)
  }

  private async put(upload: ManifestUpload, { sparse }: PlannedManifest): Promise<boolean> {
    this.pushed.push(upload)
    return putManifest(this.registry, upload).catch((error: unknown) => {
      const refused = error instanceof Failure && ['registry-answer', 'not-found'].includes(error.code)
      throw sparse && refused ? new Failure('index-refused', { ...error.facts }, error) : error
    })
  }

  async compare(): Promise<void> {
    await inLanes(this.pushed, 4, async (upload) => {
      await compareManifest(this.registry, upload)
      this.tools.advance(1)
    })
  }

  get count(): number {
    return this.pushed.length
  }
}

function reference(host: string, { item, repository, tag }: Planned): string {
  return `${host}/${repository}${tag === null ? `@${item.root.digest}` : `:${tag}`}`
}

// What a registry says to a question is about what is collected, unless this act says otherwise.
function wordedForExport(error: unknown): unknown {
  if (!(error instanceof Failure)) return error
  const { facts } = error
  if (error.code === 'registry-auth') return new Failure('export-auth', { ...facts }, error)
  return error.code === 'not-found' ? new Failure('export-missing', { ...facts }, error) : error
}

async function push(pushing: Pushing, planned: readonly Planned[], tools: RegistryTools): Promise<void> {
  for (const one of planned) {
    await pushing.blobs(one)
    await pushing.manifests(one)
  }
  for (const one of planned) await pushing.tags(one)
  tools.step('compare', pushing.count)
  await pushing.compare()
}

/**
 * Pushes everything to a registry: blobs, then manifests with children before their index and evidence after what it
 * speaks for, then tags; at the end every manifest is read back. An index goes as it is, or not at all.
 *
 * @param target `prefix` comes before each repository; may be empty
 * @throws Failure `export-names`, `registry-changed-digest`, `index-refused`, `content-damaged`, `export-auth`, `export-missing`, …
 */
export async function exportRegistry(
  content: Exportable,
  target: { readonly host: string; readonly prefix: string },
  tools: RegistryTools,
): Promise<Exported> {
  const planned: Planned[] = []
  for (const destination of destinationsOf(content.items, target.prefix)) {
    planned.push({ ...destination, plan: await planOf(destination.item, content) })
  }
  const sizes = planned.flatMap(({ plan }) => [...plan.blobs.values()])
  tools.step(
    'copy',
    sizes.reduce((sum, size) => sum + size, 0),
  )
  await push(new Pushing(target.host, content, tools), planned, tools).catch((error: unknown) => {
    throw wordedForExport(error)
  })
  const all = new Map(content.blobs.map((blob) => [blob.digest, blob.size]))
  const name = `${target.host}${target.prefix === '' ? '' : `/${target.prefix}`}`
  return {
    target: name,
    written: planned.map((one) => ({ reference: reference(target.host, one), digest: one.item.root.digest })),
    bytes: [...all.values()].reduce((sum, size) => sum + size, 0),
    blobs: all.size,
  }
}
