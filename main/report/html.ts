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

type Part = Html | string | number | null | readonly (Html | string)[]

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

/** A table with a head that is repeated on each page. */
export function table(heads: readonly string[], rows: readonly (readonly Part[])[]): Html {
  if (rows.length === 0) return html`<p class="none">None.</p>`
  const head = heads.map((one) => html`<th scope="col">${one}</th>`)
  const body = rows.map(
    (row) =>
      html`<tr>
        ${row.map((cell) => html`<td>${cell}</td>`)}
      </tr>`,
  )
  return html`<table>
    <thead>
      <tr>
        ${head}
      </tr>
    </thead>
    <tbody>
      ${body}
    </tbody>
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
