import { driveLines, unprovenLines } from './drive-lines.ts'
import type { Command } from './command.ts'

export const driveList: Command = {
  about: 'List the drives that are seen now, and which may be used.',
  positional: [],
  options: {},
  async run(host) {
    const seen = await host.call('drive.list', {})
    const lines = seen.drives.flatMap(driveLines)
    return {
      value: { ...seen },
      lines: [...(lines.length === 0 ? ['No drives are seen.'] : lines), ...unprovenLines(seen)],
    }
  },
}
