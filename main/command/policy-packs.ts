import { packs } from '../../shared/text/packs/packs.ts'
import { UsageError } from './arguments.ts'
import type { Command, Outcome } from './command.ts'

function named(name: string | undefined): Omit<Outcome, 'exit'> {
  const pack = packs.find((one) => one.name === name)
  if (pack === undefined)
    throw new UsageError(`One of ${packs.map((one) => one.name).join(', ')}; found “${name ?? ''}”.`)
  const { page, ...rest } = pack
  const lines = [...page.split('\n'), '', `The file itself: sallyport policy packs --source ${pack.name}`]
  return { value: { ...rest, page }, lines }
}

export const policyPacks: Command = {
  about: 'Policies to begin with: a list of them, a page about one, or the file itself.',
  positional: [],
  options: { name: { value: 'NAME' }, source: { value: 'NAME' } },
  run(_, args) {
    const [name, source] = [args.get('name'), args.get('source')]
    if (name !== undefined && source !== undefined)
      throw new UsageError('Either --name or --source, not both.')
    if (source !== undefined) {
      const { value } = named(source)
      return Promise.resolve({ value, lines: String(value['source']).trimEnd().split('\n') })
    }
    if (name !== undefined) return Promise.resolve(named(name))
    const lines = packs.map((one) => `${one.name.padEnd(14)} ${one.about}`)
    return Promise.resolve({ value: { packs: packs.map((one) => ({ ...one })) }, lines })
  },
}
