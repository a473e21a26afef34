import { useId, type ReactNode } from 'react'

interface Option<Value extends string> {
  readonly value: Value
  readonly name: string
  readonly means?: string
}

/** One of several, each with what it means beside it. */
export function Choice<Value extends string>(props: {
  readonly label: string
  readonly options: readonly Option<Value>[]
  readonly value: Value | null
  readonly onChange: (value: Value) => void
}): ReactNode {
  const { label, options, value, onChange } = props
  const group = useId()
  return (
    <fieldset className="field choices">
      <legend>{label}</legend>
      {options.map((option) => (
        <label key={option.value} className="choice">
          <input
            type="radio"
            name={group}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          <span>
            {option.name}
            {option.means === undefined ? null : <span className="soft"> {option.means}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  )
}
