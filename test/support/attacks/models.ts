import { modelArtifact } from '../../../main/evidence/model/artifact.ts'
import { digestOf } from '../../../main/platform/hash.ts'
import { verifyBundle } from '../../../main/sigstore/verify-bundle.ts'
import type { ReasonCode } from '../../../shared/reason.ts'
import { makeBundle } from '../authority/bundle.ts'
import { modelStatement, type ModelFiles, type ModelPlan } from '../signed-model.ts'
import type { Attack } from './attack.ts'
import { subject } from './evidence.ts'

/* Signatures of models by somebody who is known, over other files than those that came, or in another form. */

const files: ModelFiles = { 'config.json': '{}', 'weights.bin': 'weights' }

const model = (name: string, code: ReasonCode, plan: ModelPlan, came: ModelFiles = files): Attack => ({
  name,
  code,
  given: null,
  refusal: async () => {
    const { json, ask } = makeBundle({ content: 'envelope', payload: modelStatement(files, plan) })
    const bytes = Buffer.from(JSON.stringify(json))
    const entries = Object.entries(came).map(([path, content]) => {
      const own = Buffer.from(content)
      return { path, digest: digestOf(own), size: own.length }
    })
    const artifact = modelArtifact(subject, { title: 'assistant', version: null, files: entries })
    const verdict = await verifyBundle(bytes, artifact(digestOf(bytes)), ask)
    return verdict.ok ? null : verdict.reason
  },
})

/** What must never count as a signature of a model. */
export const modelAttacks: readonly Attack[] = [
  model('other weights', 'statement.file-differs', {}, { ...files, 'weights.bin': 'poisoned' }),
  model('no weights', 'statement.file-missing', {}, { 'config.json': '{}' }),
  model('weights in another place', 'statement.file-missing', {}, { 'config.json': '{}', w: 'weights' }),
  model('code beside the weights', 'statement.file-unlisted', {}, { ...files, 'modeling.py': 'import os' }),
  model('a root digest of other files', 'statement.root-digest', { root: 'a'.repeat(64) }),
  model('a file twice', 'statement.file-names', { resources: (all) => [...all, ...all] }),
  model('a path that climbs', 'statement.file-names', {
    resources: (all) => all.map((one) => ({ ...one, name: `../${one.name}` })),
  }),
  model('digests by BLAKE3', 'statement.not-read', { serialization: { hash_type: 'blake3' } }),
  model('an empty list, and all left out', 'statement.form', {
    resources: () => [],
    serialization: { ignore_paths: ['config.json', 'weights.bin'] },
  }),
]
