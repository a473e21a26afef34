import type { Looked } from '../../shared/look.ts'
import type { AskedContent, CarriedItem, NamedImages } from '../../shared/request.ts'
import type { Finding } from '../../shared/waybill.ts'
import { isLayout } from '../../shared/names.ts'
import { Failure } from '../platform/failure.ts'
import { parseReference, type RegistryReference } from '../oci/reference.ts'
import { plain } from '../source/reading.ts'
import type { Draft } from './draft.ts'
import type { NamedImage, Naming } from './naming.ts'

/** What could not be found in something that was looked into, because nothing was rendered or it could not be read. */
export function namedBy({ named, checks }: Looked, mode: NamedImages): Naming {
  const unread = checks
    .filter(({ id, result }) => id === 'container.complete' && result === 'warn')
    .map(({ reason, subject, found }): Finding => {
      const code = reason === 'not-rendered' ? 'images-unrendered' : 'images-unread'
      return {
        code,
        subject: subject.slice(0, 500),
        detail: plain(`Images that it names may be missing: ${found}.`),
      }
    })
  return { images: named.map(({ reference, where }) => ({ reference, where })), mode, unread }
}

function read(text: string): RegistryReference | null {
  try {
    return parseReference(text)
  } catch (error) {
    if (error instanceof Failure) return null
    throw error
  }
}

/** A name as whoever pulls it reads it: without a tag it is `latest`. */
export function imageNamed(
  reference: string,
): { readonly text: string; readonly read: RegistryReference } | null {
  for (const text of [reference, `${reference}:latest`]) {
    const found = read(text)
    if (found !== null) return { text, read: found }
  }
  return null
}

const placeOf = ({ host, repository }: RegistryReference): string => `${host}/${repository}`

/** Images that are carried, to ask whether a name stands for one of them. */
class Carried {
  private readonly tags = new Map<string, Draft>()
  private readonly digests = new Map<string, Draft>()

  constructor(drafts: readonly Draft[]) {
    for (const draft of drafts) {
      const { asked, root } = draft
      this.digests.set(root.digest, draft)
      for (const { digest } of draft.carried) this.digests.set(digest, draft)
      const { reference, kind } = asked
      if ((kind !== 'image' && kind !== 'artifact') || isLayout(reference)) continue
      const found = read(reference)
      if (found?.tag !== undefined && found.tag !== null)
        this.tags.set(`${placeOf(found)}:${found.tag}`, draft)
    }
  }

  of({ digest, tag, ...place }: RegistryReference): Draft | undefined {
    if (digest !== null) return this.digests.get(digest)
    return this.tags.get(`${placeOf({ digest, tag, ...place })}:${tag ?? ''}`)
  }
}

const most = 3
const said = (where: readonly string[]): string =>
  `${where.slice(0, most).join(', ')}${where.length > most ? ` and ${where.length - most} more` : ''}`

/** What is told of one name: nothing where it is carried by its digest. */
function findingOn({ reference, where }: NamedImage, carried: Carried): Finding | null {
  const image = imageNamed(reference)
  const subject = reference.slice(0, 500)
  if (image === null) {
    const detail = `It is named in ${said(where)} and is no name of an image: nobody can tell what it stands for.`
    return { code: 'image-unclear', subject, detail: plain(detail) }
  }
  const draft = carried.of(image.read)
  if (draft === undefined) {
    const detail = `It is named in ${said(where)} and is not carried. “images: take” in the request collects it; else the far side must have it.`
    return { code: 'image-not-carried', subject, detail: plain(detail) }
  }
  if (image.read.digest !== null) return null
  const detail = `It is named in ${said(where)} without a digest. It is carried as ${draft.root.digest}; what the far side runs is what the name means there.`
  return { code: 'image-by-name', subject, detail: plain(detail) }
}

/** What the signers must know of the images that an item names. */
export function namingFindings(naming: Naming, drafts: readonly Draft[]): Finding[] {
  const carried = new Carried(drafts)
  const named = naming.images.flatMap((one) => findingOn(one, carried) ?? [])
  return [...naming.unread, ...named]
}

/**
 * The images to collect besides what was asked for: those that items name whose request says so, each once.
 *
 * @param drafts what was asked for
 */
export function imagesToTake(drafts: readonly Draft[]): CarriedItem[] {
  const carried = new Carried(drafts)
  const known = new Set<string>()
  return drafts.flatMap(({ asked, named }) => {
    if (named?.mode !== 'take') return []
    return named.images.flatMap(({ reference }): AskedContent[] => {
      const image = imageNamed(reference)
      if (image === null || carried.of(image.read) !== undefined) return []
      const { host, repository, tag, digest } = image.read
      const name = `${host}/${repository}${digest === null ? `:${tag ?? ''}` : `@${digest}`}`
      if (known.has(name)) return []
      known.add(name)
      const { evidence, at } = asked
      const rest = {
        platforms: null,
        plainHttp: false,
        signatures: null,
        must: null,
        images: 'list',
        values: [],
      } as const
      return [{ kind: 'image', reference: image.text, ...rest, evidence, at }]
    })
  })
}
