import type { ReactNode } from 'react'
import { alikeTo } from '../../shared/rules/alike.ts'
import type { Fingerprint } from '../../shared/views.ts'
import { Badge } from './badge.tsx'

interface Keyed {
  readonly name: string
  readonly fingerprint: Fingerprint
}

/** A loud row where somebody else's name looks like that of `one`, else none: only the keys tell them apart. */
export function alikeRows(one: Keyed, all: readonly Keyed[]): (readonly [string, ReactNode])[] {
  const others = alikeTo(one, all, ({ fingerprint }) => fingerprint.hex)
  if (others.length === 0) return []
  return [
    [
      'Looks like',
      others.map(({ name, fingerprint }) => (
        <p key={fingerprint.hex}>
          <Badge result="warn" text={`“${name}”, another key`} />{' '}
          <code>{fingerprint.words.slice(0, 4).join(' ')} …</code> Compare the words, not the names.
        </p>
      )),
    ],
  ]
}
