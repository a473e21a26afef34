import type { CallInput, CallOutput } from '../../shared/contract.ts'
import { size } from '../../shared/units.ts'
import { visible } from '../../shared/names.ts'
import type { MediumLine, MediumView } from '../../shared/media.ts'
import { capacityWords } from '../../shared/text/media.ts'
import { UsageError, type Arguments } from './arguments.ts'
import type { Host } from './command.ts'
import { signerFrom } from './signer.ts'

/** Who signs first, where the policy asks for people's keys. */
export const firstOptions = {
  person: { value: 'ID' },
  key: { value: 'FILE' },
  'passphrase-file': { value: 'FILE' },
} as const

/** The signer of `--person` and `--key`; nothing where neither is given. */
export async function firstFrom(
  host: Host,
  args: Arguments,
): Promise<Pick<CallInput<'media.register'>, 'signer'>> {
  if (!args.has('person') && !args.has('key')) return {}
  if (!args.has('person')) throw new UsageError('--person is missing: whose key is this?')
  if (!args.has('key')) throw new UsageError('--key FILE is missing.')
  return { signer: await signerFrom(host, args) }
}

/** A medium in one line. */
export function mediumLine({ label, serial, kind, state, marking, tested, holds }: MediumLine): string {
  return [
    `${label}  ${state}`,
    kind,
    serial === null ? 'no serial' : `serial ${visible(serial)}`,
    ...(marking === null ? [] : [marking]),
    tested === null ? 'capacity not tested' : `capacity test ${tested ? 'passed' : 'NOT PASSED'}`,
    ...(holds.length === 0 ? [] : [`holds ${holds.join(', ')}`]),
  ].join(' · ')
}

/** A medium with its history, the oldest first. */
export function mediumLines(medium: MediumView): string[] {
  const { owner, size: bytes, capacity, filled, seal, disposition, next, history } = medium
  return [
    mediumLine(medium),
    ...(owner === null ? [] : [`  Owner: ${owner}`]),
    ...(bytes === null ? [] : [`  Size as the drive says: ${size(bytes)}`]),
    ...(capacity === null ? [] : [`  Capacity: ${capacityWords(capacity)}`]),
    ...(filled === null ? [] : [`  Filled ${filled.at} for a test that is still to be read.`]),
    ...(seal === null ? [] : [`  Seal: ${seal}`]),
    ...(disposition === null ? [] : [`  ${disposition.state} ${disposition.at}: ${disposition.method}`]),
    `  May become: ${next.length === 0 ? 'nothing any more' : next.join(', ')}`,
    '',
    ...history.map(
      ({ sequence, at, by, sentence }) =>
        `  ${sequence}  ${at}  ${by.length === 0 ? 'this station' : by.join(' and ')}: ${visible(sentence)}`,
    ),
  ]
}

/** What an act on the register came to. */
export function actedLines(done: string, { waiting, medium }: CallOutput<'media.register'>): string[] {
  if (waiting !== null) {
    return [
      `Waits for a second person, under the number ${waiting}. Nothing stands yet.`,
      `  Next: sallyport media sign ${waiting} --desk FOLDER --person ID --key FILE`,
    ]
  }
  return [done, ...(medium === null ? [] : [`  ${mediumLine(medium)}`])]
}
