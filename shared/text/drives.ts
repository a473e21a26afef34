import type { Drive, DriveName, OutLevel } from '../drives.ts'
import { size } from '../units.ts'

/* What both faces say of drives. Pure words: the window has no zod. */

/** What a class of USB is, in words of people (usb.org, “Defined Class Codes”). */
const interfaceWords: Readonly<Record<string, string>> = {
  '01': 'a sound device',
  '02': 'a modem or network device',
  '03': 'a keyboard or mouse',
  '06': 'a camera',
  '07': 'a printer',
  '09': 'a hub',
  '0a': 'a network device',
  '0b': 'a card reader with a chip',
  '0e': 'a video camera',
  e0: 'a wireless device',
  ff: 'something of its maker’s own',
}

/** What else a drive claims to be: “a keyboard or mouse (03)”. */
export function interfaceName(id: string): string {
  return `${interfaceWords[id] ?? 'something else than a drive'} (${id})`
}

/** Maker and model, or how the computer calls it where it says neither. */
export function driveTitle({ maker, model, label }: DriveName & { readonly label?: string | null }): string {
  const said = [maker, model].filter((one) => one !== null).join(' ')
  return said !== '' ? said : (label ?? 'A drive without a name')
}

/** Which drive it was, for records: “SanDisk Ultra, serial 4C53”. `null` says that it is not known. */
export function driveLine(drive: DriveName | null): string | null {
  if (drive === null) return null
  const title = [drive.maker, drive.model].filter((one) => one !== null).join(' ')
  const serial = drive.serial === null ? 'serial not known' : `serial ${drive.serial}`
  return title === '' && drive.serial === null ? null : [title, serial].filter((one) => one !== '').join(', ')
}

/** Why a drive may not be selected, and what to do; `null` where it may. */
export function barredWords({ barred }: Pick<Drive, 'barred'>): { means: string; next: string } | null {
  if (barred === null) return null
  return barred.why === 'system'
    ? { means: `It holds ${barred.found}.`, next: 'Use another drive, or choose a folder.' }
    : {
        means: `This device also claims to be ${barred.found}.`,
        next: 'Take it out and give it to the security officer. Do not use it at any computer.',
      }
}

/** Size, file system and where it is seen, in one line. */
export function driveFacts(drive: Drive): string {
  const { fileSystem, mounted, readOnly, bus, partitions } = drive
  return [
    size(drive.size),
    fileSystem ?? 'file system not known',
    ...(bus === null ? [] : [bus]),
    ...(partitions > 1 ? [`${partitions} partitions`] : []),
    ...(readOnly ? ['read-only'] : []),
    mounted.length === 0 ? 'not mounted' : `at ${mounted.join(', ')}`,
  ].join(' · ')
}

/** How far it is shown that a medium was out before it was read back. */
export const outWords: Readonly<Record<OutLevel, string>> = {
  'seen-to-leave': 'device seen to leave and come back',
  remounted: 'unmounted and mounted again',
  'not-shown': 'not shown to have been out',
}

/** What is said where this system was never tried. */
export const unprovenWords =
  'Drives of this system are read as its maker documents it; that was not tried on a real one. Compare the serial with what is printed on the drive.'
