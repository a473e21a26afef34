import { listAt, textAt, type YamlText } from '../platform/foreign-yaml.ts'

/* What a kustomization says besides the manifests in it: which images it puts in the place of others, and what it brings in. */

const fileName = /^(?:.*\/)?(?:kustomization\.ya?ml|Kustomization)$/

/** Whether a file is a kustomization by its name; such a document need not say what it is. */
export const isKustomizationFile = (path: string): boolean => fileName.test(path)

/** Whether a document is a kustomization. @param path of the file that it stands in */
export function isKustomization(document: YamlText, path: string): boolean {
  const kind = textAt(document, 'kind')
  return kind === 'Kustomization' || kind === 'Component' || (kind === '' && isKustomizationFile(path))
}

/** The images that it puts in the place of others, as references. */
export function kustomizedImages(document: YamlText): string[] {
  return listAt(document, 'images').flatMap((one) => {
    const name = textAt(one, 'newName') || textAt(one, 'name')
    const [tag, digest] = [textAt(one, 'newTag'), textAt(one, 'digest')]
    if (name === '') return []
    return [`${name}${tag === '' ? '' : `:${tag}`}${digest === '' ? '' : `@${digest}`}`]
  })
}

const remote =
  /^(?:[A-Za-z0-9_.-]+=)?(?:[a-z+]+::)?(?:\w+:\/\/|git@|(?:github|gitlab|bitbucket)\.(?:com|org)[/:])|\?ref=/
/** Fields that hold texts and not places: an address there is fetched by nobody. */
const texts = new Set([
  'commonAnnotations',
  'commonLabels',
  'labels',
  'patch',
  'literals',
  'options',
  'images',
])

function remoteIn(value: YamlText): string[] {
  if (typeof value === 'string') return remote.test(value) ? [value.slice(0, 200)] : []
  if (Array.isArray(value)) return (value as readonly YamlText[]).flatMap(remoteIn)
  return Object.entries(value).flatMap(([name, below]) => (texts.has(name) ? [] : remoteIn(below)))
}

/** What it brings in from elsewhere, which is fetched when it is put together: bases, files, charts. */
export function comesFromElsewhere(document: YamlText): string[] {
  const charts = ['helmCharts', 'helmChartInflationGenerator'].flatMap((field) =>
    listAt(document, field).map((one) => {
      const repository = textAt(one, 'repo') || textAt(one, 'chartRepo')
      return `the chart ${textAt(one, 'name') || textAt(one, 'chartName')} of ${repository}`.slice(0, 200)
    }),
  )
  if (typeof document === 'string' || Array.isArray(document)) return charts
  const others = Object.entries(document).filter(([name]) => !name.startsWith('helmChart'))
  return [...charts, ...remoteIn(Object.fromEntries(others))]
}
