import { visible } from '../../shared/names.ts'

/** A piece of HTML that is safe to put into a page. Only this file makes it from text. */
export interface Html {
  readonly html: string
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export type Part = Html | string | number | null | readonly (Html | string)[]

const isMany = (part: Part): part is readonly (Html | string)[] => Array.isArray(part)

function render(part: Part): string {
  if (part === null) return '–'
  if (isMany(part)) return part.map(render).join('')
  if (typeof part === 'object') return part.html
  return visible(String(part)).replace(/[&<>"']/g, (character) => entities[character] ?? '')
}

/** A template whose every value is escaped, unless it is HTML already. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return {
    html: texts.reduce((all, text, i) => all + text + (i < parts.length ? render(parts[i] ?? null) : ''), ''),
  }
}

/** Nothing, where a page has a place for something. */
export const nothing: Html = { html: '' }

/** A row of a table: its cells, and below them lines that take the whole width, so that a digest is never broken. */
export interface Row {
  readonly cells: readonly Part[]
  readonly under?: readonly Html[]
}

function rowOf(row: Row): Html {
  const { cells, under = [] } = row
  const columns = String(cells.length)
  return html`<tbody>
    <tr>
      ${cells.map((cell) => html`<td>${cell}</td>`)}
    </tr>
    ${
      under.length === 0
        ? nothing
        : html`<tr class="under">
            <td colspan="${columns}">${under.map((line) => html`<div>${line}</div>`)}</td>
          </tr>`
    }
  </tbody>`
}

/** A table with a head that is repeated on each page; a row and what stands below it stay on one page. */
export function table(heads: readonly string[], rows: readonly Row[], kind = 'facts'): Html {
  if (rows.length === 0) return html`<p class="none">None.</p>`
  const head = heads.map((one) => html`<th scope="col">${one}</th>`)
  return html`<table class="${kind}">
    <thead>
      <tr>
        ${head}
      </tr>
    </thead>
    ${rows.map(rowOf)}
  </table>`
}

/** A list of names and what they stand for. */
export function facts(rows: readonly (readonly [string, Part])[]): Html {
  return html`<dl>
    ${rows.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`
}

/** Text of several lines, as it is. */
export function lines(text: string): Html {
  return { html: text.split('\n').map(render).join('\n') }
}

export const code = (text: string | number | null): Html =>
  text === null ? html`–` : html`<code>${text}</code>`

/** A time or another short value, never broken. */
export const unbroken = (text: string): Html => html`<span class="sign">${text}</span>`

/** The id of a check, never broken. */
export const id = (text: string): Html => html`<code class="sign">${text}</code>`

/** A name before a value that is to be found and copied. */
export const named = (name: string, text: string | number | null): Html => html`<b>${name}</b> ${code(text)}`

/** Words that people compare aloud, eight in a row. */
export const spoken = (words: readonly string[]): Html =>
  html`<p class="words">${words.map((word) => html`<span>${word}</span> `)}</p>`

/** Empty lines of a table, to be filled in by hand. */
export function inkRows(columns: number, rows: number): Row[] {
  return Array.from({ length: rows }, () => ({ cells: Array.from({ length: columns }, () => nothing) }))
}

export const plural = (number: number, word: string, many = `${word}s`): string =>
  `${number} ${number === 1 ? word : many}`
