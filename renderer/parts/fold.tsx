import { useId, useState, type ReactNode } from 'react'

/** What few people need, behind one control that says what it is. */
export function Fold({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  const [open, setOpen] = useState(false)
  const id = useId()
  return (
    <div className="fold-part">
      <button
        type="button"
        className="button link"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {open ? `Hide ${name}` : `Show ${name}`}
      </button>
      {open ? <div id={id}>{children}</div> : null}
    </div>
  )
}
