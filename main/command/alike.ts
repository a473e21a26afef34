import { alikeTo } from '../../shared/rules/alike.ts'
import type { Fingerprint } from '../../shared/views.ts'

interface Keyed {
  readonly name: string
  readonly fingerprint: Fingerprint
}

/** A line for everyone else whose name looks like that of `one`: only their keys tell them apart. */
export function alikeLines(one: Keyed, all: readonly Keyed[]): string[] {
  return alikeTo(one, all, ({ fingerprint }) => fingerprint.hex).map(
    ({ name, fingerprint }) =>
      `    ! LOOKS LIKE “${name}”, whose key is another: ${fingerprint.words.slice(0, 4).join(' ')} … ${fingerprint.hex}`,
  )
}
