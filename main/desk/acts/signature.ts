import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { reasonView, type Reason } from '../../../shared/reason.ts'
import { provenView } from '../../evidence/proven-view.ts'
import { verifyBundleFile } from '../../sigstore/bundle-set.ts'
import { digestArtifact, fileArtifact, type Artifact } from '../../sigstore/artifact.ts'
import { Refusal } from '../../sigstore/refusal.ts'
import { secondOpinion } from '../../sigstore/second/opinion.ts'
import type { TrustedRoot } from '../../sigstore/trusted-root.ts'
import type { HashName } from '../../sigstore/verifier-key.ts'
import type { Context } from '../work/context.ts'
import { rootsFrom, verifierKey } from '../judging/evidence-trust.ts'

type Input = CallInput<'signature.check'>

function artifactOf(context: Context, artifact: Input['artifact']): Artifact {
  if ('place' in artifact) return fileArtifact(context.places.path(artifact.place, 'artifact'))
  const [name = '', hex = ''] = artifact.digest.split(':')
  return digestArtifact(name as HashName, hex)
}

const refused = (reason: Reason): CallOutput<'signature.check'> => ({
  accepted: false,
  reason: reasonView(reason),
  proven: null,
  opinion: null,
})

/** `signature.check`: a Sigstore bundle, or a file that holds some, against a file or digest, by what the caller trusts; needs no desk. */
export async function check(context: Context, input: Input): Promise<CallOutput<'signature.check'>> {
  const { signer, logs, times, scts, predicateType } = input
  const key = 'key' in signer ? await verifierKey(context, signer.key) : null
  const identity = 'key' in signer ? null : { san: signer.identity, issuer: signer.issuer }
  let roots: TrustedRoot[]
  try {
    roots = await rootsFrom(context, input.roots)
  } catch (error) {
    if (error instanceof Refusal) return refused(error.reason)
    throw error
  }
  const ask = { roots, key, identity, logs, times, scts, ...(predicateType && { predicateType }) }
  const artifact = artifactOf(context, input.artifact)
  const { verdict, second } = await verifyBundleFile(
    context.places.path(input.bundle, 'signature'),
    artifact,
    ask,
  )
  if (!verdict.ok) return refused(verdict.reason)
  const { proven } = verdict
  const opinion = await secondOpinion({ json: second, artifact: await artifact.whole(), roots, proven, ask })
  return { accepted: true, reason: null, proven: provenView(proven, ask), opinion }
}
