import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Digest } from '../../../shared/digest.ts'
import {
  againCode,
  approveCode,
  closeCode,
  dropCode,
  nextFor,
  revokeAtLow,
  sealAgain,
  writeCode,
  type Bundle,
  type Sent,
} from './low-model.ts'
import { must, mustBe, waybillAt, type History } from './history.ts'
import { preparers } from './world.ts'

/* What is done at the low desk, and what the model says that it must come to. */

const channel = 'payments'
const inOrder = (voids: Bundle['voids']): string[] =>
  voids.map((one) => `${one.desk} ${one.sequence} ${one.digest}`).sort()

// What the desk sealed must say what the model says comes next.
async function sealed(
  history: History,
  about: { readonly id: string; readonly digest: Digest },
  desks: readonly string[],
  before: Sent | null,
): Promise<Bundle> {
  const { low } = history
  const wanted = nextFor(low, desks, before)
  const waybill = await waybillAt(history.world.low, about.id, about.digest)
  const entries = waybill.destinations.map(({ desk, sequence, previous }) => ({ desk, sequence, previous }))
  mustBe(entries, wanted.entries, 'the numbers of a waybill')
  mustBe(waybill.epoch, wanted.epoch, 'the epoch of a waybill')
  mustBe(inOrder(waybill.voided), inOrder(wanted.voids), 'the voids of a waybill')
  const [, size = ''] = waybill.ledger.checkpoint.split('\n')
  await history.growLow()
  const ledger = low.ledger.slice(0, Number(size))
  return { ...wanted, digest: about.digest, expires: waybill.expires, ledger }
}

/** A request is collected, for one destination or for both; some say until when it counts. */
export async function collect(history: History, only?: readonly string[]): Promise<Sent> {
  const { world, random, low } = history
  const text = `content ${low.sent.length} of ${history.now} ${random.below(1_000_000)}\n`
  const [one, two] = world.highIds
  const desks = only ?? random.pick([[one], [two], [one, two], [one, two], [two, one]])
  const soon = only === undefined && random.below(6) === 0
  const at = new Date(world.clock.now().getTime() + 20 * 86_400_000).toISOString().slice(0, 19)
  const expires = soon ? `${at}Z` : null
  const folder = join(world.folder, 'request')
  await writeFile(join(folder, 'notes.txt'), text)
  const lines = [
    'sallyport: request/v1',
    `name: bundle-${low.sent.length}`,
    'reason: As agreed',
    'requester: alice',
    `destinations: [${desks.join(', ')}]`,
    `channel: ${channel}`,
    ...(expires === null ? [] : [`expires: ${expires}`]),
    'items:',
    '  - file: ./notes.txt',
  ]
  const request = { text: `${lines.join('\n')}\n`, folder: world.low.place('folder', folder) }
  const { code, value } = await world.low.work('collect.start', { request })
  history.say(`collect for ${desks.map((id) => world.highIds.indexOf(id) + 1).join('+')}`, code)
  mustBe(code, 'ok', 'collect')
  const { id = '', waybill = 'sha256:' } = value ?? {}
  const bundle = await sealed(history, { id, digest: waybill }, desks, null)
  const none = { prepared: null, released: false, dropped: 'no', written: false, closed: false } as const
  const sent: Sent = { id, text, desks, expires, bundle, ...none, replaced: [] }
  low.sent.push(sent)
  return sent
}

/** Somebody who may prepare signs, or the one who releases, after them. */
export async function sign(
  history: History,
  one: Sent,
  who = history.random.pick(preparers),
): Promise<string> {
  const { world, low } = history
  const role = one.prepared === null ? 'prepare' : 'release'
  const by = low.revoked.includes(who) ? 'ben' : who
  const wanted = approveCode(low, one, role, history.now)
  const signs = world.low.by(world.signs(role === 'prepare' ? by : 'carol'))
  const { code } = await world.low.call('approval.sign', { id: one.id, role, ...signs })
  history.say(`${role} ${one.bundle.digest.slice(7, 11)}`, code)
  mustBe(code, wanted, role)
  if (code !== 'ok') return code
  if (role === 'prepare') one.prepared = by
  else one.released = true
  await history.growLow()
  return code
}

