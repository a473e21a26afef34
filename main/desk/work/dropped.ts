import { stat } from 'node:fs/promises'
import { basename, isAbsolute } from 'node:path'
import type { EventValue } from '../../../shared/contract.ts'
import type { Places } from './places.ts'

/** A place for what a person dropped on the window: one file or folder that is there, and only to be looked into. */
export async function placeOfDropped(places: Places, paths: unknown): Promise<EventValue<'dropped'>> {
  const given: readonly unknown[] = Array.isArray(paths) ? paths : []
  const nothing = { place: null, label: '', folder: false, count: given.length }
  const [path] = given
  if (given.length !== 1 || typeof path !== 'string' || !isAbsolute(path)) return nothing
  const found = await stat(path).catch(() => null)
  const folder = found?.isDirectory() === true
  if (!folder && found?.isFile() !== true) return nothing
  const place = places.register(folder ? 'look-folder' : 'look', path)
  return { place, label: basename(path) || path, folder, count: 1 }
}
