import { useState, type ReactNode } from 'react'
import type { FailureView } from '../../../shared/failure.ts'
import type { Density, Settings as Kept, Theme } from '../../../shared/settings.ts'
import type { DeskView } from '../../../shared/views.ts'
import { call } from '../../bridge.ts'
import { Act } from '../../parts/act.tsx'
import { Choice } from '../../parts/choice.tsx'
import { Facts } from '../../parts/facts.tsx'
import { FailureBox } from '../../parts/failure.tsx'
import { Frame } from '../../parts/frame.tsx'
import { useMirror } from '../../state/mirror.ts'
import { changeSettings, useSettings } from '../../state/settings.ts'
import { go } from '../../state/view.ts'
import { time } from '../../text/format.ts'
import { sideWords } from '../../text/words.ts'

const themeWords: Readonly<
  Record<Theme, { readonly name: string; readonly means: string; readonly now: string }>
> = {
  system: {
    name: 'As the system:',
    means: 'light or dark, and it changes when that does.',
    now: 'follows the system',
  },
  light: { name: 'Light:', means: 'dark letters on white.', now: 'is light' },
  dark: { name: 'Dark:', means: 'light letters on dark grey.', now: 'is dark' },
  'high-contrast': {
    name: 'High contrast:',
    means: 'white and yellow on black, every edge drawn.',
    now: 'has high contrast',
  },
}

const densityWords: Readonly<Record<Density, { readonly name: string; readonly means: string }>> = {
  comfortable: { name: 'Comfortable:', means: 'more room around everything.' },
  compact: { name: 'Compact:', means: 'more rows and facts on one screen.' },
}

const headingOf = ({ theme, density }: Kept): string =>
  `This window ${themeWords[theme].now} and is ${density}`

function Desk({ desk }: { readonly desk: DeskView }): ReactNode {
  const version = useSettings((state) => state.version)
  const { card, id } = desk
  return (
    <section className="card" aria-labelledby="this-desk">
      <h2 id="this-desk">This desk</h2>
      <Facts
        rows={[
          ['Name', card.name],
          ['Side', `${sideWords[card.side]}; it never changes`],
          ['Made', time(card.created)],
          ['Id', <code key="id">{id}</code>],
          ['Form of its folder', <code key="form">{card.format}</code>],
          ['Opened', desk.writable ? 'for work; no other program can write to it' : 'for reading only'],
          ['Sallyport', `version ${version}`],
        ]}
      />
    </section>
  )
}

/** How the window looks, which desk is open, and the way to close it. */
export function Settings(): ReactNode {
  const settings = useSettings((state) => state.settings)
  const desk = useMirror((mirror) => mirror.desk)
  const [failure, setFailure] = useState<FailureView | null>(null)
  const change = async (wanted: Partial<Kept>): Promise<void> => {
    setFailure(null)
    setFailure(await changeSettings(wanted))
  }
  const close = async (): Promise<void> => {
    setFailure(null)
    const answer = await call('desk.close', {})
    if (answer.ok) go({ to: 'start' })
    else setFailure(answer.failure)
  }
  return (
    <Frame
      heading={headingOf(settings)}
      means="For your account on this computer. Nothing here changes what a desk does."
      reading
      next="Closing the desk loses nothing."
      acts={<Act onPress={() => void close()}>Close this desk</Act>}
    >
      <FailureBox failure={failure} />
      <section className="card">
        <Choice
          label="Colours"
          value={settings.theme}
          onChange={(theme) => void change({ theme })}
          options={(Object.keys(themeWords) as Theme[]).map((value) => ({ value, ...themeWords[value] }))}
        />
        <Choice
          label="Density"
          value={settings.density}
          onChange={(density) => void change({ density })}
          options={(Object.keys(densityWords) as Density[]).map((value) => ({
            value,
            ...densityWords[value],
          }))}
        />
        <h3>Language</h3>
        <p>English, the only one so far.</p>
      </section>
      {desk === null ? null : <Desk desk={desk} />}
    </Frame>
  )
}
