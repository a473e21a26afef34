export { size } from '../../shared/units.ts'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `2026-11-22T09:14:00Z` as “22 Nov 2026 09:14 UTC”. */
export function time(iso: string | null): string {
  if (iso === null) return '–'
  const [date = '', clock = ''] = iso.replace('Z', '').split('T')
  const [year = '', month = '', day = ''] = date.split('-')
  return `${Number(day)} ${months[Number(month) - 1] ?? ''} ${year} ${clock.slice(0, 5)} UTC`
}

const timeForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/

/** Whether a text is a time as records have it, that exists. */
export function isTime(text: string): boolean {
  const at = Date.parse(text)
  return timeForm.test(text) && !Number.isNaN(at) && new Date(at).toISOString() === text.replace('Z', '.000Z')
}

/** `50009` as “50,009”. */
export function amount(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',')
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${amount(number)} ${number === 1 ? one : many}`
}

/** Seconds as an officer says them. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds} s`
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}
