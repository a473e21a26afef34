import { z } from 'zod'
import type { Digest } from '../../../shared/digest.ts'
import { readShape } from '../../sigstore/parse.ts'
import { shown } from '../../sigstore/refusal.ts'
import type { Statement } from '../../sigstore/subject.ts'
import { codes, describes, repeated, texts, zText, type Component, type ReadBill } from './component.ts'

const zLicence = z.union([
  zText,
  z.object({ value: zText.nullish(), spdxExpression: zText.nullish() }).nullable(),
])
const zArtifact = z.object({
  id: zText.nullish(),
  name: zText.nullish(),
  version: zText.nullish(),
  purl: zText.nullish(),
  licenses: z.array(zLicence).max(1000).nullish(),
})

const zDocument = z.object({
  artifacts: z.array(zArtifact).max(1_000_000),
  files: z
    .array(
      z
        .object({
          digests: z
            .array(z.object({ algorithm: zText, value: zText }))
            .max(16)
            .nullish(),
        })
        .catch({ digests: null }),
    )
    .max(1_000_000)
    .nullish()
    .catch(null),
  artifactRelationships: z.array(z.unknown()).nullish(),
  source: z
    .object({
      name: zText.nullish(),
      version: zText.nullish(),
      metadata: z.object({ manifestDigest: zText.nullish() }).nullish().catch(null),
    })
    .nullish(),
  descriptor: z.object({ name: zText.nullish(), version: zText.nullish() }).nullish(),
  schema: z.object({ version: zText }),
})

const asComponent = (one: z.output<typeof zArtifact>): Component => ({
  name: one.name ?? '',
  version: texts(one.version)[0] ?? null,
  purls: texts(one.purl),
  licences: (one.licenses ?? []).flatMap((licence) =>
    typeof licence === 'string' ? texts(licence) : texts(texts(licence?.spdxExpression, licence?.value)[0]),
  ),
  hashes: [],
  supplier: null,
})

/**
 * Syft’s own JSON. It says of no component who supplies it, and of itself not when it was made: what asks for that is not
 * answered by it.
 *
 * @throws Refusal `statement.form`
 */
export function syft(predicate: Statement['predicate'], subject: Digest): ReadBill {
  const found = readShape(predicate, zDocument, 'a document of Syft', codes)
  const { source, descriptor, artifacts } = found
  const tool = texts(descriptor?.name)[0]
  const named = [source?.metadata?.manifestDigest ?? '', source?.version ?? '', source?.name ?? '']
  return {
    view: {
      format: `Syft ${shown(found.schema.version)}`,
      name: source?.name ? shown(source.name) : null,
      created: null,
      tools: tool === undefined ? [] : [shown(texts(tool, descriptor?.version).join('-'))],
      components: artifacts.length,
      describes: describes(named, subject),
    },
    bill: {
      components: artifacts.map(asComponent),
      own: [],
      files: (found.files ?? []).flatMap(({ digests }) =>
        (digests ?? []).flatMap(({ algorithm, value }) =>
          algorithm === 'sha256' ? texts(value.toLowerCase()) : [],
        ),
      ),
      unread: 0,
      repeatedIds: repeated(artifacts.flatMap(({ id }) => texts(id))),
      hasAuthor: tool !== undefined,
      hasRelations: (found.artifactRelationships ?? []).length > 0,
      created: null,
    },
  }
}
