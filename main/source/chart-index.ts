import { isDigest, type Digest } from '../../shared/digest.ts'
import { Failure } from '../platform/failure.ts'
import { listAt, parseForeignYaml, textAt, under, type YamlText } from '../platform/foreign-yaml.ts'
import { YamlError } from '../platform/yaml.ts'

/** A version of a chart as the index of its repository lists it. */
export interface ListedChart {
  /** Where it can be had: each an address, or a path below that of the index. */
  readonly urls: readonly string[]
  /** `null`: the index states none. */
  readonly digest: Digest | null
}

const shown = 20

/** Versions as they are compared here: `v` before and build details behind are part of them. */
const versionsOf = (entries: readonly YamlText[]): string[] => entries.map((one) => textAt(one, 'version'))

/** @throws Failure `chart-index` */
function documentOf(bytes: Buffer, subject: string): YamlText {
  try {
    const [document, ...more] = parseForeignYaml(bytes)
    if (document === undefined || more.length > 0)
      throw new Failure('chart-index', { subject, expected: 'one document', found: `${more.length + 1}` })
    return document
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    throw new Failure('chart-index', { subject, expected: error.expected, found: error.found }, error)
  }
}

/**
 * Finds one version of a chart in the `index.yaml` of its repository (helm.sh, "Chart repository guide").
 *
 * @param subject where the index comes from
 * @throws Failure `chart-index` for what is no index, or lists it twice; `not-found`
 */
export function chartInIndex(
  bytes: Buffer,
  subject: string,
  { name, version }: { readonly name: string; readonly version: string },
): ListedChart {
  const document = documentOf(bytes, subject)
  if (under(document, 'entries') === undefined)
    throw new Failure('chart-index', { subject, expected: '“entries” of charts', found: 'none' })
  const entries = listAt(document, 'entries', name)
  const [entry, ...twins] = entries.filter((one) => textAt(one, 'version') === version)
  if (entry === undefined) {
    const there = versionsOf(entries).slice(0, shown).join(', ') || 'no version of it'
    throw new Failure('chart-missing', { subject, expected: `${name} ${version}`, found: there })
  }
  if (twins.length > 0)
    throw new Failure('chart-index', { subject, expected: `${name} ${version} once`, found: 'twice' })
  const urls = listAt(entry, 'urls').filter((one): one is string => typeof one === 'string' && one !== '')
  const stated = textAt(entry, 'digest').replace(/^sha256:/, '')
  const digest = stated === '' ? null : `sha256:${stated}`
  if (urls.length === 0)
    throw new Failure('chart-index', {
      subject,
      expected: `an address for ${name} ${version}`,
      found: 'none',
    })
  if (digest !== null && !isDigest(digest))
    throw new Failure('chart-index', {
      subject,
      expected: 'a SHA-256 as its digest',
      found: stated.slice(0, 100),
    })
  return { urls, digest }
}