/** Its waybill is made again. */
export async function again(history: History, one: Sent): Promise<string> {
  const { world, low } = history
  const wanted = againCode(low, one, history.now)
  const { code, value } = await world.low.work('waybill.make', { id: one.id })
  history.say(`again ${one.bundle.digest.slice(7, 11)}`, code)
  mustBe(code, wanted, 'making a waybill again')
  if (value === null) return code
  const bundle = await sealed(history, { id: one.id, digest: value.waybill }, one.desks, one)
  sealAgain(low, one, bundle)
  return code
}

/** A medium is written. */
export async function write(history: History, one: Sent): Promise<string> {
  const { world, low } = history
  const to = history.path('medium')
  await mkdir(to)
  const wanted = writeCode(low, one, history.now)
  const { code, value } = await world.low.work('write.start', {
    id: one.id,
    to: world.low.place('medium', to),
  })
  history.say(`write ${one.bundle.digest.slice(7, 11)}`, code)
  mustBe(code, wanted, 'writing')
  if (value === null) return code
  must(one.prepared !== null, 'what is written was prepared')
  one.written = true
  const bundle = { ...one.bundle, prepared: one.prepared ?? 'ben' }
  history.media.push({ path: join(to, value.folder), bundle, kind: 'good', text: one.text })
  await history.growLow()
  return code
}

/** It is given up. */
export async function drop(history: History, one: Sent): Promise<void> {
  const { world, low } = history
  const wanted = dropCode(one)
  const { code } = await world.low.call('consignment.drop', { id: one.id, reason: 'Lost' })
  history.say(`drop ${one.bundle.digest.slice(7, 11)}`, code)
  mustBe(code, wanted, 'giving up')
  if (code !== 'ok') return
  one.dropped = one.released ? 'voided' : 'unsigned'
  must(low.sent.includes(one), 'what is given up is here')
  await history.growLow()
}

/** It is handed over, and nothing more is written. */
export async function closeSent(history: History, one: Sent): Promise<void> {
  const wanted = closeCode(one)
  const { code } = await history.world.low.call('consignment.close', { id: one.id })
  history.say(`close-low ${one.bundle.digest.slice(7, 11)}`, code)
  mustBe(code, wanted, 'closing at the low desk')
  if (code === 'ok') one.closed = true
  await history.growLow()
}

/** Two officers of the low desk raise the epoch. */
export async function raiseLow(history: History, to = history.low.epoch + 1): Promise<void> {
  const code = await history.world.low.officersAsk('stream.epoch', { channel, to })
  history.say(`raise-low ${to}`, code)
  mustBe(code, 'ok', 'a raise at the low desk')
  history.low.epoch = to
  await history.growLow()
}

/** Two officers of the low desk revoke a key of one who prepares. */
export async function revokeLow(history: History): Promise<void> {
  const { world, low } = history
  if (low.revoked.includes('bob')) return
  const fingerprint = world.fingerprints['bob'] ?? ''
  const code = await world.low.officersAsk('trust.revoke', { fingerprint, reason: 'Lost' })
  history.say('revoke-low', code)
  mustBe(code, 'ok', 'a revocation at the low desk')
  revokeAtLow(low, 'bob')
  await history.growLow()
}

/** Somebody copies the folder of the low desk. */
export async function backUpLow(history: History): Promise<void> {
  const folder = history.path('low-backup')
  await history.world.low.backUp(folder)
  const state = structuredClone(history.low)
  history.lowBackups.push({ folder, state, size: state.ledger.length })
  history.say('backup-low')
}

/** Somebody puts an earlier copy in its place, and two officers record that. */
export async function putBackLow(history: History, which?: History['lowBackups'][number]): Promise<void> {
  if (history.lowBackups.length === 0) return
  const { folder, state, size } = which ?? history.random.pick(history.lowBackups)
  const same = size === history.low.ledger.length && state.ledger.at(-1) === history.low.ledger.at(-1)
  const code = await history.world.low.putBack(folder)
  history.say('put-back-low', code)
  mustBe(code, same ? 'nothing-to-change' : 'ok', 'recording that the low desk was put back')
  history.low = structuredClone(state)
  history.branch += 1
  await history.growLow()
}
