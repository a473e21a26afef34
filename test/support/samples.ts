import { z } from 'zod'
import { contract, type CallName } from '../../shared/contract.ts'

/* Inputs that the contract takes, made from its schemas: what each call does with them is another matter. */

export interface Schema {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly additionalProperties?: Schema | boolean
  readonly minItems?: number
  readonly minimum?: number
}

/** One sample for each way that a schema leaves open; every optional field is there, every text is this one. */
export function samplesOf(schema: Schema, text: string): unknown[] {
  const ways = schema.anyOf ?? schema.oneOf
  if (ways !== undefined) return ways.flatMap((way) => samplesOf(way, text))
  if (schema.const !== undefined) return [schema.const]
  if (schema.enum !== undefined) return [...schema.enum]
  if (
    schema.type === 'object' &&
    schema.additionalProperties !== undefined &&
    typeof schema.additionalProperties === 'object'
  )
    return samplesOf(schema.additionalProperties, text).map((one) => ({ [text]: one }))
  if (schema.type === 'object') {
    const fields = Object.entries(schema.properties ?? {}).map(
      ([name, field]) => [name, samplesOf(field, text)] as const,
    )
    const most = Math.max(1, ...fields.map(([, found]) => found.length))
    return Array.from({ length: most }, (_, i) =>
      Object.fromEntries(fields.map(([name, found]) => [name, found[i % found.length]])),
    )
  }
  if (schema.type === 'array') return samplesOf(schema.items ?? {}, text).map((one) => [one])
  if (schema.type === 'boolean') return [true]
  if (schema.type === 'integer' || schema.type === 'number') return [Math.max(1, schema.minimum ?? 1)]
  return schema.type === 'null' ? [null] : [text]
}

function put(value: unknown, path: readonly PropertyKey[], change: (old: unknown) => unknown): unknown {
  const [step, ...rest] = path
  if (step === undefined) return change(value)
  if (typeof value !== 'object' || value === null) return value
  const at = (value as Record<PropertyKey, unknown>)[step]
  const changed = put(at, rest, change)
  if (Array.isArray(value)) return value.map((one: unknown, i) => (i === step ? changed : one))
  return { ...value, [step]: changed }
}

/** Puts another text wherever the schema asks for one, until it takes the whole. */
function accepted(name: CallName, sample: unknown, texts: readonly string[]): unknown {
  const tried = new Map<string, number>()
  let made = sample
  for (let i = 0; i < 200; i += 1) {
    const parsed = contract.calls[name].in.safeParse(made)
    if (parsed.success) return made
    const [issue] = parsed.error.issues
    const key = issue?.path.join('.') ?? ''
    const next = (tried.get(key) ?? 0) + 1
    tried.set(key, next)
    const text = texts[next]
    if (issue === undefined || text === undefined) return null
    made = put(made, issue.path, () => text)
  }
  return null
}

/**
 * Inputs for a call that its schema takes.
 *
 * @param texts what texts are tried, in this order
 */
export function inputsOf(name: CallName, texts: readonly string[]): object[] {
  const schema = z.toJSONSchema(contract.calls[name].in, { io: 'input', unrepresentable: 'any' }) as Schema
  const found = samplesOf(schema, texts[0] ?? '').map((sample) => accepted(name, sample, texts))
  return found.filter((one): one is object => typeof one === 'object' && one !== null)
}
