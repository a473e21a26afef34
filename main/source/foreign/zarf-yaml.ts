import { shown } from '../../oci/descriptor.ts'
import { listAt, textAt, under, type YamlText } from '../../platform/foreign-yaml.ts'
import type { Problems } from './contents.ts'
import { yamlOf } from './documents.ts'

/** What `zarf.yaml` says of a package. A text is empty where it says nothing. */
export interface ZarfDefinition {
  readonly name: string
  readonly version: string
  readonly architecture: string
  /** SHA-256 of `checksums.txt`, hex. */
  readonly aggregate: string
  /** `true`, `false`, or empty in packages from before there was such a word. */
  readonly signed: string
  readonly provenanceFiles: readonly string[]
  /** The version whose package must be beside this one; `null`: it is whole by itself. */
  readonly differential: string | null
  readonly components: readonly ZarfComponent[]
}

export interface ZarfComponent {
  readonly name: string
  readonly required: boolean
  readonly images: readonly string[]
}

const kinds: ReadonlySet<string> = new Set(['ZarfPackageConfig', 'ZarfInitConfig'])

function imageName(image: YamlText): string {
  return typeof image === 'string' ? image : textAt(image, 'name')
}

function definitionOf(document: YamlText): ZarfDefinition {
  const build = under(document, 'build')
  // The older form says what is required, the newer one what is not.
  const newer = textAt(document, 'apiVersion') === 'zarf.dev/v1beta1'
  const texts = (list: readonly YamlText[]): string[] => list.map(imageName)
  return {
    name: textAt(document, 'metadata', 'name'),
    version: textAt(document, 'metadata', 'version'),
    architecture: textAt(document, 'metadata', 'architecture') || textAt(build, 'architecture'),
    aggregate: textAt(document, 'metadata', 'aggregateChecksum') || textAt(build, 'aggregateChecksum'),
    signed: textAt(build, 'signed'),
    provenanceFiles: texts(listAt(build, 'provenanceFiles')),
    differential:
      textAt(build, 'differential') === 'true'
        ? textAt(build, 'differentialPackageVersion') || 'before it'
        : null,
    components: listAt(document, 'components').map((component) => ({
      name: textAt(component, 'name'),
      required: newer ? textAt(component, 'optional') !== 'true' : textAt(component, 'required') === 'true',
      images: texts(listAt(component, 'images')),
    })),
  }
}

/** What two documents of one file must say alike, in words of their own. */
function said(definition: ZarfDefinition): Readonly<Record<string, string>> {
  const { components, provenanceFiles, differential, ...texts } = definition
  const named = components.map(({ name, required, images }) => {
    return `${name}${required ? '' : ', optional'} (${images.join(', ')})`
  })
  return {
    ...texts,
    differential: differential ?? '',
    provenanceFiles: provenanceFiles.join(', '),
    components: named.join('; '),
  }
}

function compare(first: ZarfDefinition, other: ZarfDefinition, path: string, problems: Problems): void {
  const mine = said(first)
  for (const [what, found] of Object.entries(said(other))) {
    const expected = mine[what] ?? ''
    if (found === expected) continue
    const subject = `${path}: ${what}`
    problems.add('container.agreement', 'documents-disagree', subject, shown(expected), shown(found))
  }
}

/** Whether a document of YAML is the definition of a package. */
function isDefinition(document: YamlText): boolean {
  return kinds.has(textAt(document, 'kind'))
}

/**
 * Reads `zarf.yaml`. Versions since 0.80 write a package that was defined in the newer form as two documents; they must
 * say one thing, whichever of them a program reads.
 *
 * @param problems `container.agreement` `form`, `documents-disagree`
 * @returns `null` where there is no definition in it
 */
export function readZarfYaml(bytes: Buffer, path: string, problems: Problems): ZarfDefinition | null {
  const documents = yamlOf(bytes, path, problems)
  const definitions = documents.filter(isDefinition).map(definitionOf)
  const [first, ...others] = definitions
  if (first === undefined) {
    if (problems.found.length > 0) return null
    const found = shown(documents.map((one) => textAt(one, 'kind')).join(', '))
    problems.add('container.agreement', 'form', path, 'kind: ZarfPackageConfig', found)
    return null
  }
  if (definitions.length !== documents.length || others.length > 1) {
    const found = `${documents.length} documents`
    problems.add('container.agreement', 'form', path, 'the definition, in one form or two', found)
  }
  for (const other of others) compare(first, other, path, problems)
  for (const [what, text] of Object.entries({ name: first.name, aggregateChecksum: first.aggregate })) {
    if (text === '') problems.add('container.agreement', 'form', `${path}: ${what}`, 'a text', 'nothing')
  }
  return first
}
