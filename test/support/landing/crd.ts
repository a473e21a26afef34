import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv, type ErrorObject } from 'ajv'
import { parse } from 'yaml'
import { goModule } from '../go-modules.ts'

/** Where a project publishes the schema of a kind of resource. */
export interface Published {
  readonly module: string
  readonly version: string
  readonly file: string
}

type Schema = Record<string, unknown>

// A cluster drops what its schema does not name without a word: here it is a mistake.
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const inside: Schema = Object.fromEntries(
    Object.entries(schema).map(([name, one]): [string, unknown] => [name, closed(one)]),
  )
  const open = 'x-kubernetes-preserve-unknown-fields' in inside || 'additionalProperties' in inside
  const isObject = inside.type === 'object' && typeof inside.properties === 'object'
  return isObject && !open ? { ...inside, additionalProperties: false } : inside
}

/** The members that every resource has, whether its schema names them or not. */
function rootOf(schema: Schema): Schema {
  const any = { apiVersion: {}, kind: {}, metadata: {} }
  const properties = { ...any, ...(schema.properties as Schema), metadata: {} }
  return closed({ ...schema, properties }) as Schema
}

interface Definition {
  readonly spec: {
    readonly group: string
    readonly names: { readonly kind: string }
    readonly versions: readonly {
      readonly name: string
      readonly served: boolean
      readonly schema: { readonly openAPIV3Schema: Schema }
    }[]
  }
}

/** A published kind of resource. */
export interface Kind {
  /** What is wrong with a resource by its schema; none where nothing is. */
  problems(resource: unknown): string[]
  /** The text of the file that its project publishes. */
  readonly text: string
}

/** Reads the definition of a kind from the module of its project. */
export function publishedKind({ module, version, file }: Published): Kind {
  const text = readFileSync(join(goModule(module, version), file), 'utf8')
  const { spec } = parse(text) as Definition
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false })
  const checks = new Map(
    spec.versions
      .filter(({ served }) => served)
      .map(({ name, schema }) => [`${spec.group}/${name}`, ajv.compile(rootOf(schema.openAPIV3Schema))]),
  )
  return {
    text,
    problems: (resource) => {
      const { apiVersion, kind } = resource as { apiVersion: string; kind: string }
      const check = checks.get(apiVersion)
      if (check === undefined || kind !== spec.names.kind)
        return [`${apiVersion} ${kind} is not ${spec.names.kind}`]
      if (check(resource)) return []
      return (check.errors ?? []).map(
        ({ instancePath, message, params }: ErrorObject) =>
          `${instancePath} ${message ?? ''} ${JSON.stringify(params)}`,
      )
    },
  }
}
