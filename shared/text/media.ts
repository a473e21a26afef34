import type { Capacity } from '../media.ts'
import type { MediumKind, MediumState } from '../rules/media.ts'
import { size } from '../units.ts'
import { outWords } from './drives.ts'

/* What both faces say of media. Pure words: the window has no zod. */

export const kindWords: Readonly<Record<MediumKind, string>> = {
  'usb-stick': 'USB stick',
  disc: 'Disc, written once',
  'rewritable-disc': 'Rewritable disc',
  drive: 'Disk or SSD',
  card: 'Memory card',
  tape: 'Tape',
  other: 'Other',
}

export const stateWords: Readonly<Record<MediumState, string>> = {
  registered: 'Registered',
  blank: 'Blank',
  written: 'Written',
  'in-transit': 'In transit',
  received: 'Received',
  spoiled: 'Spoiled',
  lost: 'Lost',
  sanitised: 'Sanitised',
  destroyed: 'Destroyed',
}

/** What a serial is worth. */
export const serialWords =
  'A drive says its serial of itself. It tells one medium from another; it proves nothing about the medium.'

/** What a capacity test came to. */
export function capacityWords({
  passed,
  free,
  right,
  wrongAt,
  error,
  out,
}: Omit<Capacity, 'written'>): string {
  const how =
    out === null
      ? 'read at once: the memory of the drive or of this computer may have answered'
      : outWords[out]
  return [
    `${passed ? 'passed' : 'NOT PASSED'}, ${size(right)} of ${size(free)} read back right`,
    ...(wrongAt === null ? [] : [`first wrong at byte ${wrongAt}`]),
    ...(error === null ? [] : [error]),
    how,
  ].join('; ')
}
