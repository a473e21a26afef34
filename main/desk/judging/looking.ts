import type { Looked } from '../../../shared/look.ts'
import type { LookInput } from '../../look/look-task.ts'
import type { PlainTrust } from '../../look/plain-trust.ts'
import { readCapped } from '../../platform/files.ts'
import { limits } from '../../platform/limits.ts'
import { publicGoodRoot } from '../../trust/public-good.ts'
import type { Context } from '../work/context.ts'
import { namedKeys, trustOf } from './evidence-trust.ts'

/** Places of keys and trusted roots that somebody names. */
interface Given {
  readonly keys: readonly string[]
  readonly roots: readonly string[]
}

/** By whom to judge what others packed: what the caller names; else the desk's own, and without a desk the public root. */
export async function plainTrust(context: Context, { keys, roots }: Given): Promise<PlainTrust> {
  const read = (place: string, purpose: 'key' | 'trusted-root', most: number): Promise<Buffer> =>
    readCapped(context.places.path(place, purpose), most)
  const desk = context.opened === null ? null : context.desk()
  const usual =
    desk === null ? [Buffer.from(publicGoodRoot, 'utf8')] : desk.trustedRoots().map(({ bytes }) => bytes)
  const own = desk === null ? [] : namedKeys(desk.state).map(({ key }) => Buffer.from(key, 'utf8'))
  const named = await Promise.all(keys.map((place) => read(place, 'key', limits.keyringBytes)))
  const given = await Promise.all(roots.map((place) => read(place, 'trusted-root', limits.trustedRootBytes)))
  return {
    roots: given.length > 0 ? given : usual,
    keys: [...named, ...own],
    demands: desk === null || given.length > 0 ? [] : (trustOf(desk).demands ?? []),
    named: keys.length + roots.length > 0,
    now: context.ports.clock.now().toISOString(),
  }
}

/** Looks into something on a thread. @throws Failure */
export function lookOn(
  context: Context,
  input: LookInput,
  options: { readonly signal: AbortSignal; readonly advance?: (bytes: number) => void },
): Promise<Looked> {
  return context.pool().run<Looked>('look', input, options)
}
