import {
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
} from 'react'
import { useSettings } from '../state/settings.ts'
import { spanOf, type Span } from './span.ts'

export interface Column<Row, Key extends string = string> {
  readonly key: Key
  readonly title: string
  readonly cell: (row: Row) => ReactNode
  /** Share of the table's width, in per cent. */
  readonly width: number
  readonly number?: boolean
  /** Whether a press on its head sorts by it. */
  readonly sorts?: boolean
}

export interface Sort<Key extends string = string> {
  readonly key: Key
  readonly down: boolean
}

interface LongTableProps<Row, Key extends string> {
  readonly label: string
  readonly columns: readonly Column<Row, Key>[]
  readonly count: number
  /** The row at a place; `null` while it is still asked for. */
  readonly rowAt: (place: number) => Row | null
  readonly keyOf: (row: Row) => string
  readonly sort: Sort<Key>
  readonly onSort: (sort: Sort<Key>) => void
  /** What is listed, in which order: when it changes, the table goes back to its top. */
  readonly about: string
  /** Told which rows are drawn, for tables that ask for their rows as they go. */
  readonly onDrawn?: (from: number, to: number) => void
}

const heights = { comfortable: 38, compact: 28 } as const
function useSpan(region: RefObject<HTMLDivElement | null>, row: number, count: number): Span {
  const [{ top, height }, setSeen] = useState({ top: 0, height: 800 })
  useEffect(() => {
    const found = region.current
    if (found === null) return undefined
    const look = (): void => setSeen({ top: found.scrollTop, height: found.clientHeight })
    const sizes = new ResizeObserver(look)
    sizes.observe(found)
    found.addEventListener('scroll', look, { passive: true })
    return () => {
      sizes.disconnect()
      found.removeEventListener('scroll', look)
    }
  }, [region])
  return spanOf(Math.min(top, count * row), height, row, count)
}

/** A focused row that is scrolled away is drawn no more: the table itself takes the focus, so that keys go on scrolling. */
function useKeptFocus(region: RefObject<HTMLDivElement | null>, { from, to }: Span): () => void {
  const inside = useRef(false)
  useLayoutEffect(() => {
    const found = region.current
    if (!inside.current || found === null || found.contains(document.activeElement)) return
    if (document.activeElement === document.body) found.focus({ preventScroll: true })
    else inside.current = false
  }, [region, from, to])
  return () => (inside.current = true)
}

/** Both ends are gone to at once: a browser that still glides from the last key can lose the next one. */
function toEnds(event: KeyboardEvent<HTMLDivElement>): void {
  const { key, target, currentTarget } = event
  if (target !== currentTarget || (key !== 'Home' && key !== 'End')) return
  event.preventDefault()
  currentTarget.scrollTo({ top: key === 'Home' ? 0 : currentTarget.scrollHeight, behavior: 'instant' })
}

function Head<Row, Key extends string>({
  columns,
  sort,
  onSort,
}: Pick<LongTableProps<Row, Key>, 'columns' | 'sort' | 'onSort'>): ReactNode {
  return (
    <thead>
      <tr aria-rowindex={1}>
        {columns.map(({ key, title, number = false, sorts = false }) => {
          const down = sort.key === key && sort.down
          const order = sort.key !== key ? 'none' : down ? 'descending' : 'ascending'
          return (
            <th
              key={key}
              scope="col"
              className={number ? 'number' : undefined}
              aria-sort={sorts ? order : undefined}
            >
              {sorts ? (
                <button type="button" onClick={() => onSort({ key, down: sort.key === key && !down })}>
                  {title}
                  <span aria-hidden="true">{order === 'none' ? '' : down ? ' ↓' : ' ↑'}</span>
                </button>
              ) : (
                title
              )}
            </th>
          )
        })}
      </tr>
    </thead>
  )
}

const Gap = ({ height, columns }: { readonly height: number; readonly columns: number }): ReactNode =>
  height === 0 ? null : (
    <tr aria-hidden="true" className="gap">
      <td colSpan={columns} style={{ height }} />
    </tr>
  )

/**
 * A table of any length: it scrolls in a region of its own, keeps its head and draws only the rows that are seen. Arrows,
 * Page, Home and End scroll it; Tab goes from row to row.
 */
export function LongTable<Row, Key extends string>(props: LongTableProps<Row, Key>): ReactNode {
  const { label, columns, count, rowAt, keyOf, sort, onSort, about, onDrawn } = props
  const row = heights[useSettings((state) => state.settings.density)]
  const region = useRef<HTMLDivElement>(null)
  const span = useSpan(region, row, count)
  const focused = useKeptFocus(region, span)
  const { from, to } = span
  useEffect(() => {
    region.current?.scrollTo({ top: 0 })
  }, [about])
  useEffect(() => onDrawn?.(from, to), [onDrawn, from, to])
  return (
    <div
      className="long"
      tabIndex={0}
      role="region"
      aria-label={label}
      ref={region}
      onFocus={focused}
      onKeyDown={toEnds}
    >
      <table aria-rowcount={count + 1} aria-label={label}>
        <colgroup>
          {columns.map(({ key, width }) => (
            <col key={key} style={{ width: `${width}%` }} />
          ))}
        </colgroup>
        <Head columns={columns} sort={sort} onSort={onSort} />
        <tbody>
          <Gap height={from * row} columns={columns.length} />
          {Array.from({ length: to - from }, (_, i) => {
            const place = from + i
            const found = rowAt(place)
            return (
              <tr
                key={found === null ? `place ${place}` : keyOf(found)}
                aria-rowindex={place + 2}
                style={{ height: row }}
              >
                {columns.map(({ key, cell, number = false }) => (
                  <td key={key} className={number ? 'number' : undefined}>
                    {found === null ? '…' : cell(found)}
                  </td>
                ))}
              </tr>
            )
          })}
          <Gap height={(count - to) * row} columns={columns.length} />
        </tbody>
      </table>
    </div>
  )
}
