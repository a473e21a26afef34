import type { Policy, RendererUse } from '../../../shared/policy.ts'
import { pinnedProgram, type PinnedProgram } from '../../platform/pinned-program.ts'
import { withIncoming } from '../kinds/incoming.ts'
import type { CollectTools } from '../tools.ts'

/** What each program may be called; `kubectl` has kustomize in it. */
const names: Readonly<Record<RendererUse, readonly string[]>> = {
  helm: ['helm'],
  kustomize: ['kustomize', 'kubectl'],
}

/** Lends copies of the programs that a policy names, each made when it is first asked for and gone at the end. */
export async function withRenderers<Result>(
  programs: Policy['programs'],
  { blobs, environment }: Pick<CollectTools, 'blobs' | 'environment'>,
  act: (renderer: CollectTools['renderer']) => Promise<Result>,
): Promise<Result> {
  if (Object.keys(programs).length === 0) return act(() => Promise.resolve(null))
  return withIncoming(blobs, (folder) => {
    const known = new Map<RendererUse, Promise<PinnedProgram>>()
    return act(async (use) => {
      const digests = programs[use]
      if (digests === undefined) return null
      const found = known.get(use) ?? pinnedProgram({ names: names[use], digests, environment, folder })
      known.set(use, found)
      try {
        return await found
      } catch (error) {
        // Somebody may put the right one there and have it tried again.
        known.delete(use)
        throw error
      }
    })
  })
}
