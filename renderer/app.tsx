import { lazy, Suspense, useEffect, type ReactNode } from 'react'
import type { Desk } from './desk.tsx'
import { Start } from './screens/start.tsx'
import type { LookWithoutDesk } from './screens/look/without-desk.tsx'
import { useMirror } from './state/mirror.ts'
import { useView } from './state/view.ts'

// Most of what the window is made of, and of no use before a desk is open: it is read once the first page is drawn.
const pages = async (): Promise<{ default: typeof Desk }> => ({ default: (await import('./desk.tsx')).Desk })
const DeskPages = lazy(pages)

const lookPages = async (): Promise<{ default: typeof LookWithoutDesk }> => ({
  default: (await import('./screens/look/without-desk.tsx')).LookWithoutDesk,
})
const LookPages = lazy(lookPages)

const opening = <p className="opening">Opening…</p>

/** The whole window: the pages of the desk that is open; without one, what opens or makes one, or looks into a file. */
export function App(): ReactNode {
  const loaded = useMirror((mirror) => mirror.loaded)
  const open = useMirror((mirror) => mirror.desk !== null)
  const running = useMirror((mirror) => mirror.jobs.some((one) => one.state === 'running'))
  const looking = useView((view) => view.looking || view.job !== null)
  useEffect(() => {
    // Whoever opens a desk then waits for nothing; one that cannot be read says so when it is drawn.
    if (loaded) pages().catch(() => undefined)
  }, [loaded])
  // A desk with a long history takes seconds to read.
  if (!loaded) return opening
  if (!open && !looking && !running) return <Start />
  return <Suspense fallback={opening}>{open ? <DeskPages /> : <LookPages />}</Suspense>
}
