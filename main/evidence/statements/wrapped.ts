import { limits } from '../../platform/limits.ts'
import { strictJson } from '../../sigstore/parse.ts'
import type { Statement } from '../../sigstore/subject.ts'

/**
 * A statement without the wrapping that cosign before version 2 put around predicates: `{Data, Timestamp}` and nothing
 * else, the document itself or its text in `Data`. What the wrapping says of a time proves none.
 *
 * @throws Refusal `statement.form` where the text is no JSON
 */
export function unwrapped(statement: Statement): Statement {
  const { predicate } = statement
  if (typeof predicate !== 'object' || predicate === null || Array.isArray(predicate)) return statement
  const { Data: data, Timestamp: time, ...others } = predicate
  if (data === undefined || typeof time !== 'string' || Object.keys(others).length > 0) return statement
  if (typeof data !== 'string') return { ...statement, predicate: data }
  return { ...statement, predicate: strictJson(Buffer.from(data), 'statement.form', limits.statementValues) }
}
