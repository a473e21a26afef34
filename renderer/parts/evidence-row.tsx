import { useId, useState, type ReactNode } from 'react'

/** A row of the table of an item's evidence; what few people need comes below it in a row of its own. */
export function EvidenceRow(props: {
  readonly badge: ReactNode
  readonly name: string
  /** What tells its control from the others when it is spoken. */
  readonly of: string
  readonly children: ReactNode
  readonly details: ReactNode
}): ReactNode {
  const { badge, name, of, children, details } = props
  const [open, setOpen] = useState(false)
  const id = useId()
  return (
    <>
      <tr>
        <td>{badge}</td>
        <th scope="row">{name}</th>
        <td>{children}</td>
        <td>
          <button
            type="button"
            className="button link"
            aria-expanded={open}
            aria-controls={open ? id : undefined}
            aria-label={`Details: ${name}, ${of}`}
            onClick={() => setOpen(!open)}
          >
            Details
          </button>
        </td>
      </tr>
      {open ? (
        <tr id={id}>
          <td colSpan={4}>{details}</td>
        </tr>
      ) : null}
    </>
  )
}
