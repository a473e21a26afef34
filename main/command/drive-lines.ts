import type { Drive, Drives, OutLevel } from '../../shared/drives.ts'
import { visible } from '../../shared/names.ts'
import {
  barredWords,
  driveFacts,
  driveLine,
  driveTitle,
  outWords,
  unprovenWords,
} from '../../shared/text/drives.ts'
import type { Verified } from '../../shared/verdict.ts'

/** How a drive is let go; nothing where it is not known which one it is. */
export function ejectLines(device: string | null): string[] {
  return device === null ? [] : [`Let it go first: sallyport drive eject ${visible(device)}`]
}

/** Which drive a medium was read from, how far it had been out, and how it is let go. */
export function drivenLines({ drive, out }: Verified): string[] {
  const line = drive === undefined ? null : driveLine(drive)
  const seen = (level: OutLevel): string => `Before it was read back: ${outWords[level]}.`
  return [
    ...(line === null ? [] : [`Drive: ${visible(line)}`]),
    ...(out === undefined ? [] : [seen(out)]),
    ...ejectLines(drive?.device ?? null),
  ]
}

/** A drive, and whether it may be used. */
export function driveLines(drive: Drive): string[] {
  const barred = barredWords(drive)
  const serial = drive.serial === null ? 'serial not known' : `serial ${drive.serial}`
  return [
    `${visible(drive.device)}  ${driveTitle(drive)}, ${serial}`,
    `  ${visible(driveFacts(drive))}`,
    ...(barred === null ? [] : [`  ✕ NOT TO BE USED: ${visible(barred.means)} ${barred.next}`]),
  ]
}

/** What is said where drives of this system were never tried. */
export const unprovenLines = ({ unproven }: Pick<Drives, 'unproven'>): string[] =>
  unproven ? ['', unprovenWords] : []
