import type { CarriedItem } from '../../shared/request.ts'
import type { Draft, Places } from './draft.ts'
import { draftChart } from './kinds/chart.ts'
import { draftContent } from './kinds/content.ts'
import { draftFile } from './kinds/file.ts'
import { draftFolder } from './kinds/folder.ts'
import { draftGit } from './kinds/git.ts'
import { draftManifests } from './kinds/manifests.ts'
import { draftModel } from './kinds/model.ts'
import { draftUrl } from './kinds/url.ts'
import type { Sources } from './sources.ts'
import type { CollectTools } from './tools.ts'

/** Where things come from. */
export interface From {
  /** The request's folder. */
  readonly folder: string
  readonly sources: Sources
  readonly places: Places
}

/** Resolves one thing that is asked for, and takes what must be read of it first. @throws Failure */
export async function draftItem(asked: CarriedItem, from: From, tools: CollectTools): Promise<Draft> {
  const { folder, sources, places } = from
  if (asked.kind === 'file') return draftFile(asked, folder, tools)
  if (asked.kind === 'url') return draftUrl(asked, folder, tools)
  if (asked.kind === 'chart') return draftChart(asked, folder, tools)
  if (asked.kind === 'manifests') return draftManifests(asked, folder, tools)
  if (asked.kind === 'folder') return draftFolder(asked, folder, tools)
  if (asked.kind === 'git') return draftGit(asked, folder, tools)
  if (asked.kind === 'model') return draftModel(asked, folder, tools)
  return draftContent(asked, await sources.open(asked), { places, folder }, tools)
}
