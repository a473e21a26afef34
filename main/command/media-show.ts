import { deskOption, type Command } from './command.ts'
import { mediumLine, mediumLines } from './media-lines.ts'

export const mediaShow: Command = {
  about: 'Show the register of media, or one medium with its history.',
  positional: ['LABEL?'],
  options: deskOption,
  async run(host, args) {
    await host.open(args, 'read')
    const label = args.at(0)
    if (label !== '') {
      const medium = await host.call('media.show', { label })
      return { value: { ...medium }, lines: mediumLines(medium) }
    }
    const register = await host.call('media.list', {})
    const waiting = register.waiting.map(
      ({ number, by, sentence }) => `Waits for a second person, number ${number}: ${sentence} (${by})`,
    )
    const lines = register.media.map(mediumLine)
    return {
      value: { ...register },
      lines: [...(lines.length === 0 ? ['No medium is in the register.'] : lines), ...waiting],
    }
  },
}
