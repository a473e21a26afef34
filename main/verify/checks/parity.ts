import { join } from 'node:path'
import type { Medium } from '../../bundle/medium.ts'
import type { FoundFile } from '../../store/hash-files.ts'
import { spread } from '../../store/spread.ts'
import type { CheckList } from '../check.ts'
import type { Tools } from '../types.ts'

/**
 * Recovery data of a medium: it proves nothing, and what is wrong with it takes nothing from the content. At the desk
 * that wrote it the medium does not hold what was written.
 *
 * @param strict whether it is read back
 */
export async function checkParity(
  of: { readonly folder: string; readonly medium: Medium; readonly say: (subject: string) => string },
  strict: boolean,
  tools: Tools,
  list: CheckList,
): Promise<void> {
  const { folder, medium, say } = of
  const parity = medium.parity ?? []
  if (parity.length === 0) {
    list.skip(['medium.parity'], 'no-parity')
    return
  }
  const paths = parity.map(({ name }) => join(folder, name))
  const answers = await spread<FoundFile[]>(tools.pool, 'hash-files', { paths }, paths.length, {
    signal: tools.signal,
  })
  const found = new Map(answers.flat().map((one) => [one.path, one]))
  const bad = parity.filter(({ name, digest }) => found.get(join(folder, name))?.digest !== digest)
  const about = { subject: say('recovery data'), expected: `${parity.length} files as they were written` }
  if (bad.length === 0) {
    list.pass('medium.parity', about.subject, about.expected)
    return
  }
  const names = bad.map(({ name }) => name).join(', ')
  list.add('medium.parity', strict ? 'fail' : 'warn', {
    ...about,
    found: `others: ${names}`,
    reason: 'damaged',
  })
}
