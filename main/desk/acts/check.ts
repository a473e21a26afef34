import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { reasonView, type Reason } from '../../../shared/reason.ts'
import type { CheckedFile } from '../../../shared/calls/check.ts'
import { provenView } from '../../evidence/proven-view.ts'
import { causeOf, Failure } from '../../platform/failure.ts'
import { readCapped } from '../../platform/files.ts'
import { limits } from '../../platform/limits.ts'
import { fileArtifact } from '../../sigstore/artifact.ts'
import { schemeWords } from '../../sigstore/signature.ts'
import { checkBareSignature } from '../../sigstore/bare/check.ts'
import { Refusal } from '../../sigstore/refusal.ts'
import { verifyBundleFile } from '../../sigstore/bundle-set.ts'
import type { Context } from '../work/context.ts'
import { verifierKey } from '../judging/evidence-trust.ts'
import type { JobContext } from '../work/jobs.ts'

type Input = CallInput<'check.start'>

// A key alone: what logs and authorities say is for those who have a trusted root (`signature.check`).
const thresholds = { logs: 0, times: 0, scts: 0 }

async function judge(context: Context, input: Input, job: JobContext): Promise<CheckedFile> {
  const artifact = fileArtifact(context.places.path(input.file, 'artifact'), job.signal)
  const key = await verifierKey(context, input.key)
  const path = context.places.path(input.by.place, 'signature')
  const refused = (reason: Reason): CheckedFile => {
    return { accepted: false, reason: reasonView(reason), proven: null, scheme: null, key: key.fingerprint }
  }
  if (input.by.kind === 'bundle') {
    const { verdict } = await verifyBundleFile(path, artifact, {
      roots: [],
      key,
      identity: null,
      ...thresholds,
    })
    if (!verdict.ok) return refused(verdict.reason)
    return {
      accepted: true,
      reason: null,
      proven: provenView(verdict.proven, thresholds),
      scheme: null,
      key: key.fingerprint,
    }
  }
  const signature = await readCapped(path, limits.bareSignatureBytes)
  try {
    const scheme = schemeWords(await checkBareSignature(artifact, key, signature))
    return { accepted: true, reason: null, proven: null, scheme, key: key.fingerprint }
  } catch (error) {
    if (error instanceof Refusal) return refused(error.reason)
    throw error
  }
}

async function run(context: Context, input: Input, job: JobContext): Promise<CheckedFile> {
  try {
    return await judge(context, input, job)
  } catch (error) {
    if (error instanceof Failure || job.signal.aborted) throw error
    const path = context.places.path(input.file, 'artifact')
    throw new Failure('file-unreadable', { path, found: causeOf(error) }, error)
  }
}

/** `check.start`. */
export async function start(context: Context, input: Input): Promise<CallOutput<'check.start'>> {
  return { job: context.jobs.start('check', ['check'], (job) => run(context, input, job)) }
}
