import { z } from 'zod'
import { isDigest, type Digest } from '../../shared/digest.ts'
import { limits } from '../platform/limits.ts'
import { readShape, strictJson } from '../sigstore/parse.ts'
import { Refusal } from '../sigstore/refusal.ts'

// https://github.com/containers/image, docs/containers-signature.5.md: unknown fields outside `critical` are allowed.
const zSimple = z.object({
  critical: z.strictObject({
    identity: z.strictObject({ 'docker-reference': z.string() }),
    image: z.strictObject({ 'docker-manifest-digest': z.string() }),
    type: z.string(),
  }),
  optional: z.unknown().optional(),
})

const types = ['cosign container image signature', 'https://sigstore.dev/cosign/sign/v1'] as const

/**
 * Demands that a simple-signing text is about a manifest. The name of the image in it is the signer's own and is not
 * compared, as cosign does not either.
 *
 * @throws Refusal `statement.form`, `statement.type`, `statement.other-subject`
 */
export function checkSimpleSigning(text: Buffer, subject: Digest): void {
  const codes = { shape: 'statement.form', base64: 'statement.form' } as const
  const { critical } = readShape(
    strictJson(text, 'statement.form', limits.bundleValues),
    zSimple,
    'a simple-signing text',
    codes,
  )
  if (!types.some((type) => type === critical.type)) {
    throw new Refusal('statement.type', types[0], critical.type)
  }
  const about = critical.image['docker-manifest-digest']
  if (!isDigest(about) || about !== subject) throw new Refusal('statement.other-subject', subject, about)
}
