import { lstat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { zDeskCard } from '../../../shared/waybill.ts'
import { deskIdOf } from '../../bundle/waybill.ts'
import { causeOf, Failure } from '../../platform/failure.ts'
import { readCapped, writeRecord } from '../../platform/files.ts'
import { canonical, parseCanonical } from '../../platform/json.ts'
import { limits } from '../../platform/limits.ts'
import { fingerprintOf } from '../../trust/fingerprint.ts'
import type { Context } from '../work/context.ts'

/** What a card says. @throws Failure `card-form` */
export async function readCard(
  context: Context,
  place: string,
): Promise<{ readonly id: string; readonly side: 'low' | 'high'; readonly name: string }> {
  const path = context.places.path(place, 'card')
  const bytes = await readCapped(path, limits.smallFileBytes)
  try {
    const card = zDeskCard.parse(parseCanonical(bytes))
    return { id: deskIdOf(card), side: card.side, name: card.name }
  } catch (error) {
    const found = causeOf(error).slice(0, 200)
    throw new Failure('card-form', { path: basename(path), found }, error)
  }
}

/** `card.read`: a card says which desk it is of; whether that is so, people compare. */
export async function read(
  context: Context,
  input: CallInput<'card.read'>,
): Promise<CallOutput<'card.read'>> {
  const { id, side, name } = await readCard(context, input.place)
  return { id: fingerprintOf(id), side, name }
}

/** `card.save`: never over something that is there. */
export async function save(
  context: Context,
  input: CallInput<'card.save'>,
): Promise<CallOutput<'card.save'>> {
  const path = context.places.path(input.place, 'card')
  if ((await lstat(path).catch(() => null)) !== null) throw new Failure('file-exists', { path })
  await writeRecord(path, canonical(context.desk().state.card), 0o644)
  return { file: basename(path) }
}
