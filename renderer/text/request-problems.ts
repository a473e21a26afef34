import type { RequestProblem } from '../../shared/calls/request.ts'

/* What is wrong with a request, as the form says it: by the names of its fields, and at them. */

const labels: Readonly<Record<string, string>> = {
  name: 'The name',
  reason: 'The reason',
  requester: 'The requester',
  destinations: 'The destination desk',
  channel: 'The channel',
  marking: 'The marking',
  expires: 'The expiry',
  evidence: 'How much evidence is carried',
  items: 'What to carry',
  'items.image': 'The reference of image',
  'items.artifact': 'The reference of artifact',
  'items.file': 'The file',
  'items.archive': 'The file of archive',
  'items.chart': 'The reference of chart',
  'items.manifests': 'The manifests of item',
  'items.url': 'The address of file',
  'items.git': 'The repository of item',
  'items.model': 'The reference of model',
  'items.folder': 'The folder of item',
  'items.name': 'The name of chart',
  'items.version': 'The version of chart',
  'items.sha256': 'The sum of item',
  'items.signature': 'The signature of item',
  'items.key': 'The key of item',
  'items.commit': 'The commit of item',
  'items.tag': 'The tag of item',
  'items.values': 'The values of chart',
  'items.images': 'The images of item',
  'items.package': 'The file or reference of package',
  'items.as': 'How to carry archive',
  'items.platforms': 'A platform of item',
  'items.signatures': 'The repository of signatures of item',
}

const nothing: readonly string[] = ['', 'nothing', '“”', '[]', 'null']

function labelOf(path: string): string | null {
  const [first = '', index, field = ''] = path.split('.')
  if (index === undefined || first !== 'items') return labels[first] ?? null
  const label = labels[`items.${field}`]
  return label === undefined ? null : `${label} ${Number(index) + 1}`
}

// A person who is not here has a sentence of their own, and nothing was left empty.
const isMissing = ({ found, expected, path }: RequestProblem): boolean =>
  nothing.includes(found) && expected.startsWith(`${path}:`)

const expectedOf = ({ path, expected }: RequestProblem): string =>
  expected.startsWith(`${path}: `) ? expected.slice(path.length + 2) : expected

/** One open point as a sentence. */
function problemWords(problem: RequestProblem): string {
  const { path, found, line } = problem
  const label = labelOf(path)
  const what = found === '' || found === 'nothing' ? '' : ` Found: ${found}.`
  const where = label ?? (path === '' ? 'The text' : `“${path}”`)
  return `${where}, line ${line} of the YAML: expected is ${expectedOf(problem)}.${what}`
}

/** The open points of a request as sentences, each once: first what is missing, all of it in one. */
export function openPoints(problems: readonly RequestProblem[]): readonly string[] {
  const lacking = problems.flatMap((problem) => {
    const label = isMissing(problem) ? labelOf(problem.path) : null
    return label === null ? [] : [`${label.slice(0, 1).toLowerCase()}${label.slice(1)}`]
  })
  const wrong = problems.filter((problem) => !isMissing(problem) || labelOf(problem.path) === null)
  const missing = lacking.length === 0 ? [] : [`Missing: ${lacking.join(', ')}.`]
  return [...new Set([...missing, ...wrong.map(problemWords)])]
}

/** What is wrong at a field, in a few words; empty where nothing is, or where nothing was filled in yet. */
export function errorAt(problems: readonly RequestProblem[] | null, path: string): string {
  const one = (problems ?? []).find((problem) => problem.path === path || problem.path.startsWith(`${path}.`))
  if (one === undefined || isMissing(one)) return ''
  return `Expected: ${expectedOf(one)}.`
}
