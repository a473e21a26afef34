import type { ReactNode } from 'react'

/** Several of several, each with what it means beside it. */
export function Ticks<Value extends string>(props: {
  readonly label: string
  readonly options: readonly { readonly value: Value; readonly name: string; readonly means?: string }[]
  readonly value: readonly Value[]
  readonly onChange: (value: readonly Value[]) => void
}): ReactNode {
  const { label, options, value, onChange } = props
  const toggle = (one: Value): void =>
    onChange(value.includes(one) ? value.filter((other) => other !== one) : [...value, one])
  return (
    <fieldset className="field choices">
      <legend>{label}</legend>
      {options.map((option) => (
        <label key={option.value} className="choice">
          <input
            type="checkbox"
            checked={value.includes(option.value)}
            onChange={() => toggle(option.value)}
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
