import { visible } from '../../shared/names.ts'
import type { ItemComponents } from '../../shared/components.ts'
import { answerWords, changeLine, doubtWords } from '../../shared/text/components.ts'
import { exitCodes } from '../../shared/verdict.ts'
import { deskOption, type Command } from './command.ts'
import { absolute } from './paths.ts'

function linesOf(item: ItemComponents): string[] {
  const { against, destinations } = item
  const since =
    against === null
      ? []
      : [`  since number ${against.sequence ?? '–'} (${against.at}), waybill ${against.waybill}`]
  return [
    '',
    `${item.kind} ${visible(item.name)}: ${answerWords(item)}`,
    ...destinations.map((one) => `  for ${one}`),
    ...since,
    ...item.doubts.flatMap((doubt) => [
      `  NOT KNOWN  ${doubtWords(doubt)}`,
      ...doubt.about.map((one) => `    ${visible(one)}`),
    ]),
    ...item.documents.map(
      ({ side, blob, format, by, compared }) =>
        `  ${side}: ${visible(format ?? 'not read')}, signed by ${visible(by ?? 'nobody known')}, ${blob}${compared ? '' : ', NOT COMPARED'}`,
    ),
    ...item.changes.map((change) => `  ${visible(changeLine(change))}`),
    ...(item.left === 0 ? [] : [`  ${item.left} more are not listed`]),
  ]
}

export const components: Command = {
  about: 'Say what changed inside each item since the last one, by its bills of materials.',
  positional: ['ID'],
  options: { ...deskOption, csv: { value: 'FILE' } },
  async run(host, args) {
    await host.open(args, 'read')
    const id = args.at(0)
    const csv = args.get('csv')
    const found = await host.call('components.show', { id })
    const saved =
      csv === undefined
        ? null
        : await host.call('components.save', { id, place: host.session.place('report', absolute(csv)) })
    const { items } = found
    const lines = [
      'By documents that somebody known signed. What they do not list, nobody compared.',
      ...items.flatMap(linesOf),
      ...(saved === null ? [] : ['', `The table is in ${csv} (SHA-256 ${saved.sha256}).`]),
    ]
    const isKnown = items.every(
      ({ answer, doubts }) => answer === 'new' || answer === 'identical' || doubts.length === 0,
    )
    return { value: { ...found, saved }, lines, exit: isKnown ? 0 : exitCodes['not-checked'] }
  },
}
