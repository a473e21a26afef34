import { looseTrust, type PlainTrust } from './plain-trust.ts'
import { look } from './look.ts'
import { openThing } from './open.ts'
import type { Looked } from '../../shared/look.ts'
import type { TaskContext } from '../platform/workers.ts'

/** What is looked into, and by whom it is judged. Plain values. */
export interface LookInput {
  readonly path: string
  readonly name: string
  readonly trust: PlainTrust
}

/**
 * Worker task `look`: goes through something that others packed, and says what is in it and what it proves.
 *
 * @throws Failure `file-unreadable`, `cancelled`
 */
export async function lookTask({ path, name, trust }: LookInput, context: TaskContext): Promise<Looked> {
  const reading = { signal: context.signal, advance: (bytes: number) => context.advance(bytes) }
  return look(path, () => openThing(path, reading, name), await looseTrust(trust))
}
