import type { Facts, FailureView } from '../failure.ts'
import { size } from '../units.ts'
import { failureWords, type FailureCode } from './failures.ts'

// What a system calls an error says nothing to an officer; its own word stays beside, for whoever asks further.
const systemWords: ReadonlyMap<string, string> = new Map([
  ['ENOTFOUND', 'no such name in the network'],
  ['EAI_AGAIN', 'the network’s names cannot be asked now'],
  ['ECONNREFUSED', 'nothing takes connections there'],
  ['ECONNRESET', 'the connection was cut off'],
  ['ETIMEDOUT', 'no answer in time'],
  ['EHOSTUNREACH', 'no way leads there'],
  ['ENETUNREACH', 'no way leads to that network'],
  ['ENOENT', 'it is not there'],
  ['EACCES', 'this account may not'],
  ['EPERM', 'this account may not'],
  ['EROFS', 'it can only be read'],
  ['EIO', 'the disc or medium does not work'],
])

function said(value: string | number | undefined): string {
  const words = typeof value === 'string' ? systemWords.get(value) : undefined
  return words === undefined ? String(value ?? '–') : `${words} (${String(value)})`
}

/** Where a failure is read. `[in a terminal|in the window]` in its words names the way to the next step at either. */
export type Face = 'terminal' | 'window'

/** `{fact}` as it is, a number of bytes before its word with a unit; of two ways the one that the face has. */
function fill(template: string, facts: Facts, face: Face): string {
  return template
    .replace(/\[([^[\]|]*)\|([^[\]|]*)\]/g, (_, terminal: string, window: string) =>
      face === 'terminal' ? terminal : window,
    )
    .replace(/\{(\w+)\} bytes/g, (whole, name: string) => {
      const value = facts[name]
      return typeof value === 'number' ? size(value) : whole
    })
    .replace(/\{(\w+)\}/g, (_, name: string) => said(facts[name]))
}

/** The words of a code with its facts in place. */
export function viewOf(code: FailureCode, facts: Facts, face: Face = 'terminal'): FailureView {
  const words = failureWords[code]
  return {
    code,
    facts,
    happened: fill(words.happened, facts, face),
    safe: fill(words.safe, facts, face),
    next: fill(words.next, facts, face),
  }
}
