import type { Policy } from '../../../shared/policy.ts'
import type { ItemRule } from '../../../shared/policy-items.ts'

/** How an engine is held to what a desk decided. */
export const manners = ['list', 'seal', 'signers', 'nothing'] as const
/**
 * `list`: by the signed list of what is admitted; `seal`: by the seals of the landing; `signers`: by the original
 * signatures; `nothing`: it checks no signature at all.
 */
export type Manner = (typeof manners)[number]

/** A rule of a policy, and what becomes of it where only an engine of the far side is asked. */
export interface Rule {
  /** The members of the document that say it, by path. */
  readonly members: readonly string[]
  /** The rule as it is in force, in words; `null` where this policy has none. */
  readonly words: (policy: Policy) => string | null
  /** What it means that an engine asks for a seal or a list instead. */
  readonly sealed: string
  /** The same of a list, where a list holds more. */
  readonly listed?: string
  /** What it means where the original signers are believed; `null` where every such engine holds it. */
  readonly signers: string
}

/** A member of the document and those below it, by their paths. */
export const members = (above: string, ...names: readonly string[]): string[] => [
  above,
  ...names.map((name) => `${above}.${name}`),
]

/** How many of something, in words. */
export const counted = (count: number, one: string, many = `${one}s`): string | null =>
  count === 0 ? null : `${count} ${count === 1 ? one : many}`

/** How many rules for items ask for something. */
export const asking = (policy: Policy, ask: (rule: ItemRule) => unknown): number =>
  policy.items.filter((rule) => ask(rule) !== undefined && ask(rule) !== false).length
