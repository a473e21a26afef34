import { withIncoming } from '../../collect/kinds/incoming.ts'
import { Failure } from '../../platform/failure.ts'
import { pinnedProgram, type PinnedProgram } from '../../platform/pinned-program.ts'
import type { Digest } from '../../../shared/digest.ts'
import type { Desk } from '../desk.ts'
import { programEnvironment } from './environment.ts'

/** The digests by which the policy names the program. @throws Failure `program-unnamed` */
export function needPar2(desk: Desk): readonly Digest[] {
  const digests = desk.state.policy.document.programs.par2
  if (digests === undefined) throw new Failure('program-unnamed', { subject: 'par2' })
  return digests
}

/**
 * Lends a copy of `par2` whose bytes the policy names, in a folder of the desk; both are gone afterwards.
 *
 * @throws Failure `program-unnamed`, `program-missing`, `program-differs`
 */
export async function withPar2<Result>(
  desk: Desk,
  act: (program: PinnedProgram) => Promise<Result>,
): Promise<Result> {
  const digests = needPar2(desk)
  const environment = programEnvironment()
  return withIncoming(await desk.store(), async (folder) =>
    act(await pinnedProgram({ names: ['par2'], digests, environment, folder })),
  )
}
