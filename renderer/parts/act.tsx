import type { ReactNode, Ref } from 'react'
import { Button } from 'react-aria-components'
import { useClosed } from '../state/closed.ts'

/** A button named by its deed. The primary one is the page's one primary act and stands last in the foot. */
export function Act(props: {
  readonly children: ReactNode
  readonly onPress: () => void
  readonly kind?: 'primary' | 'danger' | 'link' | 'plain'
  readonly disabled?: boolean
  /** It ends in something that is recorded: closed where nothing can be. The foot says why. */
  readonly writes?: boolean
  /** For whoever gives it the focus. */
  readonly focus?: Ref<HTMLButtonElement>
  /** Its whole name, where what stands on it tells it from others only by where it is. */
  readonly spoken?: string
}): ReactNode {
  const { children, onPress, kind = 'plain', disabled = false, writes = false, focus, spoken } = props
  const closed = useClosed()
  return (
    <Button
      ref={focus}
      {...(spoken === undefined ? {} : { 'aria-label': spoken })}
      className={`button ${kind}`}
      onPress={onPress}
      isDisabled={disabled || (writes && closed !== null)}
    >
      {children}
    </Button>
  )
}
