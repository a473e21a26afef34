import { create } from 'zustand'
import { emptyRequest } from '../text/request-form.ts'
import { noAccess, type AccessGiven } from './access.ts'
import type { Chosen } from './place.ts'

/** A request that is being written, and access for its collect alone. The text is the only truth; the form is a view of it. */
interface Draft extends AccessGiven {
  readonly text: string
  /** The folder that its files lie in, once somebody chose a file. */
  readonly folder: Chosen | null
}

const key = 'request'

// A reload of the window must lose nothing that was typed; closing the app forgets it.
function remembered(): string {
  try {
    return sessionStorage.getItem(key) ?? emptyRequest
  } catch {
    return emptyRequest
  }
}

export const useDraft = create<Draft>()(() => ({ text: remembered(), folder: null, ...noAccess }))

useDraft.subscribe(({ text }) => {
  try {
    sessionStorage.setItem(key, text)
  } catch {
    // A request that is too long to remember is still shown.
  }
})

export function setDraft(change: Partial<Draft>): void {
  useDraft.setState(change)
}

export function clearDraft(): void {
  useDraft.setState({ text: emptyRequest, folder: null, ...noAccess })
}
