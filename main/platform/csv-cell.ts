import { visible } from '../../shared/names.ts'

// A spreadsheet runs what begins like this, also after blanks and quotes; the wide forms are taken for the narrow ones.
// Where it separates lists by another sign than the comma, it begins a new cell behind that sign, in or out of quotes.
const formula = /(^|[;|\t\r\n；｜])([\s"']*)(?=[=+\-@＝＋－＠﹦﹢﹣﹫−])/g

/** A cell of RFC 4180, always quoted. What a spreadsheet of any locale would run gets an apostrophe before it. */
export function cell(value: string | number | null | undefined): string {
  if (typeof value === 'number') return `"${value}"`
  const safe = (value ?? '').replace(formula, (_, before: string, blanks: string) => `${before}'${blanks}`)
  return `"${visible(safe).replace(/"/g, '""')}"`
}
