import { readdir, rm } from 'node:fs/promises'
import { causeOf } from '../../platform/failure.ts'
import { removeUnfinished } from '../../media/unfinished.ts'
import { moveAccepted } from './content.ts'
import type { Desk } from '../desk.ts'
import { namedDigests } from './pinned.ts'
import { isId } from './sound.ts'
import type { Consignment } from '../state/consignment.ts'

async function recoverWriting(desk: Desk, one: Consignment): Promise<string[]> {
  const said: string[] = []
  for (const writing of one.writings) {
    if (writing.done !== null || writing.failed || one.waybill === null) continue
    const unfinished = `${writing.folder}.part`
    // The record is ours, the place is not: only what a writing makes is removed.
    const parts = writing.parts.map(({ name }) => name)
    const left = await removeUnfinished(unfinished, parts)
    if (left !== null) said.push(`${unfinished} could not be removed (${left}).`)
    await desk.record('write.failed', {
      consignment: one.id,
      waybill: one.waybill,
      run: writing.run,
      code: 'interrupted',
    })
    said.push(
      `The writing of “${one.name}” to ${writing.folder} was interrupted; what was there is discarded.`,
    )
  }
  return said
}

async function recoverOne(desk: Desk, one: Consignment): Promise<string[]> {
  const said: string[] = []
  if (one.collecting) {
    await desk.record('collect.failed', { consignment: one.id, code: 'interrupted' })
    await rm(desk.folder.consignment(one.id), { recursive: true, force: true })
    return [`The collecting of “${one.name}” was interrupted and is discarded.`]
  }
  said.push(...(await recoverWriting(desk, one)))
  if (one.decided === 'accept' && !one.moved) {
    const moved = await moveAccepted(desk, one, false).then(
      () => 'was moved into the store to its end',
      (error: unknown) => `could not be moved into the store (${causeOf(error)}); it cannot be exported`,
    )
    said.push(`The accepted content of “${one.name}” ${moved}.`)
  }
  if (one.exporting !== null && one.waybill !== null) {
    const target = one.exporting
    await desk.record('export.failed', {
      consignment: one.id,
      waybill: one.waybill,
      target,
      code: 'interrupted',
    })
    said.push(`The export of “${one.name}” to ${target} was interrupted; the target was not completed.`)
  }
  return said
}

async function discardUnnamed(desk: Desk): Promise<string[]> {
  const store = await desk.store()
  const named = await namedDigests(desk)
  let count = 0
  for (const digest of await store.list()) {
    if (named.has(digest)) continue
    await store.remove(digest)
    count += 1
  }
  return count === 0 ? [] : [`${count} contents that no consignment names were discarded.`]
}

// A ledger that names less than lies here was cut, or a crash came before its line.
async function hasUnnamed(desk: Desk): Promise<boolean> {
  const folders = await readdir(desk.folder.consignments).catch(() => [])
  return folders.some((id) => isId(id) && !desk.state.consignments.has(id))
}

async function discardParts(desk: Desk): Promise<string[]> {
  await (await desk.store()).discardParts()
  const said: string[] = []
  for (const id of await readdir(desk.folder.quarantine).catch(() => [])) {
    // Only what this desk could have made is its to remove.
    if (!isId(id)) continue
    const one = desk.state.consignments.get(id)
    if (one === undefined) {
      await rm(desk.folder.quarantineOf(id), { recursive: true, force: true })
      said.push('A quarantine that no consignment names was discarded.')
    } else {
      await (await desk.quarantine(id)).discardParts()
    }
  }
  return said
}

/**
 * Finishes or discards what a crash left under way; says which, in sentences. Contents that nobody names are looked for
 * only after a crash, because that reads the waybill of every consignment; pruning finds them at any time. What a failed
 * collecting fetched whole stays for the next try.
 *
 * @param crashed whether the opening found something that only a crash leaves
 */
export async function recover(desk: Desk, crashed: boolean): Promise<string[]> {
  const said: string[] = []
  for (const one of [...desk.state.consignments.values()]) said.push(...(await recoverOne(desk, one)))
  said.push(...(await discardParts(desk)))
  const loose = crashed || said.length > 0 || (await hasUnnamed(desk))
  if (loose) said.push(...(await discardUnnamed(desk)))
  return said
}
