import { useId, useState, type ReactNode } from 'react'

/**
 * What few people need, behind one control that says what it is. `of` tells it from others like it when it is spoken;
 * `forced` shows it without the control, for as long as something in it needs somebody.
 */
export function Fold(props: {
  readonly name: string
  readonly of?: string
  readonly forced?: boolean
  readonly children: ReactNode
}): ReactNode {
  const { name, of, forced = false, children } = props
  const [chosen, setOpen] = useState(false)
  const open = chosen || forced
  const id = useId()
  const text = open ? `Hide ${name}` : `Show ${name}`
  return (
    <div className="fold-part">
      {forced ? null : (
        <button
          type="button"
          className="button link"
          aria-label={of === undefined ? undefined : `${text}: ${of}`}
          aria-expanded={open}
          aria-controls={open ? id : undefined}
          onClick={() => setOpen(!open)}
        >
          {text}
        </button>
      )}
      {open ? <div id={id}>{children}</div> : null}
    </div>
  )
}
