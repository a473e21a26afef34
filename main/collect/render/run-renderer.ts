import type { PinnedProgram } from '../../platform/pinned-program.ts'
import { limits } from '../../platform/limits.ts'
import { bareEnvironment, runProgram } from '../../platform/program.ts'
import { Failure } from '../../platform/failure.ts'
import { plain } from '../../source/reading.ts'
import type { CollectTools } from '../tools.ts'

/** A port of this computer at which nobody answers: what a program asks of the web ends there. */
const nowhere = 'http://127.0.0.1:9'

/** What a renderer finds of this computer: no settings, no plugins, no programs, no cluster and no way out. */
function environmentFor(given: NodeJS.ProcessEnv, home: string): NodeJS.ProcessEnv {
  const out = { HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere, NO_PROXY: '' }
  const none = { KUBECONFIG: `${home}/none`, HELM_PLUGINS: `${home}/none` }
  return { ...bareEnvironment(given, home), ...out, ...none, PATH: '', GOMEMLIMIT: '1GiB' }
}

/** What a program made, or why it made nothing, in words. */
export type RendererAnswer = { readonly output: Buffer } | { readonly failed: string }

/**
 * Runs a renderer in a folder of its own. What it complains of may be a text of whoever wrote the templates.
 *
 * @throws Failure `cancelled`
 */
export async function runRenderer(
  program: PinnedProgram,
  words: readonly string[],
  home: string,
  tools: Pick<CollectTools, 'environment' | 'signal'>,
): Promise<RendererAnswer> {
  const { ended, output, complaint } = await runProgram({
    path: program.path,
    words,
    input: '',
    environment: environmentFor(tools.environment, home),
    most: limits.renderedBytes,
    patience: limits.renderTime,
    signal: tools.signal,
    complaints: limits.complaintBytes,
  })
  if (tools.signal.aborted) throw new Failure('cancelled')
  if (ended === 'code 0') return { output }
  const lines = complaint.trim().split('\n')
  // Helm gives advice behind what was wrong.
  const said = plain(lines.find((line) => line.startsWith('Error:')) ?? lines.at(-1) ?? '').slice(0, 200)
  return { failed: said === '' ? ended : `${ended}, “${said}”` }
}
