import { makeBundle } from './authority/bundle.ts'
import { sampleImage, types, type Content, type Named } from './images.ts'
import { madeTar } from './made-tar.ts'
import { about } from './signed-image.ts'

const bundleType = 'application/vnd.dev.sigstore.bundle.v0.3+json'

/** Signs a manifest with the shared key of these tests (`sharedKey('p256')`). */
export function signedBy(content: Content, subject: Named): Named {
  const { json } = makeBundle({ signer: 'key', ...about(subject) })
  const { mediaType, digest, size } = subject
  return content.manifest({
    artifactType: bundleType,
    config: content.blob('{}', types.empty),
    layers: [content.blob(JSON.stringify(json), bundleType)],
    subject: { mediaType, digest, size },
  })
}

/** A layout as a tar, with one image called `registry.example/team/app:v1`. */
export async function packedLayout(
  change: (content: Content, root: Named) => unknown = () => undefined,
): Promise<{ readonly tar: Buffer; readonly root: Named }> {
  const { content, root } = sampleImage()
  const evidence = change(content, root)
  const annotations = { 'org.opencontainers.image.ref.name': 'registry.example/team/app:v1' }
  const manifests = [{ ...root, annotations }, ...(evidence === undefined ? [] : [evidence])]
  const blobs = [...content.blobs].map(([digest, bytes]) => ({
    name: `blobs/sha256/${digest.slice('sha256:'.length)}`,
    content: bytes,
  }))
  const tar = await madeTar([
    ...blobs,
    { name: 'index.json', content: JSON.stringify({ schemaVersion: 2, manifests }) },
    { name: 'oci-layout', content: '{"imageLayoutVersion":"1.0.0"}' },
  ])
  return { tar, root }
}
