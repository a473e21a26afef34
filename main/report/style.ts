/** The print style: black on white, states as words and signs, repeated heads, no row across two pages. */
export const reportStyle = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 24px; max-width: 60rem; background: #fff; color: #000;
  font: 14px/1.5 system-ui, "Segoe UI", "Noto Sans", sans-serif; font-variant-numeric: tabular-nums; }
h1 { font-size: 22px; margin: 16px 0 8px; }
h2 { font-size: 15px; margin: 24px 0 8px; border-bottom: 1px solid #000; }
p { margin: 4px 0; }
code { font: 12.5px/1.4 ui-monospace, "Noto Sans Mono", monospace; overflow-wrap: anywhere; }
.marking { text-align: center; font-weight: 700; letter-spacing: 0.08em; border: 1px solid #000; padding: 2px; }
table { width: 100%; border-collapse: collapse; margin: 8px 0; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { text-align: left; vertical-align: top; border: 1px solid #000; padding: 3px 6px; overflow-wrap: break-word; }
th:first-child { white-space: nowrap; }
td { min-width: 3.5rem; }
dl { display: grid; grid-template-columns: 12rem 1fr; gap: 2px 12px; margin: 8px 0; }
dt { font-weight: 600; }
dd { margin: 0; overflow-wrap: break-word; min-width: 0; }
.answer { border: 2px solid #000; padding: 8px 12px; margin: 12px 0; break-inside: avoid; }
.words { display: grid; grid-template-columns: repeat(4, max-content); gap: 0 20px; font-weight: 600; }
.ink td { height: 3rem; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: 12px/1.4 ui-monospace, "Noto Sans Mono", monospace; border: 1px solid #000; padding: 6px; }
section.first { break-after: page; }
@page { size: A4; margin: 20mm 15mm; }
`
