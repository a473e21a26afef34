import { driveTextLength } from '../../../shared/drives.ts'
import { visible, withHidden } from '../../../shared/names.ts'

const seen = (text: string): string => withHidden(text, () => ' ')

/**
 * What a drive, its file system or a program says, made safe to keep and to show: composed, without what is not seen, on
 * one line, at most 200 characters. `null` where nothing is left.
 */
export function said(text: string | null | undefined): string | null {
  // A drive may say megabytes: no more is looked at than could be kept.
  const head = (text ?? '').slice(0, 4 * driveTextLength).normalize('NFC')
  // Twice: an accent may have stood on something that is not seen.
  const plain = seen(seen(head)).replace(/\s+/gu, ' ').trim()
  const short = plain
    .slice(0, driveTextLength)
    .replace(/[\ud800-\udbff]$/, '')
    .trim()
  return short === '' || visible(short) !== short ? null : short
}
