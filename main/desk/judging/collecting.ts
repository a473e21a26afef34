import type { Request } from '../../../shared/request.ts'
import { withRenderers } from '../../collect/render/renderers.ts'
import type { CollectTools } from '../../collect/tools.ts'
import { Warnings } from '../../oci/warnings.ts'
import { plainHosts, repositoriesOf } from '../../request/parse.ts'
import type { Desk } from '../desk.ts'
import { credentialsFrom, type Access } from '../work/access.ts'
import type { Context } from '../work/context.ts'
import { programEnvironment } from '../work/environment.ts'
import type { JobContext } from '../work/jobs.ts'
import { networkFor } from '../work/network.ts'
import { itemsOf, toolsOf } from '../work/tools.ts'
import { foreignTools } from './foreign.ts'

/** What an act that collects, or looks ahead, is about. */
export interface Collecting {
  readonly desk: Desk
  readonly request: Request
  readonly access: Access
  /** Whether somebody is there to say how to go on with what failed. */
  readonly patient: boolean
}

/** Lends what a collect is given: the way out, credentials, the desk's trust, and the programs that its policy names. */
export async function withCollectTools<Result>(
  context: Context,
  { desk, request, access, patient }: Collecting,
  job: JobContext,
  act: (tools: CollectTools) => Promise<Result>,
): Promise<Result> {
  const asked = { hosts: 'any' as const, plainHttp: plainHosts(request), ...access.way }
  const hosts = new Set<string>()
  const { gate, rules } = networkFor(context, asked, hosts)
  const tools = {
    gate,
    rules,
    hosts,
    warnings: new Warnings(),
    credentials: await credentialsFrom(context, access, repositoriesOf(request), job.signal),
    blobs: await desk.store(),
    ...toolsOf(context, job),
    items: itemsOf(job, patient),
    foreign: foreignTools(context, job.signal),
    environment: programEnvironment(),
  }
  const { programs } = desk.state.policy.document
  return withRenderers(programs, tools, (renderer) => act({ ...tools, renderer }))
}
