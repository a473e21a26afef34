import { encode } from 'uqr'
import { html, type Html } from './html.ts'

/** White modules around the code, as ISO/IEC 18004 asks: readers look for them. */
const quiet = 4

// What is black and side by side is one piece: printers leave hairlines between pieces.
function pieces(row: readonly boolean[], y: number): string {
  const line = row.map((black) => (black ? '1' : '0')).join('')
  return [...line.matchAll(/1+/g)]
    .map(({ index, 0: { length } }) => `M${index} ${y}h${length}v1h-${length}z`)
    .join('')
}

/** A text as a QR code, drawn by one path: nothing in it is loaded, runs or has a style of its own. */
export function qrCode(text: string, says: string): Html {
  const { data, size } = encode(text, { ecc: 'M', border: quiet })
  return html`<svg class="qr" role="img" aria-label="${says}" viewBox="0 0 ${size} ${size}">
    <path shape-rendering="crispEdges" d="${data.map(pieces).join('')}" />
  </svg>`
}
