import type { Digest } from '../../../shared/digest.ts'
import type { Layout } from '../../bundle/layout.ts'
import type { FoundFile } from '../../store/hash-files.ts'
import { spread } from '../../store/spread.ts'
import type { CheckList } from '../check.ts'
import type { Keeper, Tools } from '../types.ts'

/** Contents that are named one by one. */
const named = 100

interface Before {
  readonly digest: Digest
  readonly path: string
  readonly inPieces: boolean
}

/** What came from earlier media, or in pieces, is hashed where it lies: nothing is believed to be there. */
async function hashed(
  before: readonly Before[],
  bytes: number,
  tools: Tools,
): Promise<Map<string, FoundFile>> {
  tools.step('content', bytes)
  const paths = before.map(({ path }) => path)
  const answers = await spread<FoundFile[]>(tools.pool, 'hash-files', { paths }, paths.length, {
    signal: tools.signal,
    advance: (n) => tools.advance(n),
  })
  return new Map(answers.flat().map((one) => [one.path, one]))
}

/**
 * Every content of a bundle whose media are all here: those that were kept just now, and the others, which are hashed.
 * `true` when all are right.
 *
 * @param kept contents that were hashed as they passed, in this reading
 */
export async function checkJoined(
  input: { readonly layout: Layout; readonly keeper: Keeper; readonly kept: ReadonlySet<Digest> },
  tools: Tools,
  list: CheckList,
): Promise<boolean> {
  const { layout, keeper, kept } = input
  const blobs = layout.entries.flatMap(({ content, size }) =>
    typeof content === 'string' ? [{ digest: content, size }] : [],
  )
  const asked = blobs.filter(({ digest }) => !kept.has(digest))
  const before: Before[] = []
  const bad: { digest: Digest; found: string }[] = []
  for (const { digest } of asked) {
    const place = await keeper.before(digest)
    if (place === null) bad.push({ digest, found: 'nothing of it is here' })
    else before.push({ digest, ...place })
  }
  const files = await hashed(
    before,
    asked.reduce((sum, { size }) => sum + size, 0),
    tools,
  )
  for (const { digest, path, inPieces } of before) {
    const file = files.get(path)
    if (file?.digest === digest) {
      if (inPieces) await keeper.join(digest)
    } else bad.push({ digest, found: file?.digest ?? file?.problem ?? 'unread' })
  }
  for (const { digest, found } of bad.slice(0, named))
    list.fail('content.blob', digest, digest, found, 'joined')
  if (bad.length > named)
    list.fail('content.blob', `${bad.length - named} more`, 'the signed bytes', 'other bytes', 'joined')
  if (bad.length === 0)
    list.pass('content.blob', 'all contents', `${blobs.length} blobs with their digests, from all media`)
  return bad.length === 0
}
