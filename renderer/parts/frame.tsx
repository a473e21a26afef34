import { useEffect, useRef, type ReactNode } from 'react'
import type { ConsignmentView } from '../../shared/views.ts'
import { useClosed } from '../state/closed.ts'
import { many, useMirror } from '../state/mirror.ts'
import { go, places, useView } from '../state/view.ts'
import { openStates, rolesText, sideWords } from '../text/words.ts'
import { Journey } from './journey.tsx'
import { Notice } from './notice.tsx'

function Marking(): ReactNode {
  const marking = useMirror((mirror) => mirror.desk?.marking ?? 'NO DESK OPEN')
  return <div className="marking">{marking}</div>
}

function Bar(): ReactNode {
  const desk = useMirror((mirror) => mirror.desk)
  const proved = useMirror((mirror) => mirror.proved)
  const who = proved === null ? 'no key proved' : `${proved.name}, ${rolesText(proved.roles)}`
  return (
    <header className="bar">
      <span className="product">Sallyport</span>
      {desk === null ? null : <span className="chip">{sideWords[desk.card.side]}</span>}
      {desk === null ? null : <span>{desk.card.name}</span>}
      <span className="gap" />
      <span className="chip">clock not confirmed</span>
      <span className="chip">{who}</span>
    </header>
  )
}

const names: Readonly<Record<(typeof places)[number], string>> = {
  consignments: 'Consignments',
  media: 'Media register',
  people: 'People',
  trust: 'Trust',
  policy: 'Policy',
  ledger: 'Ledger',
  settings: 'Settings',
}

function Places(): ReactNode {
  const at = useView((view) => view.place)
  const place = at === 'order' || at === 'landing' ? 'trust' : at
  const desk = useMirror((mirror) => mirror.desk)
  const side = desk?.card.side ?? 'high'
  const open = useMirror((mirror) => many(mirror.counts, openStates[side]))
  const badge = (name: keyof typeof names): ReactNode => {
    if (name === 'consignments' && open > 0) {
      return (
        <>
          {open}
          <span className="hidden">{side === 'high' ? ' waiting' : ' under way'}</span>
        </>
      )
    }
    const changes = desk?.changes.length ?? 0
    if (name === 'trust' && changes > 0) {
      return (
        <>
          {changes}
          <span className="hidden">{changes === 1 ? ' unsigned change' : ' unsigned changes'}</span>
        </>
      )
    }
    return name === 'policy' && desk !== null ? `v${desk.policy.document.version}` : ''
  }
  return (
    <nav className="places" aria-label="Places">
      <ul>
        {places.map((name) => (
          <li key={name}>
            <button
              type="button"
              aria-current={name === place ? 'page' : undefined}
              onClick={() => go({ to: 'place', place: name })}
            >
              <span>{names[name]}</span>
              <span className="soft">{badge(name)}</span>
            </button>
          </li>
        ))}
      </ul>
    </nav>
  )
}

interface FrameProps {
  /** A sentence with the answer. */
  readonly heading: string
  /** One line of what it means. */
  readonly means?: ReactNode
  readonly children: ReactNode
  /** What happens next, or why the primary act is closed. */
  readonly next: ReactNode
  readonly acts?: ReactNode
  readonly consignment?: ConsignmentView | null
  /** What it invites to can be done also where nothing can be written. */
  readonly reading?: boolean
}

/**
 * The frame of every page: marking, bar, places, journey, page, foot. A page that somebody goes to takes the focus at its
 * heading; a heading that changes under them is spoken and takes nothing.
 */
export function Frame(props: FrameProps): ReactNode {
  const { heading, means, children, next, acts, consignment = null, reading = false } = props
  const closed = useClosed()
  const desk = useMirror((mirror) => mirror.desk)
  const visit = useView((view) => view.visit)
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    title.current?.focus()
  }, [visit])
  useEffect(() => {
    document.title = `${heading} · Sallyport`
    // Whoever types keeps the focus; only what went away with the old state gives it back.
    if (document.activeElement === document.body) title.current?.focus()
  }, [heading])
  return (
    <div className="window">
      <Marking />
      <Bar />
      <div className={consignment === null ? 'body' : 'body with-journey'}>
        {desk === null ? <div className="places" /> : <Places />}
        {consignment === null ? null : <Journey consignment={consignment} />}
        <div className="main">
          <main className="page" tabIndex={-1}>
            <header>
              <h1 tabIndex={-1} ref={title} aria-live="polite">
                {heading}
              </h1>
              {means === undefined ? null : <div className="soft">{means}</div>}
            </header>
            <Notice />
            {children}
          </main>
          <footer className="foot">
            <div className="next">{reading ? next : (closed ?? next)}</div>
            <div className="acts">{acts}</div>
          </footer>
        </div>
      </div>
      <Marking />
    </div>
  )
}
