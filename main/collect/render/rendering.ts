import type { Rendered } from '../../../shared/rendered.ts'
import type { Finding } from '../../../shared/waybill.ts'
import type { PinnedProgram } from '../../platform/pinned-program.ts'
import { imagesInManifests } from '../../source/manifest-images.ts'
import { plain } from '../../source/reading.ts'
import type { NamedImage, Naming } from '../naming.ts'

/** What rendering an item gave. */
export interface Rendering {
  readonly images: readonly NamedImage[]
  /** What must be told of it; that it was not rendered as a whole, among others. */
  readonly findings: readonly Finding[]
  readonly rendered: readonly Rendered[]
}

/** A finding that an item was not rendered, although the policy names a program for it. */
export function unrendered(subject: string, program: PinnedProgram, why: string): Finding {
  const detail = `${program.name} (${program.digest}) did not render it: ${why}. Images that only rendering shows may be missing.`
  return { code: 'images-unrendered', subject: subject.slice(0, 500), detail: plain(detail).slice(0, 500) }
}

/** Reads what a program made for the images in it. @param where it is told to stand */
export function readRendered(output: Buffer, where: string): Pick<Rendering, 'images' | 'findings'> {
  const { references, unclear, unread } = imagesInManifests(output)
  const subject = where.slice(0, 500)
  const findings = unclear.map((one): Finding => {
    const detail = `“${one}” stands where an image is named, also once it is rendered.`
    return { code: 'image-unclear', subject, detail: plain(detail) }
  })
  if (unread !== null) {
    const detail = `What was rendered is not YAML that is read (${unread}); images were looked for line by line.`
    findings.push({ code: 'images-unread', subject, detail: plain(detail) })
  }
  return { images: references.map((reference) => ({ reference, where: [where] })), findings }
}

/** What an item names, by reading and by rendering: what only one of them shows is named all the same. */
export function withRendering(naming: Naming, rendering: Rendering | null): Naming {
  if (rendering === null) return naming
  const named = new Map(naming.images.map(({ reference, where }) => [reference, [...where]]))
  for (const { reference, where } of rendering.images)
    named.set(reference, [...(named.get(reference) ?? []), ...where])
  // What reading could not put together was put together, or it is told again why not.
  const unread = naming.unread.filter(({ code }) => code !== 'images-unrendered')
  const images = [...named].map(([reference, where]) => ({ reference, where }))
  return { ...naming, images, unread: [...unread, ...rendering.findings] }
}
