import type { Drive } from '../../shared/drives.ts'
import type { MediumLine } from '../../shared/media.ts'
import { driveLines, unprovenLines } from './drive-lines.ts'
import { mediumLine } from './media-lines.ts'
import type { Command } from './command.ts'

const registered = (drive: Drive, media: readonly MediumLine[]): MediumLine | null =>
  media.find(({ serial, state }) => serial !== null && serial === drive.serial && state !== 'destroyed') ??
  null

export const mediaList: Command = {
  about:
    'List the drives that are seen now, which may be used, and with a desk what its register says of each.',
  positional: [],
  options: { desk: { value: 'FOLDER' } },
  async run(host, args) {
    const seen = await host.call('drive.list', {})
    const desk = args.has('desk') ? await host.open(args, 'read') : null
    const { media } = desk === null ? { media: [] } : await host.call('media.list', {})
    const drives = seen.drives.map((drive) => {
      const medium = registered(drive, media)
      return desk === null ? drive : { ...drive, register: medium }
    })
    const lines = seen.drives.flatMap((drive) => {
      const medium = registered(drive, media)
      const said = medium === null ? 'not in the register' : mediumLine(medium)
      return [
        ...driveLines(drive),
        ...(desk === null || drive.barred !== null ? [] : [`  Register: ${said}`]),
      ]
    })
    return {
      value: { ...seen, drives },
      lines: [...(lines.length === 0 ? ['No drives are seen.'] : lines), ...unprovenLines(seen)],
    }
  },
}
