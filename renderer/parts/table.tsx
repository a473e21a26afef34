import type { ReactNode } from 'react'

/** The head of a column: its words, whether numbers stand below it, or what is only spoken of it. */
type Head = string | { readonly number: string } | { readonly spoken: string }

function HeadCell({ head }: { readonly head: Head }): ReactNode {
  if (typeof head === 'string') return <th scope="col">{head}</th>
  if ('spoken' in head) return <th scope="col" aria-label={head.spoken} />
  return (
    <th scope="col" className="number">
      {head.number}
    </th>
  )
}

/** A table of some rows, which scrolls by itself, also by keyboard, where the window is narrow. */
export function Table(props: {
  /** What it is a table of, as it is spoken. */
  readonly label: string
  readonly heads: readonly Head[]
  readonly kind?: string
  /** Its rows. */
  readonly children: ReactNode
}): ReactNode {
  const { label, heads, kind, children } = props
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={label}>
      <table className={kind}>
        <thead>
          <tr>
            {heads.map((head, i) => (
              <HeadCell key={i} head={head} />
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}
