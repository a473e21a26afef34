import { parseForeignYaml, textAt, type YamlText } from '../platform/foreign-yaml.ts'
import { limits } from '../platform/limits.ts'
import { YamlError } from '../platform/yaml.ts'
import { comesFromElsewhere, isKustomization, kustomizedImages } from './kustomized.ts'
import { imagesInLines, imagesInValues, isReference } from './foreign/values-images.ts'

/** What one file of manifests names. */
export interface ManifestImages {
  readonly references: readonly string[]
  /** What stands where an image is named and is none: a variable, a template. */
  readonly unclear: readonly string[]
  /** What it brings in from elsewhere, which was not read (kustomize). */
  readonly elsewhere: readonly string[]
  /** Why it was not read as YAML, and only line by line. */
  readonly unread: string | null
}

/** Names of fields that hold an image in pods, workloads, custom resources and annotations: `image`, `sidecarImage`. */
const imageField = /image$/i
/** Variables by which operators are told of images (Operator SDK, “related images”). */
const imageVariable = /(?:^RELATED_IMAGE_|_IMAGE$)/

interface Found {
  readonly references: Set<string>
  readonly unclear: Set<string>
  readonly elsewhere: Set<string>
}

function note(text: string, found: Found): void {
  if (text === '') return
  if (isReference(text)) found.references.add(text)
  else found.unclear.add(text.slice(0, 200))
}

function kustomized(document: YamlText, path: string, found: Found): void {
  if (!isKustomization(document, path)) return
  for (const one of kustomizedImages(document)) note(one, found)
  for (const one of comesFromElsewhere(document)) found.elsewhere.add(one)
}

function visit(value: YamlText, found: Found): void {
  if (typeof value === 'string') return
  if (Array.isArray(value)) {
    for (const one of value as readonly YamlText[]) visit(one, found)
    return
  }
  const variable = textAt(value, 'name')
  if (imageVariable.test(variable)) note(textAt(value, 'value'), found)
  for (const [name, below] of Object.entries(value)) {
    if (typeof below === 'string') {
      if (imageField.test(name) && !below.includes('\n')) note(textAt(value, name), found)
    } else visit(below, found)
  }
}

/**
 * The images that a file of manifests names, by reading: fields called like one in pods, workloads and custom resources,
 * annotations, variables of operators, and what a kustomization puts in. Nothing is rendered.
 *
 * @param path of the file, by which a kustomization that does not say so is known
 */
export function imagesInManifests(bytes: Buffer, path = ''): ManifestImages {
  const found: Found = { references: new Set(), unclear: new Set(), elsewhere: new Set() }
  let unread: string | null = null
  try {
    for (const document of parseForeignYaml(bytes, limits.yamlAliases)) {
      kustomized(document, path, found)
      visit(document, found)
      for (const { reference } of imagesInValues(document, () => '')) found.references.add(reference)
    }
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    unread = `${error.found}; expected ${error.expected}`
    const { references, templates } = imagesInLines(bytes.toString('utf8'))
    for (const one of references) note(one, found)
    for (const one of templates) found.unclear.add(one.slice(0, 200))
  }
  const { references, unclear, elsewhere } = found
  return { references: [...references], unclear: [...unclear], elsewhere: [...elsewhere], unread }
}
