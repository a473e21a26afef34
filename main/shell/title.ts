import type { BrowserWindow } from 'electron'
import { visible } from '../../shared/names.ts'
import { shellWords } from '../../shared/text/shell.ts'
import type { Session } from '../desk/session.ts'

/** The title of the window: which desk is open, on which side. */
export function titleOf(desk: { readonly name: string; readonly side: 'low' | 'high' } | null): string {
  const { title, noDesk } = shellWords
  return (desk === null ? noDesk : title)
    .replace('{side}', desk?.side ?? '')
    .replace('{name}', () => visible(desk?.name ?? ''))
}

/** Keeps the title of a window by what its session has open. The page has no say: the system shows it as the app's word. */
export function keepTitle(window: BrowserWindow, session: Session): void {
  let shown: string | null = null
  const show = async (id: string | null): Promise<void> => {
    const answer = id === null ? null : await session.call('desk.show', {}).catch(() => null)
    if (!window.isDestroyed()) window.setTitle(titleOf(answer?.card ?? null))
  }
  window.on('page-title-updated', (event) => event.preventDefault())
  window.setTitle(titleOf(null))
  session.on((...[event, value]) => {
    if (event !== 'desk' || value.id === shown) return
    shown = value.id
    void show(value.id)
  })
}
