import type { AmbientToken } from '../../sign/keyless/token.ts'
import { Failure } from '../../platform/failure.ts'

/* The one place that reads the environment, and only for the token of a build service, only when asked for it. */

function addressOf(text: string): URL {
  try {
    return new URL(text)
  } catch (error) {
    throw new Failure('service-needed', { expected: 'an address in ACTIONS_ID_TOKEN_REQUEST_URL' }, error)
  }
}

/**
 * Where the build service that this runs in keeps its identity token.
 *
 * @throws Failure `service-needed` outside of one
 */
export function ambientPlace(environment: NodeJS.ProcessEnv = process.env): AmbientToken {
  // GitLab and others hand a token of this name to the job (`id_tokens`).
  const given = environment['SIGSTORE_ID_TOKEN'] ?? ''
  if (given !== '') return { kind: 'given', text: given }
  const url = environment['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? ''
  const secret = environment['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? ''
  if (url !== '' && secret !== '') return { kind: 'request', url: addressOf(url), secret }
  const expected = 'the identity token of a build service (SIGSTORE_ID_TOKEN, or ACTIONS_ID_TOKEN_REQUEST_*)'
  throw new Failure('service-needed', { expected })
}
