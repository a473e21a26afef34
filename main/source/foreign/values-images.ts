import { isDigest } from '../../../shared/digest.ts'
import { textAt, type YamlText } from '../../platform/foreign-yaml.ts'

/*
 * Which images values and manifests name, found by reading: nothing is rendered, because templates are programs of
 * somebody else. Charts name an image as one text, or as a map of registry, repository and tag or digest.
 */

/** An image in values, and the path of names that leads to it (`worker.image`). */
export interface ValueImage {
  readonly reference: string
  readonly path: string
}

// Letters of references and nothing else: no blanks, no templates, no addresses of the web.
const plain = /^[A-Za-z0-9[][\w.\-/:@+[\]]*$/

/** Whether a text can be the name of an image as it stands. */
export function isReference(text: string): boolean {
  return text.length <= 512 && plain.test(text) && !text.includes('://')
}

const hasTag = (name: string): boolean => name.includes('@') || /:[^/]*$/.test(name)

function joined(repository: string, map: YamlText, defaultTag: string): string {
  const registry = textAt(map, 'registry')
  const digest = textAt(map, 'digest')
  const name = registry === '' ? repository : `${registry}/${repository}`
  if (hasTag(repository)) return name
  // A digest decides what is pulled, whatever tag stands beside it.
  if (isDigest(digest)) return `${name}@${digest}`
  const tag = textAt(map, 'tag') || defaultTag
  return tag === '' ? name : `${name}:${tag}`
}

const named = ['registry', 'tag', 'digest']

/** The image that a map stands for; `null` where it is about something else. */
function mapImage(map: { readonly [name: string]: YamlText }, key: string, tag: string): string | null {
  const repository = textAt(map, 'repository')
  if (repository !== '' && (/image/i.test(key) || named.some((one) => Object.hasOwn(map, one)))) {
    return joined(repository, map, tag)
  }
  const image = textAt(map, 'image')
  return image === '' ? null : joined(image, map, '')
}

/**
 * The images in values.
 *
 * @param tagFor the tag of those that state none, by the first name on the way to them: the version of what a chart installs
 */
export function imagesInValues(values: YamlText, tagFor: (first: string) => string): ValueImage[] {
  const found: ValueImage[] = []
  const visit = (value: YamlText, path: readonly string[]): void => {
    if (typeof value === 'string') return
    if (Array.isArray(value)) {
      for (const [at, one] of (value as readonly YamlText[]).entries()) visit(one, [...path, String(at)])
      return
    }
    const map = value as { readonly [name: string]: YamlText }
    const reference = mapImage(map, path.at(-1) ?? '', tagFor(path[0] ?? ''))
    if (reference !== null && isReference(reference)) {
      const own = textAt(map, 'repository') === '' ? [...path, 'image'] : path
      found.push({ reference, path: own.join('.') })
    }
    for (const [name, below] of Object.entries(map)) visit(below, [...path, name])
  }
  visit(values, [])
  return found
}

/** Images in the lines of a manifest or template: as they stand there, and what a template puts in their place. */
export interface LineImages {
  readonly references: readonly string[]
  /** What stands for an image in templates, each as its line has it. */
  readonly templates: readonly string[]
}

const imageLine = /(?:^|[\s{,"'-])image["']?:[ \t]*(\S.*)$/
const first = /^(?:"([^"]*)"|'([^']*)'|([^\s#,}]+))/

/** The images in the lines of a manifest or template. */
export function imagesInLines(text: string): LineImages {
  const references: string[] = []
  const templates: string[] = []
  for (const line of text.split('\n')) {
    const [, rest] = imageLine.exec(line) ?? []
    if (rest === undefined || line.trimStart().startsWith('#')) continue
    if (rest.includes('{{')) templates.push(rest)
    else {
      const [, double, single, bare] = first.exec(rest) ?? []
      const reference = double ?? single ?? bare ?? ''
      if (isReference(reference)) references.push(reference)
    }
  }
  return { references, templates }
}

/** The paths of values that a template uses (`{{ .Values.worker.image }}`). */
export function valuesUsed(template: string): string[] {
  return [...template.matchAll(/\.Values\.([\w.-]*\w)/g)].map(([, path = '']) => path)
}
