import { exitCodes, type Verified } from '../../shared/verdict.ts'
import { deskOption, type Command } from './command.ts'
import { drivenLines } from './drive-lines.ts'
import { absolute } from './paths.ts'
import { verdictLines } from './text.ts'

/** How many media of a bundle on several are here, and which are still to be read. */
function mediaLines({ media }: Verified): string[] {
  if (media === undefined || media.of === 1) return []
  const { here, of, missing } = media
  const next = missing.length === 0 ? '' : `; still to be read: ${missing.join(', ')}`
  return [`Media: ${here} of ${of} here${next}`]
}

export const verify: Command = {
  about: 'Read a bundle tar, or media of a bundle, into quarantine and make its verdict.',
  positional: ['PATH...'],
  options: deskOption,
  async run(host, args) {
    await host.open(args, 'write')
    const [first = '', ...more] = args.from(0)
    const medium = host.session.place('medium', absolute(first))
    const others = more.map((path) => host.session.place('medium', absolute(path)))
    const done = await host.work('verify.start', { medium, ...(others.length === 0 ? {} : { others }) })
    const lines = [
      ...(done.id === undefined ? [] : [`Consignment: ${done.id}`]),
      ...mediaLines(done),
      ...verdictLines(done),
      ...drivenLines(done),
    ]
    return { value: { ...done }, lines, exit: exitCodes[done.outcome] }
  },
}
