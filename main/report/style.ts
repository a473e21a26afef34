import { createHash } from 'node:crypto'
import type { Html } from './html.ts'

/**
 * The print style: black on white, states as words and signs, repeated heads, no row across two pages. It says nothing
 * of the paper: that is chosen where it is printed.
 */
const style = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 24px; max-width: 60rem; background: #fff; color: #000;
  font: 14px/1.45 system-ui, "Segoe UI", "Noto Sans", sans-serif; font-variant-numeric: tabular-nums; }
h1 { font-size: 22px; line-height: 1.25; margin: 12px 0 6px; }
h2 { font-size: 15px; margin: 14px 0 4px; border-bottom: 1px solid #000; break-after: avoid; }
p { margin: 4px 0; overflow-wrap: anywhere; }
code { font: 12.5px/1.4 ui-monospace, "Noto Sans Mono", monospace; overflow-wrap: anywhere; }
main:focus { outline: none; }
main:focus-visible { outline: 2px solid #0b5cad; outline-offset: 6px; }
.marking { text-align: center; font-weight: 700; letter-spacing: 0.08em; border: 1px solid #000; padding: 2px; }
table { width: 100%; border-collapse: collapse; margin: 8px 0; }
thead { display: table-header-group; }
tbody, tr { break-inside: avoid; }
@media print {
  .figures, .figures thead, .figures tbody { display: block; }
  .figures tr { display: grid; grid-template-columns: 11rem minmax(0, 1fr); }
  .figures .under td { grid-column: 1 / -1; }
}
th, td { text-align: left; vertical-align: top; border: 1px solid #000; padding: 2px 6px; overflow-wrap: anywhere; }
th { font-size: 12px; overflow-wrap: normal; }
td { min-width: 4.5rem; }
.under td { border-top: 1px dotted #000; }
.facts tr:has(+ .under) td { border-bottom: 0; }
dl { display: grid; grid-template-columns: 8rem minmax(0, 1fr); gap: 1px 12px; margin: 6px 0; }
dt { font-weight: 600; }
dd { margin: 0; overflow-wrap: anywhere; }
.answer { border: 2px solid #000; padding: 4px 12px; margin: 8px 0; break-inside: avoid; }
.words { display: grid; grid-template-columns: repeat(8, auto); justify-content: start; gap: 0 10px;
  font-size: 12px; font-weight: 600; }
.sign { white-space: nowrap; }
.whole { break-inside: avoid; }
.ink td { height: 2.4rem; }
.signatures th:nth-child(3) { width: 40%; }
.signatures th:nth-child(4) { width: 16%; }
.box { border: 2px solid #000; padding: 8px 16px 12px; margin: 12px 0 20px; max-width: 34rem; break-inside: avoid; }
.box .marking { margin: 0 0 8px; }
.box .number { font-size: 20px; font-weight: 700; }
.box .words { grid-template-columns: repeat(4, auto); gap: 0 16px; font-size: 13px; }
.compare { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: flex-start; break-inside: avoid; }
.compare > div { flex: 1 1 16rem; min-width: 0; }
.qr { flex: none; width: 42mm; height: 42mm; }
.large .words { gap: 2px 8px; font-size: 13px; }
.groups code { display: block; max-width: 40ch; font-size: 14px; font-weight: 600; }
.revoked { border-width: 6px; }
.revoked .number { font-size: 28px; font-weight: 700; letter-spacing: 0.1em; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: 12px/1.4 ui-monospace, "Noto Sans Mono", monospace;
  border: 1px solid #000; padding: 6px; margin: 6px 0; }
section.first { break-after: page; }
@media print {
  body { padding: 0; max-width: none; font-size: 13px; }
  code, pre { font-size: 11px; }
}
@media screen and (max-width: 640px) {
  body { padding: 12px; }
  dl { grid-template-columns: minmax(0, 1fr); }
  dd { margin: 0 0 4px; }
  .words, .box .words { grid-template-columns: repeat(auto-fill, minmax(6rem, 1fr)); gap: 0 10px; }
  table, thead, tbody, tr, td { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tr { border: 1px solid #000; margin-bottom: -1px; }
  th, td, .under td { border: 0; }
}
`

/** What a policy has to allow for the style: this very text and no other. */
export const styleSource = `'sha256-${createHash('sha256').update(style).digest('base64')}'`

/** The style in its element; nothing may be put between them, or the policy refuses it. */
export const styleElement: Html = { html: `<style>${style}</style>` }
