import { sheetKinds } from '../../shared/calls/sheet.ts'
import { deskOption, type Command } from './command.ts'
import { oneOf, saved } from './saved.ts'

export const sheet: Command = {
  about: 'Write the labels or the custody sheet for the media of a consignment, as a page (HTML).',
  positional: ['ID'],
  options: {
    ...deskOption,
    kind: { value: sheetKinds.join('|'), required: true },
    out: { value: 'FILE', required: true },
  },
  async run(host, args) {
    const kind = oneOf(args, 'kind', sheetKinds)
    const said = kind === 'label' ? 'The labels are' : 'The custody sheet is'
    return saved(host, args, { purpose: kind, said }, (place) =>
      host.call('sheet.save', { id: args.at(0), kind, format: 'html', place }),
    )
  },
}
