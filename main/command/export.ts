import type { CallInput } from '../../shared/contract.ts'
import { size } from '../../shared/units.ts'
import { access } from './access.ts'
import { UsageError } from './arguments.ts'
import { accessOptions, deskOption, type Command, type Host } from './command.ts'
import { absolute } from './paths.ts'

function targetFrom(host: Host, text: string): CallInput<'export.start'>['target'] {
  const [kind = '', ...rest] = text.split(':')
  const value = rest.join(':')
  if (value === '') throw new UsageError('--to is oci-layout:DIR, dir:DIR or registry:HOST[/PREFIX].')
  if (kind === 'oci-layout' || kind === 'dir') {
    return { kind, place: host.session.place('export', absolute(value)) }
  }
  if (kind !== 'registry') throw new UsageError('--to is oci-layout:DIR, dir:DIR or registry:HOST[/PREFIX].')
  const cut = value.indexOf('/')
  return cut < 0
    ? { kind, host: value, prefix: '' }
    : { kind, host: value.slice(0, cut), prefix: value.slice(cut + 1).replace(/\/+$/, '') }
}

export const exporting: Command = {
  about: 'Export accepted content.',
  positional: ['ID'],
  options: { ...deskOption, to: { value: 'TARGET', required: true }, ...accessOptions },
  async run(host, args) {
    const target = targetFrom(host, args.need('to'))
    await host.open(args, 'write')
    const done = await host.work('export.start', {
      id: args.at(0),
      target,
      ...access(host, args),
    })
    const lines = [
      `Exported to ${done.target}: ${done.blobs} blobs, ${size(done.bytes)}.`,
      ...done.written.map((one) => `  ${one.reference}  ${one.digest}`),
      ...done.left,
    ]
    return { value: { ...done }, lines }
  },
}
