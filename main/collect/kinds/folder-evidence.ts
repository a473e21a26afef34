import type { EvidenceSummary } from '../../../shared/evidence.ts'
import { mostTold, type LookedInto } from '../../../shared/look.ts'
import type { AskedFolder } from '../../../shared/request.ts'
import type { Finding } from '../../../shared/waybill.ts'
import { sigstoreBundle } from '../../oci/file-evidence.ts'
import type { RepositoryFiles } from '../../source/repositories/listing.ts'
import type { Speaking } from '../../source/repositories/speaking.ts'
import { Failure } from '../../platform/failure.ts'
import { readCapped } from '../../platform/files.ts'
import { limits } from '../../platform/limits.ts'
import { plain } from '../../source/reading.ts'
import type { CollectTools } from '../tools.ts'

/** Who vouches for which files, and for which somebody speaks whom this desk does not know, with the reason. */
interface Tally {
  readonly vouched: Map<string, Set<string>>
  readonly unknown: Map<string, string>
}

type Piece = Pick<EvidenceSummary, 'result' | 'reason' | 'signer'>

async function piecesOf(
  { of, path, how }: Speaking,
  files: RepositoryFiles,
  { foreign }: CollectTools,
): Promise<readonly Piece[]> {
  if ('bundle' in how) return foreign.judge({ bytes: how.bundle, type: sigstoreBundle }, how.over)
  const [file, document] = [files.paths.get(of), files.paths.get(path)]
  const [place, at] = [files.place(of), files.place(path)]
  if (file === undefined || document === undefined || place === null || at === null) return []
  if (document.size > limits.sigstoreBundleBytes)
    return [{ result: 'unknown', reason: 'bundle.too-large', signer: null }]
  const bytes = await readCapped(at, limits.sigstoreBundleBytes)
  return foreign.judge({ bytes, type: how.type }, { digest: file.digest, size: file.size, place })
}

/**
 * That somebody known is contradicted. A statement is read after its signature held: who is known signed one about other
 * bytes, and it lies here for these.
 */
const contradicts = ({ result, reason }: Piece): boolean =>
  result === 'bad' || (result === 'unknown' && reason === 'statement.other-subject')

const files = (count: number): string => (count === 1 ? '1 file' : `${count} files`)

function findingsOf(asked: AskedFolder, { unknown }: Tally): Finding[] {
  if (unknown.size === 0) return []
  const first = [...unknown].slice(0, 3).map(([path, reason]) => `${path} (${reason})`)
  const detail = `Nobody whom this desk knows vouches for evidence of ${files(unknown.size)}: ${first.join(', ')}${unknown.size > 3 ? ', …' : ''}.`
  return [{ code: 'repository-evidence-unknown', subject: asked.reference, detail: plain(detail) }]
}

function lookedOf(asked: AskedFolder, count: number, { vouched, unknown }: Tally): LookedInto {
  return {
    reference: asked.reference,
    format: 'repository',
    outcome: unknown.size === 0 ? 'passed' : 'not-checked',
    digest: null,
    holds: [],
    items: [],
    files: count,
    missing: [],
    missingCount: 0,
    signed: [...vouched].slice(0, mostTold).map(([signer, of]) => `${files(of.size)} by ${signer}`),
    open: [...unknown].slice(0, mostTold).map(([subject, found]) => ({
      ...{ id: 'item.signature', result: 'not-checked', subject, found },
    })),
  }
}

/**
 * Judges what speaks for single files of a folder, by this desk's trust.
 *
 * @returns who vouches for how many, `null` where nothing speaks for any; and what nobody known vouches for
 * @throws Failure `folder-lies` where somebody known is contradicted
 */
export async function judgeFolder(
  asked: AskedFolder,
  speaking: readonly Speaking[],
  taken: RepositoryFiles,
  tools: CollectTools,
): Promise<{ readonly looked: LookedInto | null; readonly findings: readonly Finding[] }> {
  const tally: Tally = { vouched: new Map(), unknown: new Map() }
  const done = new Set<string>()
  for (const one of speaking) {
    if (tools.signal.aborted) throw new Failure('cancelled')
    // A document may lie beside a file and be named by several lists.
    const key = `${one.of}\n${one.path}`
    if (!('bundle' in one.how) && done.has(key)) continue
    done.add(key)
    for (const piece of await piecesOf(one, taken, tools)) {
      if (contradicts(piece)) refuse(asked, one, piece, taken)
      if (piece.signer === null) tally.unknown.set(one.of, piece.reason ?? '')
      else tally.vouched.set(piece.signer, (tally.vouched.get(piece.signer) ?? new Set()).add(one.of))
    }
  }
  if (done.size === 0) return { looked: null, findings: [] }
  return { looked: lookedOf(asked, taken.paths.size, tally), findings: findingsOf(asked, tally) }
}

function refuse(
  asked: AskedFolder,
  { of, path }: Speaking,
  { reason }: Piece,
  taken: RepositoryFiles,
): never {
  throw new Failure('folder-lies', {
    path: `${asked.reference}/${of}`,
    index: path,
    expected: 'what somebody signed whom this desk knows',
    found: `${taken.paths.get(of)?.digest ?? ''} (${reason ?? ''})`,
  })
}
