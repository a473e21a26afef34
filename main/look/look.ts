import { basename } from 'node:path'
import { check } from '../../shared/rules/check.ts'
import type { Looked, LookedItem } from '../../shared/look.ts'
import type { CheckId } from '../../shared/text/checks.ts'
import { size } from '../../shared/units.ts'
import { countsOf, outcomeOf, type Check, type NotAsked } from '../../shared/verdict.ts'
import { ArchiveProblem } from '../archive/problem.ts'
import type { Tree } from '../archive/tree.ts'
import type { BlobReader } from '../evidence/piece.ts'
import { Failure } from '../platform/failure.ts'
import { readThrough } from '../platform/files.ts'
import { ManifestProblem } from '../oci/descriptor.ts'
import type { Contents, ContainerCheck, ForeignItem, Signing } from '../source/foreign/contents.ts'
import { signaturesBeside } from './beside.ts'
import { containerSigned, itemSigned, signatureCheck, type LookTrust } from './judge-signatures.ts'
import { contentsOf } from './readers.ts'

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

async function wholeChecks(
  tree: Tree,
  signing: Signing | null,
  whole: BlobReader,
  trust: LookTrust,
): Promise<Found & { readonly proven: boolean }> {
  const id = 'container.signature'
  if (signing === null) return { checks: [], notAsked: [{ id, reason: 'no-place' }], proven: false }
  const checks: Check[] = []
  if (signing.contradicts !== null) {
    checks.push(check(id, 'fail', { subject: tree.name, ...signing.contradicts }))
  }
  const signed = await containerSigned(signing.signatures, tree, whole, trust)
  const made = signatureCheck(id, tree.name, signed, trust.named)
  if (made !== null) checks.push(made)
  const notAsked = checks.length === 0 ? [{ id, reason: 'nobody-named' }] : []
  return { checks, notAsked, proven: checks.length > 0 && checks.every((one) => one.result === 'pass') }
}

async function itemChecks(
  contents: Contents,
  trust: LookTrust,
  covered: boolean,
): Promise<Found & { readonly items: LookedItem[] }> {
  const checks: Check[] = []
  const items: LookedItem[] = []
  const { blobs } = contents
  for (const item of contents.items) {
    const signed =
      blobs === null ? { summaries: [], by: [], bad: [], unknown: [] } : await itemSigned(item, blobs, trust)
    items.push(viewOf(item, [...signed.summaries]))
    if (!contents.itemsSigned || (covered && signed.summaries.length === 0)) continue
    const made = signatureCheck('item.signature', item.name ?? item.digest, signed, trust.named)
    if (made !== null) checks.push(made)
  }
  const reason = covered ? 'covered' : contents.itemsSigned && items.length > 0 ? 'nobody-named' : 'no-items'
  return { items, checks, notAsked: checks.length === 0 ? [{ id: 'item.signature', reason }] : [] }
}

function viewOf(item: ForeignItem, evidence: LookedItem['evidence']): LookedItem {
  return { ...item, references: [...item.references], platforms: [...item.platforms], evidence }
}

/** What was found out, with its outcome. */
function looked(
  about: Pick<Looked, 'name' | 'format' | 'container' | 'size' | 'digest'>,
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
  const about = { name, format: null, container: null, size: 0, digest: null }
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
export async function judged(
  tree: Tree,
  contents: Contents,
  whole: BlobReader,
  trust: LookTrust,
): Promise<Looked> {
  const { name, container, digest } = tree
  const signature = await wholeChecks(tree, contents.signing, whole, trust)
  const own = ownChecks(tree, contents, signature.proven)
  const covered = signature.proven && contents.signing?.reaches === null
  const { items, ...each } = await itemChecks(contents, trust, covered)
  const expected = `a whole ${container === 'file' ? 'file' : container}, each path once`
  const form = check('container.form', 'pass', {
    subject: name,
    expected,
    found: `${tree.files.size} files, ${size(tree.size)}`,
  })
  const files = contents.files.map(({ path, size: bytes, digest: sha256 }) => ({ path, size: bytes, sha256 }))
  return looked(
    { name, format: contents.format, container, size: tree.size, digest },
    {
      checks: [form, ...own.checks, ...signature.checks, ...each.checks],
      notAsked: [...own.notAsked, ...signature.notAsked, ...each.notAsked],
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
  const beside = await signaturesBeside(path, tree)
  if (beside.length === 0) return contents
  const own = contents.signing ?? { signatures: [], contradicts: null, reaches: null }
  return { ...contents, signing: { ...own, signatures: [...own.signatures, ...beside] } }
}

/**
 * Says what is in a thing and what it proves. Nothing is kept, and nothing is unpacked to anywhere.
 *
 * @param path of the thing; its last name is how it is called
 * @param open goes through it; what it throws as a problem is a verdict
 * @param whole gives the bytes of the thing itself, by its digest
 * @throws Failure
 */
export async function look(
  path: string,
  open: () => Promise<Tree>,
  whole: (tree: Tree) => BlobReader,
  trust: LookTrust,
): Promise<Looked> {
  try {
    const tree = await open()
    const contents = await withBeside(await contentsOf(tree), path, tree)
    return await judged(tree, contents, whole(tree), trust)
  } catch (error) {
    return unreadable(basename(path), problemIn(error))
  }
}

/** The bytes of the file itself, for signatures that are over more than its digest. */
export function wholeFileOf(path: string, signal: AbortSignal): BlobReader {
  return {
    read: () => Promise.reject(new Failure('internal', { found: 'a whole file in memory' })),
    lend: (_, __, use) => use((take) => readThrough(path, take, signal)),
  }
}
