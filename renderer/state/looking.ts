import { create } from 'zustand'
import type { CallInput } from '../../shared/contract.ts'
import { accessOf, noAccess, type AccessGiven } from './access.ts'
import type { Chosen } from './place.ts'

/** What somebody wants to look into, and whose keys count for it. */
interface Looking extends AccessGiven {
  /** A file or folder; `null` while none was chosen. */
  readonly chosen: (Chosen & { readonly folder: boolean }) | null
  /** A reference in a registry, instead of that. */
  readonly reference: string
  readonly plainHttp: boolean
  readonly keys: readonly Chosen[]
  readonly roots: readonly Chosen[]
}

const nothing = { chosen: null, reference: '', plainHttp: false } as const

export const useLooking = create<Looking>()(() => ({ ...nothing, keys: [], roots: [], ...noAccess }))

export function setLooking(change: Partial<Looking>): void {
  useLooking.setState(change)
}

/** Forgets what was looked into; the keys stay for the next thing. */
export function lookAnew(): void {
  useLooking.setState(nothing)
}

/** What main is asked; `null` while nothing was chosen. */
export function askedOf(looking: Looking): CallInput<'look.start'> | null {
  const { chosen, reference, plainHttp, keys, roots } = looking
  const named = { keys: keys.map(({ place }) => place), roots: roots.map(({ place }) => place), plainHttp }
  if (chosen !== null)
    return { what: chosen.folder ? { folder: chosen.place } : { file: chosen.place }, ...named }
  return reference === '' ? null : { what: { reference }, ...named, ...accessOf(looking) }
}
