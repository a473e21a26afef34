import type { FailureView } from '../../../shared/failure.ts'
import type { ItemEvidence } from '../../../shared/evidence.ts'
import type { Previewed } from '../../../shared/preview.ts'
import type { CarriedItem, RequestItem } from '../../../shared/request.ts'
import type { Item } from '../../../shared/waybill.ts'
import type { BlobReader } from '../../evidence/piece.ts'
import { asFailure, type Failure } from '../../platform/failure.ts'
import { readThrough } from '../../platform/files.ts'
import { inLanes } from '../../platform/lanes.ts'
import { limits } from '../../platform/limits.ts'
import type { Blobs } from '../../store/blobs.ts'
import { draftItem } from '../draft-item.ts'
import { itemOf, type Draft, type Places } from '../draft.ts'
import { gatherEvidence } from '../evidence.ts'
import { Sources } from '../sources.ts'
import type { CollectTools } from '../tools.ts'
import { platformsOf } from './platforms.ts'
import { sizesOf, totalOf } from './sizes.ts'
import { unread } from './unread.ts'

/** One thing that is asked for, with its place in the request, from 0. */
export interface Wanted {
  readonly index: number
  readonly asked: RequestItem
}

/** What a preview is given beside what a collect is; its `blobs` are of a folder that goes with it. */
export interface PreviewTools extends CollectTools {
  /** What the desk has already. */
  readonly store: Blobs
  /** A failure in the words of whoever reads it. */
  view(failure: Failure): FailureView
  /** What the desk makes of the evidence for an item. */
  judge(item: Item, blobs: BlobReader): Promise<ItemEvidence>
}

const nothing = {
  digest: null,
  size: null,
  here: 0,
  platforms: [],
  evidence: 0,
  signers: [],
  open: [],
  named: 0,
}

/** Reads what was taken already, else asks the source for it. */
function readerOf({ source }: Draft, { blobs, signal }: PreviewTools): BlobReader {
  return {
    read: async (digest, size) => {
      const most = Math.min(Math.max(size, limits.manifestBytes), limits.sigstoreBundleBytes)
      if (source === null || (await blobs.size(digest)) !== null) return blobs.read(digest, most)
      return source.blob(digest, Math.min(size, limits.sigstoreBundleBytes))
    },
    lend: async (digest, size, use) => {
      if (source === null || (await blobs.size(digest)) !== null)
        return use((take) => readThrough(blobs.path(digest), take, signal))
      return source.lend(digest, size, use)
    },
  }
}

function signersOf({ pieces }: ItemEvidence): string[] {
  const names = pieces.flatMap(({ proven }) => {
    if (proven === null) return []
    const { signer } = proven
    return [signer.kind === 'key' ? `the key ${signer.fingerprint}` : `${signer.name} (${signer.issuer})`]
  })
  return [...new Set(names)]
}

/** Looks ahead, item by item: what each stands for now, how large it is, and who signed it. */
class LookingAhead {
  private readonly folder: string
  private readonly tools: PreviewTools
  private readonly sources: Sources
  private readonly places: Places = new Map()

  constructor(folder: string, tools: PreviewTools) {
    this.folder = folder
    this.tools = tools
    this.sources = new Sources(folder, tools)
  }

  async at({ index, asked }: Wanted): Promise<Previewed> {
    const about = { index, reference: asked.reference, ...nothing, notes: [], failure: null }
    try {
      const found = await unread(asked, this.folder, this.tools)
      if (found !== null) return { ...about, size: found.size, notes: [...found.notes] }
      // What is inside of something is not gone through.
      if (asked.kind === 'inside') return about
      return { ...about, ...(await this.drafted(asked)) }
    } catch (error) {
      const failure = asFailure(error)
      if (failure.code === 'cancelled' || failure.code === 'disk-full') throw failure
      return { ...about, failure: this.tools.view(failure) }
    }
  }

  private async drafted(asked: CarriedItem): Promise<Omit<Previewed, 'index' | 'reference' | 'failure'>> {
    const { tools, places, folder, sources } = this
    const draft = await draftItem(asked, { folder, sources, places }, tools)
    await gatherEvidence(draft, { blobs: tools.blobs, signal: tools.signal, places })
    const judged = await tools.judge(itemOf(draft), readerOf(draft, tools))
    const total = await totalOf(await sizesOf(draft, tools.blobs), tools.store)
    return {
      digest: draft.root.digest,
      ...total,
      platforms: asked.kind === 'image' ? await platformsOf(draft) : [],
      evidence: draft.spoken.length,
      signers: signersOf(judged),
      open: judged.rules
        .filter(({ result }) => result !== 'pass')
        .map(({ result, found }) => ({ result, found })),
      named: draft.named?.images.length ?? 0,
      notes: [...draft.findings, ...(draft.named?.unread ?? [])].map(({ detail }) => detail),
    }
  }
}

/**
 * What would come of things that are asked for, if they were collected now. Large ones are not gone through.
 *
 * @param folder the request's
 * @throws Failure `cancelled`, `disk-full`
 */
export async function preview(
  wanted: readonly Wanted[],
  folder: string,
  tools: PreviewTools,
): Promise<Previewed[]> {
  const ahead = new LookingAhead(folder, tools)
  tools.step('resolve', wanted.length)
  return inLanes(wanted, 4, async (one) => {
    const found = await ahead.at(one)
    tools.advance(1)
    return found
  })
}
