import { mediumKinds } from '../../shared/rules/media.ts'
import { UsageError } from './arguments.ts'
import { deskOption, type Command } from './command.ts'
import { actedLines, firstFrom, firstOptions } from './media-lines.ts'
import { absolute } from './paths.ts'
import { oneOf } from './saved.ts'

export const mediaRegister: Command = {
  about: 'Take a medium into the register: the one at a path, or by a serial.',
  positional: [],
  options: {
    ...deskOption,
    label: { value: 'LABEL', required: true },
    at: { value: 'PATH' },
    serial: { value: 'S' },
    kind: { value: mediumKinds.join('|') },
    marking: { value: 'TEXT' },
    owner: { value: 'TEXT' },
    ...firstOptions,
  },
  async run(host, args) {
    const [at, serial, marking, owner] = ['at', 'serial', 'marking', 'owner'].map((name) => args.get(name))
    if ((at === undefined) === (serial === undefined))
      throw new UsageError('Exactly one of --at and --serial.')
    const kind = args.has('kind') ? oneOf(args, 'kind', mediumKinds) : undefined
    await host.open(args, 'write')
    const label = args.need('label')
    const done = await host.call('media.register', {
      label,
      which:
        at === undefined ? { serial: serial ?? '' } : { place: host.session.place('medium', absolute(at)) },
      ...(kind === undefined ? {} : { kind }),
      ...(marking === undefined ? {} : { marking }),
      ...(owner === undefined ? {} : { owner }),
      ...(await firstFrom(host, args)),
    })
    return { value: { ...done }, lines: actedLines(`${label} is in the register.`, done) }
  },
}
