import { useState, type KeyboardEvent, type ReactNode, type Ref } from 'react'
import { FieldError, Input, Label, Text, TextArea, TextField } from 'react-aria-components'

interface FieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly hint?: ReactNode
  /** What is wrong with it, in a sentence; empty while nothing is. */
  readonly error?: string
  readonly secret?: boolean
  /** Rows of a text of several lines. */
  readonly rows?: number
  /** For what must be typed from paper: pasting is refused, and said. */
  readonly typedOnly?: boolean
  readonly mono?: boolean
  /** For whoever gives it the focus. */
  readonly focus?: Ref<HTMLInputElement>
  /** What Enter in it does. */
  readonly onEnter?: (() => void) | null
}

/** A labelled line of text. A secret one is for passphrases: nothing remembers or completes it. */
export function Field(props: FieldProps): ReactNode {
  const { label, value, onChange, hint, error = '', secret = false, rows, typedOnly = false, mono } = props
  const { focus, onEnter = null } = props
  const [pasted, setPasted] = useState(false)
  const said = pasted ? 'Type it from the paper. Pasting compares a thing with itself.' : error
  const refuse = (event: { preventDefault: () => void }): void => {
    event.preventDefault()
    setPasted(true)
  }
  const guard = typedOnly ? { onPaste: refuse, onDrop: refuse } : {}
  const enter = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) onEnter?.()
  }
  const type = (text: string): void => {
    setPasted(false)
    onChange(text)
  }
  return (
    <TextField
      className={mono === true ? 'field mono-input' : 'field'}
      value={value}
      onChange={type}
      type={secret ? 'password' : 'text'}
      autoComplete="off"
      isInvalid={said !== ''}
    >
      <Label>{label}</Label>
      {rows === undefined ? (
        <Input ref={focus} spellCheck={false} onKeyDown={enter} {...guard} />
      ) : (
        <TextArea spellCheck={false} rows={rows} {...guard} />
      )}
      {hint === undefined || hint === '' ? null : (
        <Text slot="description" className="small soft">
          {hint}
        </Text>
      )}
      <FieldError className="field-error">{said}</FieldError>
    </TextField>
  )
}
