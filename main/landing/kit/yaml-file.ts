import { stringify } from 'yaml'
import type { KitFile } from './kit-facts.ts'

/** A document that YAML can hold. */
export type Plain = string | number | boolean | readonly Plain[] | { readonly [name: string]: Plain }

/**
 * A document as a YAML file. Every text is quoted, so that no version of YAML reads a name as something else.
 *
 * @param keys `quoted` where names of members come from outside
 */
export function yamlFile(path: string, document: Plain, keys: 'plain' | 'quoted' = 'plain'): KitFile {
  const text = stringify(document, {
    lineWidth: 0,
    aliasDuplicateObjects: false,
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: keys === 'plain' ? 'PLAIN' : 'QUOTE_DOUBLE',
  })
  return { path, bytes: Buffer.from(text) }
}

/** A resource of Kubernetes. */
export interface Resource {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly [name: string]: Plain }
  readonly [name: string]: Plain
}

/** One resource a file: `Kind.yaml`, and `Kind-2.yaml`, `Kind-3.yaml`, … where there are several of a kind. */
export function resourceFiles(resources: readonly Resource[]): KitFile[] {
  const numbers = new Map<string, number>()
  return resources.map((one) => {
    const number = (numbers.get(one.kind) ?? 0) + 1
    numbers.set(one.kind, number)
    return yamlFile(number === 1 ? `${one.kind}.yaml` : `${one.kind}-${number}.yaml`, one)
  })
}

/** A list in pieces of so many. */
export function pieces<Value>(list: readonly Value[], most: number): Value[][] {
  const found: Value[][] = []
  for (let at = 0; at < list.length; at += most) found.push(list.slice(at, at + most))
  return found
}
