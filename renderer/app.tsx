import { lazy, Suspense, useEffect, type ReactNode } from 'react'
import type { Desk } from './desk.tsx'
import { Start } from './screens/start.tsx'
import { useMirror } from './state/mirror.ts'

// Most of what the window is made of, and of no use before a desk is open: it is read once the first page is drawn.
const pages = async (): Promise<{ default: typeof Desk }> => ({ default: (await import('./desk.tsx')).Desk })
const DeskPages = lazy(pages)

const opening = <p className="opening">Opening…</p>

/** The whole window: the pages of the desk that is open, or the one that opens or makes one. */
export function App(): ReactNode {
  const loaded = useMirror((mirror) => mirror.loaded)
  const open = useMirror((mirror) => mirror.desk !== null)
  useEffect(() => {
    // Whoever opens a desk then waits for nothing; one that cannot be read says so when it is drawn.
    if (loaded) pages().catch(() => undefined)
  }, [loaded])
  // A desk with a long history takes seconds to read.
  if (!loaded) return opening
  return open ? (
    <Suspense fallback={opening}>
      <DeskPages />
    </Suspense>
  ) : (
    <Start />
  )
}
