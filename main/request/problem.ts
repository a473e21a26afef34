import { Failure } from '../platform/failure.ts'
import type { Position } from '../platform/yaml.ts'

/** One thing that is wrong: where in the document (`items.2.image`), and the failure that says it. */
export interface Problem {
  readonly path: string
  readonly failure: Failure
}

/** A `request-form` failure with its place. */
export function formFailure(at: Position, expected: string, found: string): Failure {
  return new Failure('request-form', { line: at.line, column: at.column, expected, found })
}

/** @throws Failure `request-form` */
export function wrong(at: Position, expected: string, found: string): never {
  throw formFailure(at, expected, found)
}

/** A failure at a path of names and numbers in the document. */
export function withPath(path: readonly (string | number)[], failure: Failure): Problem {
  return { path: path.join('.'), failure }
}
