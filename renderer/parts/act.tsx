import type { ReactNode } from 'react'
import { Button } from 'react-aria-components'

/** A button named by its deed. The primary one is the page's one primary act and stands last in the foot. */
export function Act(props: {
  readonly children: ReactNode
  readonly onPress: () => void
  readonly kind?: 'primary' | 'danger' | 'link' | 'plain'
  readonly disabled?: boolean
}): ReactNode {
  const { children, onPress, kind = 'plain', disabled = false } = props
  return (
    <Button className={`button ${kind}`} onPress={onPress} isDisabled={disabled}>
      {children}
    </Button>
  )
}
