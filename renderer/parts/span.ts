/** Rows drawn above and below what is seen; they also take the focus that leaves what is seen. */
const beyond = 12

/** The rows that are drawn: `to` is the first one that is not. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** Which rows of `count` must be there, for a region scrolled to `top` that shows `height`. In steps, so that few scrolls redraw. */
export function spanOf(top: number, height: number, row: number, count: number): Span {
  const first = Math.floor(top / row / beyond) * beyond
  const last = Math.ceil((top + height) / row / beyond) * beyond
  const to = Math.min(count, last + beyond)
  return { from: Math.max(0, Math.min(first - beyond, to - beyond)), to }
}
