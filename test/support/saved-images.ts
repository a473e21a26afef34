import { existsSync, readFileSync } from 'node:fs'
import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/* Real images, signed and attested by others' tools; they lie beside a checkout, never in it. */

export const savedImages = join(import.meta.dirname, '..', '..', '..', 'shared', 'fixtures', 'images')
export const hasSavedImages = existsSync(savedImages)

/** Copies a layout that cosign saved and gives its image the tag `v1`, so that a request can ask for it. */
export async function copySaved(path: string, to: string): Promise<void> {
  await cp(join(savedImages, path), to, { recursive: true })
  const index = JSON.parse(readFileSync(join(to, 'index.json'), 'utf8')) as {
    manifests: { annotations?: Record<string, string> }[]
  }
  const image = index.manifests.find((one) => /image(Index)?$/.test(one.annotations?.['kind'] ?? ''))
  if (image === undefined) throw new Error(`no image in ${path}`)
  image.annotations = { ...image.annotations, 'org.opencontainers.image.ref.name': 'v1' }
  await writeFile(join(to, 'index.json'), JSON.stringify(index))
}
