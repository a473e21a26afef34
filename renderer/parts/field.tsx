import type { ReactNode } from 'react'
import { FieldError, Input, Label, Text, TextField } from 'react-aria-components'

interface FieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly hint?: string
  readonly secret?: boolean
}

/** A labelled line of text. A secret one is for passphrases: nothing remembers or completes it. */
export function Field({ label, value, onChange, hint, secret = false }: FieldProps): ReactNode {
  return (
    <TextField
      className="field"
      value={value}
      onChange={onChange}
      type={secret ? 'password' : 'text'}
      autoComplete="off"
    >
      <Label>{label}</Label>
      <Input spellCheck={false} />
      {hint === undefined ? null : (
        <Text slot="description" className="small soft">
          {hint}
        </Text>
      )}
      <FieldError />
    </TextField>
  )
}
