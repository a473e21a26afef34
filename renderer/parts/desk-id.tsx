import type { ReactNode } from 'react'
import { useMirror } from '../state/mirror.ts'

/** The id of a desk, with its name where this desk knows it. */
export function DeskId({ id }: { readonly id: string }): ReactNode {
  const name = useMirror((mirror) => mirror.desk?.desks.find((one) => one.id === id)?.name)
  return (
    <>
      {name === undefined ? null : <>{name} </>}
      <code>{id}</code>
    </>
  )
}
