import type { YamlText } from '../../platform/foreign-yaml.ts'
import { listAt, parseForeignYaml, textAt, under } from '../../platform/foreign-yaml.ts'
import { canonical } from '../../platform/json.ts'
import { Failure } from '../../platform/failure.ts'
import { YamlError } from '../../platform/yaml.ts'
import { isFileTitle, isName } from '../../../shared/names.ts'
import type { ChartName } from '../../oci/chart-manifest.ts'

/** What a chart says of itself, and the config by which Helm knows it in a registry. */
export interface ChartHead extends ChartName {
  readonly config: Buffer
}

type Text = Record<string, unknown>

const texts = (value: YamlText, names: readonly string[]): Text =>
  Object.fromEntries(
    names.flatMap((name) => (textAt(value, name) === '' ? [] : [[name, textAt(value, name)]])),
  )

const textList = (value: YamlText, name: string): Text => {
  const found = listAt(value, name).filter((one): one is string => typeof one === 'string')
  return found.length === 0 ? {} : { [name]: found }
}

const isTrue = (value: YamlText, name: string): Text =>
  /^true$/i.test(textAt(value, name)) ? { [name]: true } : {}

function mapList(value: YamlText, name: string, one: (entry: YamlText) => Text): Text {
  const found = listAt(value, name).map(one)
  return found.length === 0 ? {} : { [name]: found }
}

function annotations(value: YamlText): Text {
  const found = under(value, 'annotations')
  if (typeof found !== 'object' || Array.isArray(found)) return {}
  const plain = Object.entries(found).filter(([, text]) => typeof text === 'string')
  return plain.length === 0 ? {} : { annotations: Object.fromEntries(plain) }
}

const plainNames = [
  'name',
  'home',
  'version',
  'description',
  'icon',
  'apiVersion',
  'condition',
  'tags',
  'appVersion',
  'kubeVersion',
  'type',
] as const
const ofDependency = ['name', 'version', 'repository', 'condition', 'alias'] as const

/** The fields of `Chart.yaml` that Helm knows (helm.sh/helm/v3/pkg/chart, `Metadata`), each in the type that it has there. */
function metadataOf(value: YamlText): Text {
  return {
    ...texts(value, plainNames),
    ...textList(value, 'sources'),
    ...textList(value, 'keywords'),
    ...mapList(value, 'maintainers', (one) => texts(one, ['name', 'email', 'url'])),
    ...isTrue(value, 'deprecated'),
    ...annotations(value),
    ...mapList(value, 'dependencies', (one) => ({
      ...texts(one, ofDependency),
      ...textList(one, 'tags'),
      ...isTrue(one, 'enabled'),
    })),
  }
}

/**
 * Reads a `Chart.yaml`.
 *
 * @param subject whose it is
 * @throws Failure `chart-form`
 */
export function readChartHead(bytes: Buffer, subject: string): ChartHead {
  const refuse = (expected: string, found: string): never => {
    throw new Failure('chart-form', { subject, expected, found: found.slice(0, 200) })
  }
  let documents: readonly YamlText[]
  try {
    documents = parseForeignYaml(bytes)
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    return refuse(error.expected, error.found)
  }
  const [document, ...more] = documents
  if (document === undefined || more.length > 0) return refuse('one document', `${documents.length}`)
  const name = textAt(document, 'name')
  const version = textAt(document, 'version')
  if (!isFileTitle(name) || !isName(name)) return refuse('a name', name === '' ? 'none' : name)
  if (!isName(version)) return refuse('a version', version === '' ? 'none' : version)
  return { name, version, config: canonical(metadataOf(document)) }
}
