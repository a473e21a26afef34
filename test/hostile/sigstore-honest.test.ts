import { describe, expect, it } from 'vitest'
import { bytesArtifact } from '../../main/sigstore/artifact.ts'
import { verifyBundle } from '../../main/sigstore/verify-bundle.ts'
import { honestBundles } from '../support/attacks/honest.ts'

/*
 * What the private Sigstore of these tests makes is accepted when nothing is wrong with it. Only so does the refusal
 * of the same bundle with one flaw mean that the flaw was found.
 */
describe('honest bundles are accepted', () => {
  for (const { name, given } of honestBundles) {
    it(name, async () => {
      const { bytes, artifact, ask } = given()
      const verdict = await verifyBundle(bytes, bytesArtifact(artifact), ask)
      expect(verdict.ok ? null : verdict.reason).toBeNull()
    })
  }
})
