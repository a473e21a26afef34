import { create } from 'zustand'
import { useMirror } from './mirror.ts'

const useHalves = create<Readonly<Record<string, unknown>>>()(() => ({}))

// What was typed at one desk says nothing at another.
useMirror.subscribe((now, before) => {
  if (now.desk?.id !== before.desk?.id) useHalves.setState({}, true)
})

/**
 * What was typed into a form so far. It is still there after a look at another place, until it is done or the desk is
 * closed. Never for passphrases.
 *
 * @param form a name of its own
 * @param start what an empty form holds
 * @returns what is typed; a setter of some of it; and one to forget it all
 */
export function useHalf<Typed extends object>(
  form: string,
  start: Typed,
): readonly [Typed, (change: Partial<Typed>) => void, () => void] {
  const half = (useHalves((halves) => halves[form]) as Typed | undefined) ?? start
  const change = (some: Partial<Typed>): void =>
    useHalves.setState((halves) => ({
      [form]: { ...(halves[form] ?? start), ...some },
    }))
  const forget = (): void => useHalves.setState({ [form]: undefined })
  return [half, change, forget]
}
