import type { Finding } from '../../../shared/waybill.ts'
import type { Tree } from '../../archive/tree.ts'
import { listAt, parseForeignYaml, textAt, type YamlText } from '../../platform/foreign-yaml.ts'
import { limits } from '../../platform/limits.ts'
import { YamlError } from '../../platform/yaml.ts'
import { plain } from '../../source/reading.ts'

/** Where a chart says what it needs; the second is Helm 2's. */
const files = ['Chart.yaml', 'requirements.yaml'] as const

async function neededBy(tree: Tree, root: string): Promise<YamlText[]> {
  const found: YamlText[] = []
  for (const name of files) {
    if (!tree.files.has(`${root}${name}`)) continue
    const bytes = await tree.document(`${root}${name}`, limits.foreignDocumentBytes)
    try {
      for (const one of bytes === null ? [] : parseForeignYaml(bytes, limits.yamlAliases))
        found.push(...listAt(one, 'dependencies'))
    } catch (error) {
      // What cannot be read there was told when it was looked into.
      if (!(error instanceof YamlError)) throw error
    }
  }
  return found
}

/** Whether a chart has another below it: as a folder, or packed under its name and some version. */
function has(tree: Tree, root: string, name: string): boolean {
  const place = `${root}charts/${name}`
  return [...tree.files.keys()].some(
    (path) =>
      path.startsWith(`${place}/`) ||
      (/^-v?\d[^/]*\.tgz(\/|$)/.test(path.slice(place.length)) && path.startsWith(place)),
  )
}

/**
 * What a packed chart, and the charts in it, need and do not hold: Helm would fetch it from where the far side cannot reach.
 *
 * @param reference the item that is told of
 */
export async function missingDependencies(reference: string, tree: Tree): Promise<Finding[]> {
  const roots = [...tree.files.keys()].filter((path) => path.endsWith('/Chart.yaml'))
  const told = new Map<string, Finding>()
  for (const path of roots) {
    const root = path.slice(0, -'Chart.yaml'.length)
    for (const one of await neededBy(tree, root)) {
      const name = textAt(one, 'name')
      if (name === '' || has(tree, root, name)) continue
      const from = textAt(one, 'repository')
      const what = `${name} ${textAt(one, 'version')}${from === '' ? '' : ` of ${from}`}`
      const detail = plain(
        `${root.slice(0, -1)} needs the chart ${what}, which is not in it: neither that chart nor the images that it names are carried. “helm dependency build” puts it there.`,
      )
      told.set(`${root} ${name}`, { code: 'chart-dependency', subject: reference, detail })
    }
  }
  return [...told.values()]
}
