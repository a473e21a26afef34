import type { Drive } from '../../shared/drives.ts'
import { barredWords, driveFacts, driveTitle, unprovenWords } from '../../shared/text/drives.ts'
import { visible } from '../../shared/names.ts'
import type { Command } from './command.ts'

function driveLines(drive: Drive): string[] {
  const barred = barredWords(drive)
  const serial = drive.serial === null ? 'serial not known' : `serial ${drive.serial}`
  return [
    `${visible(drive.device)}  ${driveTitle(drive)}, ${serial}`,
    `  ${visible(driveFacts(drive))}`,
    ...(barred === null ? [] : [`  ✕ NOT TO BE USED: ${visible(barred.means)} ${barred.next}`]),
  ]
}

export const driveList: Command = {
  about: 'List the drives that are seen now, and which may be used.',
  positional: [],
  options: {},
  async run(host) {
    const seen = await host.call('drive.list', {})
    const lines = seen.drives.flatMap(driveLines)
    return {
      value: { ...seen },
      lines: [
        ...(lines.length === 0 ? ['No drives are seen.'] : lines),
        ...(seen.unproven ? ['', unprovenWords] : []),
      ],
    }
  },
}
