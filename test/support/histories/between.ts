import { cp, readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { digestOf } from '../../../main/platform/hash.ts'
import { forge, honestContent, honestWaybill } from '../forge.ts'
import { flipBit, membersOf } from '../media.ts'
import type { Signed } from './high-model.ts'
import { must, type History, type Medium } from './history.ts'

/* What happens to bundles between the desks. */

/** A copy of a medium on which one bit has changed. */
export async function damage(history: History): Promise<void> {
  const { random } = history
  const whole = history.media.filter((one) => one.kind === 'good' && one.text !== null)
  if (whole.length === 0) return
  const from = random.pick(whole)
  const path = join(history.path('damaged'), basename(from.path))
  await cp(from.path, path, { recursive: true })
  const name = random.pick((await readdir(path)).sort())
  const file = join(path, name)
  await flipBit(file, random.below((await stat(file)).size), random.below(8))
  const first = name === 'waybill.json' || name === 'waybill.sigstore.jsonl'
  history.media.push({ ...from, path, kind: first ? 'torn' : 'damaged' })
  history.say(`damage ${from.bundle.digest.slice(7, 11)} ${name}`)
}

/** How far a lie says that the number and the epoch are from those of an honest bundle. */
export type Lie = readonly [number: number, epoch: number]
const lies: readonly Lie[] = [
  [0, 0],
  [0, 0],
  [1, 0],
  [2, 0],
  [0, 1],
]

/** The right people sign what is not so: another bundle with a number, a later number, an epoch that is not in force. */
export async function lie(history: History, about?: Medium, how?: Lie): Promise<Medium | null> {
  const { random, world } = history
  const whole = history.media.filter((one) => one.kind === 'good' && one.text !== null)
  if (whole.length === 0) return null
  const from = about ?? random.pick(whole)
  const base = await honestWaybill(from.path)
  // Who could not sign when the waybill was made signs nothing that counts.
  if (!base.people.some((one) => one.id === 'bob')) return null
  const content = await honestContent(from.path)
  const name = `lie-${random.below(1_000_000_000)}`
  const [more, epoch] = how ?? random.pick(lies)
  const destinations = base.destinations.map((one) => ({ ...one, sequence: one.sequence + more }))
  const change = (w: typeof base): typeof base => ({ ...w, name, destinations, epoch: w.epoch + epoch })
  const path = await forge(world.crossing as Parameters<typeof forge>[0], base, { content, change }, name)
  const tar = await readFile(path)
  const first = membersOf(tar)[0]
  must(first?.name === 'waybill.json', 'a tar begins with its waybill')
  const digest = digestOf(tar.subarray(512, 512 + (first?.size ?? 0)))
  const entries = destinations.map(({ desk, sequence, previous }) => ({ desk, sequence, previous }))
  const bundle: Signed = { ...from.bundle, digest, epoch: base.epoch + epoch, entries, prepared: 'bob' }
  history.lies.add(digest)
  const medium: Medium = { path, bundle, kind: 'good', text: null }
  history.media.push(medium)
  history.say(`lie ${digest.slice(7, 11)} +${more} epoch +${epoch}`)
  return medium
}
