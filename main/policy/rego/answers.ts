import type { Json } from '../../platform/json.ts'
import { limits } from '../../platform/limits.ts'
import { isFreeText, visible } from '../../../shared/names.ts'
import { RegoRefused } from './refused.ts'

/** What a rule set has against a bundle, or against one item of it. */
export interface Objection {
  /** The name of the item; `null` where it is about the bundle. */
  readonly item: string | null
  readonly id: string
  readonly message: string
}

/** What a rule set answered, as far as it can be read. What cannot be read never takes away what can. */
export interface Answers {
  readonly objections: readonly Objection[]
  /** The first thing that is not as it must be; `null` where all is. */
  readonly strange: string | null
}

const idForm = /^[A-Za-z0-9._-]{1,64}$/

function readOne(one: Json, items: ReadonlySet<string>): Objection | string {
  if (typeof one !== 'object' || one === null || Array.isArray(one)) return 'an objection that is no object'
  const { item, id, message, ...more } = one
  const [name] = Object.keys(more)
  if (name !== undefined) return `an objection with “${visible(name).slice(0, 100)}”`
  if (typeof id !== 'string' || !idForm.test(id))
    return 'an objection without an id of letters, digits and . _ -'
  if (typeof message !== 'string' || !isFreeText(message))
    return `the objection ${id} without a message of at most 500 characters that are all seen`
  if (item === null) return { item, id, message }
  if (typeof item === 'string' && items.has(item)) return { item, id, message }
  return `the objection ${id} to an item that is not in this bundle`
}

const order = (a: Objection, b: Objection): number => {
  const [left, right] = [a, b].map(({ item, id, message }) => JSON.stringify([item, id, message]))
  return (left ?? '') < (right ?? '') ? -1 : 1
}

/**
 * Reads the answer of a compiled policy: one result, a set of objections.
 *
 * @param items names of the items of the bundle
 * @throws RegoRefused `answer` for something else than a list
 */
export function readAnswers(answer: Json, items: ReadonlySet<string>): Answers {
  const wrong = (found: string): RegoRefused => new RegoRefused('answer', 'one set of objections', found)
  if (!Array.isArray(answer) || answer.length > 1) throw wrong('something else')
  const [only] = answer
  if (only === undefined) throw wrong('nothing: the rule is undefined for this bundle')
  if (typeof only !== 'object' || only === null || Array.isArray(only)) throw wrong('something else')
  const { result, ...more } = only
  if (!Array.isArray(result) || Object.keys(more).length > 0) throw wrong('something that is no set')
  const read = result.slice(0, limits.regoAnswers).map((one) => readOne(one, items))
  const strange =
    result.length > limits.regoAnswers
      ? `${result.length} objections, of which ${limits.regoAnswers} are read`
      : (read.find((one) => typeof one === 'string') ?? null)
  return { objections: read.filter((one) => typeof one !== 'string').sort(order), strange }
}
