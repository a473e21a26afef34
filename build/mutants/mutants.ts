import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { changesOf, type Change } from './changes.ts'
import { explanationOf } from './explained.ts'
import { testsFor } from './tests.ts'
import { Tree, type Group } from './tree.ts'

/*
 * `npm run mutants -- FOLDER`: changes the source below a folder in one place after the other and runs the tests that
 * can notice it. What survives is something that no test sees. Not for every commit: it takes minutes to hours.
 */

const usage =
  'npm run mutants -- FOLDER [--only FILE] [--without FILE] [--limit N] [--workers N] [--groups N] [--list]'
// A change may make something go on for ever: what takes several times as long as without it has ended so. A computer
// that is busy with other things is slow as well.
const allowance = { times: 4, seconds: 30, longest: 600 }

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', multiple: true, default: [] },
    without: { type: 'string', multiple: true, default: [] },
    limit: { type: 'string' },
    workers: { type: 'string', default: '2' },
    groups: { type: 'string' },
    list: { type: 'boolean', default: false },
  },
})
const source = join(import.meta.dirname, '..', '..')

function filesBelow(folder: string): string[] {
  const names = readdirSync(join(source, folder), { recursive: true, encoding: 'utf8' })
  return names
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((file) => values.only.length === 0 || values.only.some((one) => file.endsWith(one)))
    .filter((file) => !values.without.some((one) => file.endsWith(one)))
    .sort()
}

/** As many as are wanted, evenly from all places. */
function sample<Item>(all: readonly Item[], limit: number): Item[] {
  if (all.length <= limit) return [...all]
  return Array.from({ length: limit }, (_, i) => all[Math.floor((i * all.length) / limit)]!)
}

interface Score {
  killed: number
  explained: number
  readonly survived: Change[]
}

const scores = new Map<string, Score>()
function scoreOf({ file }: Change): Score {
  const folder = dirname(file)
  const score = scores.get(folder) ?? { killed: 0, explained: 0, survived: [] }
  scores.set(folder, score)
  return score
}

const said = ({ file, line, kind, was, replacement }: Change): string =>
  `${file}:${line} ${kind}: ${was.length > 90 ? `${was.slice(0, 90)}…` : was} → ${replacement === ';' ? 'nothing' : replacement}`

const [asked] = positionals
if (asked === undefined) throw new Error(usage)
const folder = asked.replace(/\/+$/, '')
const all = filesBelow(folder).flatMap((file) => changesOf(file, readFileSync(join(source, file), 'utf8')))
const open: Change[] = []
for (const change of all) {
  if (explanationOf(change) === null) open.push(change)
  else scoreOf(change).explained += 1
}
const chosen = sample(open, Number(values.limit ?? open.length))
if (values.list) {
  for (const change of chosen) console.log(said(change))
  process.exit(0)
}
console.log(`${all.length} changes, ${open.length} not explained, ${chosen.length} to try`)

const trees = Array.from({ length: Number(values.workers) }, () => new Tree(source))
const clear = (): void => {
  for (const tree of trees) tree.clear()
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    report()
    clear()
    process.exit(130)
  })
}

let start = performance.now()
let tried = 0
/** The groups of tests, which hold without any change; and how long each may take with one. */
async function measured(tree: Tree): Promise<Group[]> {
  const groups: Group[] = []
  // The first groups are the quick ones: what they do not notice, later ones may.
  for (const files of testsFor(`${folder}/`).slice(0, Number(values.groups ?? Infinity))) {
    const begun = performance.now()
    if ((await tree.run([{ files, seconds: allowance.longest }])) !== 'passed') {
      throw new Error(`Nothing can be told by tests that fail without any change: ${files.join(' ')}`)
    }
    const taken = (performance.now() - begun) / 1000
    groups.push({ files, seconds: allowance.seconds + allowance.times * taken })
  }
  return groups
}

async function work(tree: Tree, groups: readonly Group[], waiting: Change[]): Promise<void> {
  for (let change = waiting.shift(); change !== undefined; change = waiting.shift()) {
    const ran = await tree.try(change, groups)
    tried += 1
    if (ran === 'passed') {
      scoreOf(change).survived.push(change)
      console.log(`survived ${said(change)}`)
    } else scoreOf(change).killed += 1
    if (tried % 10 === 0) console.log(`${tried} tried, ${pace()} s a change`)
  }
}

const pace = (): string => ((performance.now() - start) / 1000 / Math.max(tried, 1)).toFixed(1)

/** What was tried in each folder; of a sample, the share that is explained is taken as it is. */
function report(): void {
  for (const [name, { killed, explained, survived }] of [...scores].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const share = killed + survived.length === 0 ? 100 : (100 * killed) / (killed + survived.length)
    console.log(
      `${name}: ${killed} killed, ${survived.length} survived, ${explained} explained, ${share.toFixed(1)} %`,
    )
  }
  console.log(`${pace()} s a change`)
}

try {
  const groups = await measured(trees[0]!)
  start = performance.now()
  const waiting = [...chosen]
  await Promise.all(trees.map((tree) => work(tree, groups, waiting)))
  report()
} finally {
  clear()
}
