import type { BuildRule } from '../../../shared/policy-items.ts'
import { shown } from '../../sigstore/refusal.ts'
import { fits } from '../../platform/pattern.ts'

const isNamed = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const say = (value: unknown): string => shown(JSON.stringify(value).slice(0, 200))

function fitsValue(asked: unknown, found: unknown, path: string, only: boolean): string[] {
  if (isNamed(asked))
    return isNamed(found) ? fitsEach(asked, found, path, only) : [`${path} is ${say(found)}`]
  if (Array.isArray(asked)) {
    const same = Array.isArray(found) && found.length === asked.length
    if (!same) return [`${path} is ${say(found)}`]
    return asked.flatMap((one, i) => fitsValue(one, found[i], `${path}.${i}`, only))
  }
  const isSame = typeof asked === 'string' && typeof found === 'string' ? fits(asked, found) : asked === found
  return isSame ? [] : [`${path} is ${say(found)}`]
}

function fitsEach(
  asked: Readonly<Record<string, unknown>>,
  found: Readonly<Record<string, unknown>>,
  path: string,
  only: boolean,
): string[] {
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`)
  const wrong = Object.entries(asked).flatMap(([name, value]) =>
    Object.hasOwn(found, name) ? fitsValue(value, found[name], at(name), only) : [`${at(name)} is not said`],
  )
  const more = Object.keys(found).filter((name) => !Object.hasOwn(asked, name))
  return [...wrong, ...(only ? more.map((name) => `${shown(at(name))} was asked for besides`) : [])]
}

/**
 * What speaks against what a builder was asked for from outside. SLSA asks that every one of them be expected: unknown ones
 * are refused where the policy says so.
 */
export function againstParameters(
  { parameters, otherParameters }: BuildRule,
  found: Readonly<Record<string, unknown>>,
): string[] {
  const only = otherParameters === 'refused'
  if (parameters === undefined && !only) return []
  return fitsEach(parameters ?? {}, found, '', only)
}
