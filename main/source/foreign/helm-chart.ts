import type { Tree } from '../../archive/tree.ts'
import { shown } from '../../oci/descriptor.ts'
import { readChartsAt } from './charts.ts'
import { Problems, type Contents, type ForeignItem } from './contents.ts'
import { NamedImages } from './named-images.ts'

const chartLayer = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip'

/** The one folder in which everything lies, ending in `/`; `null` where there is none, or no chart in it. */
function chartFolder(tree: Tree): string | null {
  const [first] = tree.files.keys()
  const folder = first === undefined ? '' : first.slice(0, first.indexOf('/') + 1)
  if (folder === '' || !tree.files.has(`${folder}Chart.yaml`)) return null
  return [...tree.files.keys(), ...tree.links.keys()].every((path) => path.startsWith(folder)) ? folder : null
}

/** A packed chart of Helm: a gzip tar of one folder with `Chart.yaml`. */
export async function readHelmChart(tree: Tree): Promise<Contents | null> {
  const folder = tree.container === 'tar.gz' ? chartFolder(tree) : null
  if (folder === null || tree.digest === null) return null
  const problems = new Problems()
  const warnings = new Problems()
  const named = new NamedImages()
  const heads = await readChartsAt(tree, (root) => root === folder, named, warnings)
  const { name = '', version = '' } = heads.get(folder) ?? {}
  for (const [what, text] of Object.entries({ name, version })) {
    const subject = `${folder}Chart.yaml: ${what}`
    if (text === '') problems.add('container.agreement', 'form', subject, 'a text', shown('nothing'))
  }
  const item: ForeignItem = {
    kind: 'chart',
    name: name === '' ? null : name,
    version: version === '' ? null : version,
    references: name === '' ? [] : [name],
    digest: tree.digest,
    mediaType: chartLayer,
    platforms: [],
    size: tree.size,
    evidence: [],
    signing: 'whole',
  }
  return {
    format: 'helm-chart',
    items: [item],
    files: [...tree.files.values()],
    named: named.among([]),
    compared: { 'container.sums': null, 'container.complete': null, 'container.agreement': null },
    problems: problems.found,
    warnings: warnings.found,
    signing: { signatures: [], contradicts: null, reaches: null },
    itemsSigned: false,
    blobs: null,
  }
}
