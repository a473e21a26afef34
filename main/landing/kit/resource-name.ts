import { transferIdOf } from '../../../shared/digest.ts'
import { sha256Hex } from '../../platform/hash.ts'
import type { KitFacts } from './kit-facts.ts'
import { targetPlace } from './places.ts'

/** Which of several of a kind, from 0, and whether it is about this transfer alone. */
export interface Which {
  readonly i?: number
  readonly own?: boolean
}

/**
 * The name of a resource. What is about everything below a target has the target's name, so that a later kit takes its
 * place, also with another key; what is about single names has the transfer's too, so that it stands beside those of others.
 */
export function resourceName(stem: string, facts: KitFacts, { i = 0, own = false }: Which = {}): string {
  const place = sha256Hex(targetPlace(facts)).slice(0, 8)
  return `${stem}-${place}${own ? `-${transferIdOf(facts.waybill)}` : ''}${i === 0 ? '' : `-${i + 1}`}`
}
