import type { ReactNode } from 'react'
import { useMirror } from '../state/mirror.ts'

/** A page as it is printed, in a frame where nothing runs; shown anew when the ledger has grown. */
export function OnPaper({ title, address }: { readonly title: string; readonly address: string }): ReactNode {
  const root = useMirror((mirror) => mirror.desk?.ledger.root ?? '')
  return <iframe key={root} className="paper" title={title} src={`app://report/${address}.html`} sandbox="" />
}
