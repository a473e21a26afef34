import { basename, dirname, join } from 'node:path'
import { check } from '../../shared/rules/check.ts'
import type { Looked } from '../../shared/look.ts'
import type { CheckId } from '../../shared/text/checks.ts'
import { size } from '../../shared/units.ts'
import { countsOf, outcomeOf, type Check, type NotAsked } from '../../shared/verdict.ts'
import { ArchiveProblem } from '../archive/problem.ts'
import type { Tree } from '../archive/tree.ts'
import type { BlobReader } from '../evidence/piece.ts'
import { Failure } from '../platform/failure.ts'
import { ManifestProblem } from '../oci/descriptor.ts'
import type { Contents, ContainerCheck } from '../source/foreign/contents.ts'
import { openPgp } from '../oci/file-evidence.ts'
import { signaturesBeside } from './beside.ts'
import { provenanceProblem } from './chart-provenance.ts'
import type { LookTrust } from './look-trust.ts'
import { provenanceText } from './openpgp.ts'
import { contentsOf } from './readers.ts'
import { itemChecks, unsigned, vouched, type Judging, type Vouched } from './signature-checks.ts'

/** Files that are listed at most. */
const mostFiles = 10_000

/** What is asked of every container; what is not reached is not checked. */
const asked = [
  'container.form',
  'container.sums',
  'container.complete',
  'container.agreement',
  'container.signature',
] as const satisfies readonly CheckId[]

const why: Readonly<Record<ContainerCheck, string>> = {
  'container.sums': 'signed-whole',
  'container.complete': 'no-names',
  'container.agreement': 'said-once',
}

interface Found {
  readonly checks: Check[]
  readonly notAsked: NotAsked[]
}

/** The checks of the container's own word. A format without sums is not checked, unless a signature stands for them. */
function ownChecks(tree: Tree, contents: Contents, signed: boolean): Found {
  const checks: Check[] = []
  const notAsked: NotAsked[] = []
  for (const id of ['container.sums', 'container.complete', 'container.agreement'] as const) {
    const problems = contents.problems.filter((one) => one.check === id)
    for (const problem of problems) checks.push(check(id, 'fail', problem))
    const warnings = contents.warnings.filter((one) => one.check === id)
    for (const warning of warnings) checks.push(check(id, 'warn', warning))
    if (problems.length > 0) continue
    const compared = contents.compared[id]
    if (compared !== null) {
      checks.push(check(id, 'pass', { subject: tree.name, expected: compared, found: 'as expected' }))
    } else if (id === 'container.sums' && !signed) {
      const about = { subject: tree.name, expected: 'sums of its content', found: 'none', reason: 'no-sums' }
      checks.push(check(id, 'not-checked', about))
    } else notAsked.push({ id, reason: why[id] })
  }
  return { checks, notAsked }
}

function wholeNotAsked({ signing }: Contents, { checks }: Vouched): NotAsked[] {
  if (signing !== null && checks.length > 0) return []
  return [{ id: 'container.signature', reason: signing === null ? 'no-place' : 'nobody-named' }]
}

/** What was found out, with its outcome. */
function looked(
  about: Pick<Looked, 'name' | 'format' | 'container' | 'size' | 'parts' | 'digest'>,
  found: Found,
  rest: Partial<Pick<Looked, 'items' | 'files' | 'filesLeftOut' | 'named'>>,
): Looked {
  const { checks, notAsked } = found
  const outcome = outcomeOf(checks)
  const nothing = { items: [], files: [], filesLeftOut: 0, named: [] }
  return { ...about, outcome, counts: countsOf(checks), ...nothing, ...rest, checks, notAsked }
}

/** What cannot be read as one whole thing: nothing else is known of it. */
function unreadable(name: string, problem: ArchiveProblem): Looked {
  const stopped = { subject: name, expected: 'to be checked', found: 'not checked', reason: 'stopped-before' }
  const checks = asked.map((id) =>
    id === 'container.form' ? check(id, 'fail', problem) : check(id, 'not-checked', stopped),
  )
  const about = { name, format: null, container: null, size: 0, parts: [], digest: null }
  return looked(about, { checks, notAsked: [] }, {})
}

