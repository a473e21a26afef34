import { create } from 'zustand'
import type { FailureView } from '../../shared/failure.ts'
import type { Settings } from '../../shared/settings.ts'
import { call } from '../bridge.ts'

interface Kept {
  readonly settings: Settings
  /** The version of the app; '' until main has said it. */
  readonly version: string
}

// As in shared/settings.ts, which brings zod and so cannot be in the page.
const start: Settings = {
  format: 'sallyport.settings/v1',
  theme: 'system',
  density: 'comfortable',
  language: 'en',
}

export const useSettings = create<Kept>()(() => ({ settings: start, version: '' }))

/** Puts settings in force: style/tokens.css knows the attributes. */
function show({ theme, density }: Settings): void {
  const root = document.documentElement
  root.dataset['theme'] = theme
  root.dataset['density'] = density
}

/** Asks main for the settings of this account. Without an answer the window looks as at first. */
export async function loadSettings(): Promise<void> {
  const answer = await call('settings.show', {})
  if (!answer.ok) return
  const { settings, version } = answer.value
  show(settings)
  useSettings.setState({ settings, version })
}

/** Puts a change in force and keeps it; gives why it could not be kept, and then nothing has changed. */
export async function changeSettings(change: Partial<Settings>): Promise<FailureView | null> {
  const before = useSettings.getState().settings
  const settings = { ...before, ...change }
  show(settings)
  useSettings.setState({ settings })
  const answer = await call('settings.set', { settings })
  if (answer.ok) return null
  show(before)
  useSettings.setState({ settings: before })
  return answer.failure
}
