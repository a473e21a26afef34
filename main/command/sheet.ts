import { sheetKinds, type Sheet } from '../../shared/calls/sheet.ts'
import { UsageError, type Arguments } from './arguments.ts'
import { deskOption, type Command } from './command.ts'
import { numberOf } from './refused-show.ts'
import { oneOf, saved } from './saved.ts'

const said: Readonly<Record<Sheet['kind'], string>> = {
  label: 'The labels are',
  custody: 'The custody sheet is',
  'key-card': 'The key card is',
  'desk-card': 'The desk card to print is',
  'landing-card': 'The card of the landing key is',
  refused: 'The report on the refused medium is',
  certificate: 'The certificate is',
  statistics: 'The statistics are',
}

function sheetFrom(args: Arguments): Sheet {
  const kind = oneOf(args, 'kind', sheetKinds)
  const id = args.at(0)
  if (kind === 'desk-card' || kind === 'landing-card') {
    if (id !== '') throw new UsageError(`“${id}” is one argument too many: a desk has one such card.`)
    return { kind }
  }
  if (id === '') throw new UsageError(`${kind === 'key-card' ? 'The id of the person' : 'ID'} is missing.`)
  if (kind === 'certificate') return { kind, label: id }
  if (kind === 'statistics') {
    if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(id)) throw new UsageError('ID is the month, as YYYY-MM.')
    return { kind, month: id }
  }
  if (kind === 'refused') return { kind, sequence: numberOf(id) }
  return kind === 'key-card' ? { kind, person: id } : { kind, id }
}

export const sheet: Command = {
  about:
    'Write a sheet to print, as a page (HTML): labels or custody sheet of a consignment, key card of a person, desk card or card of the landing key (no ID), verdict on a refused medium (by its number), certificate of a medium that was sanitised or destroyed (by its label), numbers of a month (YYYY-MM).',
  positional: ['ID?'],
  options: {
    ...deskOption,
    kind: { value: sheetKinds.join('|'), required: true },
    out: { value: 'FILE', required: true },
  },
  async run(host, args) {
    const of = sheetFrom(args)
    return saved(host, args, { purpose: of.kind, said: said[of.kind] }, (place) =>
      host.call('sheet.save', { sheet: of, format: 'html', place }),
    )
  },
}