/** The problem in what a reader threw, or what it threw again. */
function problemIn(error: unknown): ArchiveProblem {
  if (error instanceof ArchiveProblem) return error
  if (!(error instanceof ManifestProblem)) throw error
  const { expected, found } = error
  return new ArchiveProblem('damaged', { subject: 'a document in it', expected, found })
}

/** Joins what a reader found with what its signatures come to. */
export async function judged(contents: Contents, judging: Judging): Promise<Looked> {
  const { tree } = judging
  const { name, container, digest } = tree
  const { signing } = contents
  const signature = signing === null ? unsigned : await vouched('container.signature', name, signing, judging)
  const { items, ...each } = await itemChecks(contents, signature, judging)
  const unproven = [...(signature.proven ? [] : (signing?.unlessProven ?? [])), ...each.problems]
  const said = { ...contents, problems: [...contents.problems, ...unproven] }
  const own = ownChecks(tree, said, signature.proven)
  const expected = `a whole ${container === 'file' ? 'file' : container}, each path once`
  const form = check('container.form', 'pass', {
    subject: name,
    expected,
    found: `${tree.files.size} files, ${size(tree.size)}`,
  })
  const files = contents.files.map(({ path, size: bytes, digest: sha256 }) => ({ path, size: bytes, sha256 }))
  return looked(
    {
      ...{ name, format: contents.format, container, size: tree.size, digest },
      parts: tree.parts.length > 1 ? [...tree.parts] : [],
    },
    {
      checks: [form, ...own.checks, ...signature.checks, ...each.checks],
      notAsked: [...own.notAsked, ...wholeNotAsked(contents, signature), ...each.notAsked],
    },
    {
      items,
      files: files.slice(0, mostFiles),
      filesLeftOut: Math.max(0, files.length - mostFiles),
      named: contents.named.map((one) => ({ ...one, where: [...one.where] })),
    },
  )
}

/** What lies beside a file counts as its signature, whatever it holds. */
async function withBeside(contents: Contents, path: string, tree: Tree): Promise<Contents> {
  // Parts lie there under names of their own; what signs them is called as the whole is.
  const beside = await signaturesBeside(join(dirname(path), tree.name), tree)
  if (beside.length === 0) return contents
  const own = contents.signing ?? { signatures: [], contradicts: null, reaches: null }
  const signed = { ...contents, signing: { ...own, signatures: [...own.signatures, ...beside] } }
  const provenance = beside.find(({ type }) => type === openPgp[1])
  if (provenance === undefined) return signed
  const text = await provenanceText(provenance.bytes)
  const problem = provenanceProblem(provenance.path, text, tree)
  const sums = [contents.compared['container.sums'] ?? [], `the sum in ${provenance.path}`].flat().join(', ')
  const problems = [...contents.problems, ...(problem === null ? [] : [problem])]
  return { ...signed, problems, compared: { ...contents.compared, 'container.sums': sums } }
}

/**
 * Says what is in a thing and what it proves. Nothing is kept, and nothing is unpacked to anywhere.
 *
 * @param path of the thing; its last name is how it is called
 * @param open goes through it; what it throws as a problem is a verdict
 * @throws Failure
 */
export async function look(path: string, open: () => Promise<Tree>, trust: LookTrust): Promise<Looked> {
  try {
    const tree = await open()
    const contents = await withBeside(await contentsOf(tree), path, tree)
    return await judged(contents, { tree, whole: wholeOf(tree), trust })
  } catch (error) {
    return unreadable(basename(path), problemIn(error))
  }
}

/** The bytes of the thing itself, for signatures that are over more than its digest. */
function wholeOf(tree: Tree): BlobReader {
  return {
    read: () => Promise.reject(new Failure('internal', { found: 'a whole file in memory' })),
    lend: (_, __, use) =>
      use(async (take) => {
        for await (const piece of tree.whole()) take(piece)
      }),
  }
}
