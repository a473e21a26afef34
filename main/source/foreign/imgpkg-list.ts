import { isDigest, type Digest } from '../../../shared/digest.ts'
import { asObject, ManifestProblem, shown } from '../../oci/descriptor.ts'
import type { Json } from '../../platform/json.ts'
import { limits } from '../../platform/limits.ts'
import type { Problems } from './contents.ts'
import { fieldsOf, listIn, listPath, textIn } from './image-list.ts'

/** A document that stands in the list as a text, with the digest that is said of it. */
export interface Stated {
  readonly digest: Digest
  readonly bytes: Buffer
}

/** An image or index of imgpkg's list. */
export interface ListedImage {
  /** `REPOSITORY@DIGEST`, as they stand there. */
  readonly references: readonly string[]
  readonly tag: string
  readonly mediaType: string
  readonly manifest: Stated
  /** Of an image alone. */
  readonly config: Stated | null
  /** Of an image alone: as said beside its manifest. */
  readonly layers: readonly { readonly digest: string; readonly size: number }[]
  /** Of an index alone. */
  readonly below: readonly ListedImage[]
}

function stated(digest: Json | undefined, raw: Json | undefined, what: string): Stated {
  const text = textIn(digest, `${what}, Digest`)
  if (!isDigest(text)) throw new ManifestProblem('manifest-form', `${what}: a sha256 digest`, shown(text))
  return { digest: text, bytes: Buffer.from(textIn(raw, `${what}, Raw`), 'utf8') }
}

const namesIn = (value: Json | undefined, what: string): string[] =>
  listIn(value, `${what}, Refs`).map((one) => textIn(one, `${what}, Refs`))

function imageIn(value: Json, what: string): ListedImage {
  const fields = fieldsOf(value, what)
  const manifest = fieldsOf(fields.Manifest, `${what}, Manifest`)
  const config = fieldsOf(fields.Config, `${what}, Config`)
  return {
    references: namesIn(fields.Refs, what),
    tag: textIn(fields.Tag ?? '', `${what}, Tag`),
    mediaType: textIn(manifest.MediaType, `${what}, MediaType`),
    manifest: stated(manifest.Digest, manifest.Raw, `${what}, Manifest`),
    config: stated(config.Digest, config.Raw, `${what}, Config`),
    layers: listIn(fields.Layers, `${what}, Layers`).map((one) => {
      const { Digest: digest, Size: size } = fieldsOf(one, `${what}, Layers`)
      return { digest: textIn(digest, `${what}, Layers`), size: Number(size) }
    }),
    below: [],
  }
}

function indexIn(value: Json, what: string, depth: number): ListedImage {
  if (depth > limits.graphDepth) throw new ManifestProblem('too-deep', `${what}: fewer levels`, 'more')
  const fields = fieldsOf(value, what)
  const images = listIn(fields.Images, `${what}, Images`)
  const indexes = listIn(fields.Indexes, `${what}, Indexes`)
  return {
    references: namesIn(fields.Refs, what),
    tag: textIn(fields.Tag ?? '', `${what}, Tag`),
    mediaType: textIn(fields.MediaType, `${what}, MediaType`),
    manifest: stated(fields.Digest, fields.Raw, what),
    config: null,
    layers: [],
    below: [
      ...images.map((one, at) => imageIn(one, `${what}, image ${at + 1}`)),
      ...indexes.map((one, at) => indexIn(one, `${what}, index ${at + 1}`, depth + 1)),
    ],
  }
}

/** Whether a list is imgpkg's: by what its first element has. */
export function isImgpkgList(value: Json): value is Json[] {
  if (!Array.isArray(value)) return false
  const [first] = value
  const named = typeof first === 'object' && first !== null && !Array.isArray(first)
  return named && Object.keys(first).some((name) => /^image(index)?$/i.test(name))
}

/** The images and indexes of imgpkg's list; those that have not its form are problems. */
export function imgpkgImages(list: readonly Json[], problems: Problems): ListedImage[] {
  return list.flatMap((element, at) => {
    const what = `${listPath}, element ${at + 1}`
    try {
      const { Image: image, ImageIndex: index } = fieldsOf(asObject(element, what), what)
      const isImage = image !== undefined && image !== null
      const isIndex = index !== undefined && index !== null
      if (isImage === isIndex)
        throw new ManifestProblem('manifest-form', 'an image or an index', isImage ? 'both' : 'none')
      if (isIndex) return [indexIn(index, what, 1)]
      return isImage ? [imageIn(image, what)] : []
    } catch (error) {
      if (!(error instanceof ManifestProblem)) throw error
      problems.add('container.agreement', 'form', what, error.expected, error.found)
      return []
    }
  })
}
