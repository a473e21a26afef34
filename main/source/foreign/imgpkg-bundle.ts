import { z } from 'zod'
import { isDigest } from '../../../shared/digest.ts'
import { peeked } from '../../archive/bytes.ts'
import { compressionOf, decompressed } from '../../archive/decompress.ts'
import { ArchiveProblem } from '../../archive/problem.ts'
import type { Tree, TreeFile } from '../../archive/tree.ts'
import { TarWalk } from '../../archive/walk-tar.ts'
import { shown } from '../../oci/descriptor.ts'
import { cutReference } from '../../oci/reference.ts'
import { parseYaml, YamlError } from '../../platform/yaml.ts'
import type { NamedImage, Problems } from './contents.ts'

const lockPath = '.imgpkg/images.yml'
const zLock = z.object({
  apiVersion: z.string(),
  kind: z.literal('ImagesLock'),
  images: z.array(z.object({ image: z.string() })).nullish(),
})

/** What lies in the layers of bundles. */
export interface BundleContent {
  readonly files: readonly Pick<TreeFile, 'path' | 'size' | 'digest'>[]
  /** The images that their lists name, each with where. */
  readonly locked: ReadonlyMap<string, readonly string[]>
}

/** The images that a bundle says it is made of. @throws YamlError */
function imagesIn(lock: Buffer): string[] {
  const read = zLock.safeParse(parseYaml(lock).value)
  if (read.success) return (read.data.images ?? []).map(({ image }) => image)
  const expected = 'a list of images (kind ImagesLock)'
  throw new YamlError({ line: 1, column: 1 }, expected, shown(read.error.issues[0]?.message))
}

/**
 * Goes through the layers of bundles, each an archive of its own, all in one going through.
 *
 * @param layers paths of them; that they are whole was asked before
 */
export async function bundleContent(
  tree: Tree,
  layers: ReadonlySet<string>,
  problems: Problems,
): Promise<BundleContent> {
  const files: Pick<TreeFile, 'path' | 'size' | 'digest'>[] = []
  const locked = new Map<string, string[]>()
  await tree.lendEach(layers, async (path, bytes) => {
    try {
      const { head, whole } = await peeked(bytes)
      const walk = new TarWalk(() => false)
      await walk.go(decompressed(whole, compressionOf(head)))
      const { gathered } = walk
      for (const file of gathered.files.values()) files.push({ ...file, path: `${path}/${file.path}` })
      const where = `${path}/${lockPath}`
      const lock = gathered.kept.get(lockPath)
      if (lock === undefined) {
        problems.add('container.complete', 'missing', where, 'the list of images of a bundle', 'not here')
        return
      }
      for (const image of imagesIn(lock)) locked.set(image, [...(locked.get(image) ?? []), where])
    } catch (error) {
      if (error instanceof ArchiveProblem)
        problems.add('container.agreement', error.reason, path, error.expected, error.found)
      else if (error instanceof YamlError)
        problems.add('container.agreement', 'form', `${path}/${lockPath}`, error.expected, error.found)
      else throw error
    }
  })
  return { files, locked }
}

/** Holds what bundles name against what is carried: each by its digest, and each here. */
export function lockedImages(
  locked: BundleContent['locked'],
  carried: ReadonlySet<string>,
  problems: Problems,
): NamedImage[] {
  return [...locked].map(([reference, where]) => {
    const { digest } = cutReference(reference)
    if (digest === null || !isDigest(digest)) {
      const expected = 'an image by its digest'
      problems.add('container.agreement', 'form', where[0] ?? lockPath, expected, shown(reference))
      return { reference, where, carried: false }
    }
    if (!carried.has(digest))
      problems.add(
        'container.complete',
        'missing',
        shown(reference),
        'an image that a bundle is made of',
        'not here',
      )
    return { reference, where, carried: carried.has(digest) }
  })
}
