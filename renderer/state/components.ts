import { useEffect, useState } from 'react'
import type { ItemComponents } from '../../shared/components.ts'
import type { FailureView } from '../../shared/failure.ts'
import { call } from '../bridge.ts'

/** What changed inside the items of a consignment; `null` while it is asked for. */
export type Inside =
  | { readonly items: readonly ItemComponents[]; readonly failure: null }
  | { readonly items: null; readonly failure: FailureView }

/** Asks main what changed inside; again whenever `about` changes. */
export function useInside(id: string, about: string): Inside | null {
  const [inside, setInside] = useState<Inside | null>(null)
  useEffect(() => {
    let current = true
    void call('components.show', { id }).then((answer) => {
      if (!current) return
      setInside(
        answer.ok ? { items: answer.value.items, failure: null } : { items: null, failure: answer.failure },
      )
    })
    return () => {
      current = false
    }
  }, [id, about])
  return inside
}
