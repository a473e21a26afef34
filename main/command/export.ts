import type { CallInput } from '../../shared/contract.ts'
import { size } from '../../shared/units.ts'
import { access } from './access.ts'
import { UsageError, type Arguments } from './arguments.ts'
import { accessOptions, deskOption, type Command, type Host } from './command.ts'
import { absolute } from './paths.ts'
import { oneOf } from './saved.ts'

type Target = CallInput<'export.start'>['target']

/** What only a registry takes. */
function waysOf(
  host: Host,
  args: Arguments,
): Omit<Extract<Target, { kind: 'registry' }>, 'kind' | 'host' | 'prefix'> {
  const map = args.get('map')
  const lock = args.get('lock')
  return {
    ...(map === undefined ? {} : { map: host.session.place('map', absolute(map)) }),
    ...(args.has('sparse') ? { sparse: oneOf(args, 'sparse', ['index', 'platforms'] as const) } : {}),
    ...(args.has('move-tags') ? { tags: 'move' as const } : {}),
    ...(lock === undefined ? {} : { lock: host.session.place('lock', absolute(lock)) }),
  }
}

function targetFrom(host: Host, args: Arguments): Target {
  const text = args.need('to')
  const [kind = '', ...rest] = text.split(':')
  const value = rest.join(':')
  if (value === '') throw new UsageError('--to is oci-layout:DIR, dir:DIR or registry:HOST[/PREFIX].')
  if (kind === 'oci-layout' || kind === 'dir') {
    const only = ['map', 'sparse', 'move-tags', 'lock'].find((name) => args.has(name))
    if (only !== undefined) throw new UsageError(`--${only} is for --to registry:HOST[/PREFIX].`)
    return { kind, place: host.session.place('export', absolute(value)) }
  }
  if (kind !== 'registry') throw new UsageError('--to is oci-layout:DIR, dir:DIR or registry:HOST[/PREFIX].')
  const cut = value.indexOf('/')
  const ways = waysOf(host, args)
  return cut < 0
    ? { kind, host: value, prefix: '', ...ways }
    : { kind, host: value.slice(0, cut), prefix: value.slice(cut + 1).replace(/\/+$/, ''), ...ways }
}

export const exporting: Command = {
  about: 'Export accepted content.',
  positional: ['ID'],
  options: {
    ...deskOption,
    to: { value: 'TARGET', required: true },
    map: { value: 'FILE' },
    sparse: { value: 'index|platforms' },
    'move-tags': { value: null },
    lock: { value: 'FILE' },
    ...accessOptions,
  },
  async run(host, args) {
    const target = targetFrom(host, args)
    await host.open(args, 'write')
    const done = await host.work('export.start', {
      id: args.at(0),
      target,
      ...access(host, args),
    })
    const lines = [
      `Exported to ${done.target}: ${done.blobs} blobs, ${size(done.bytes)}.`,
      ...done.written.map((one) => `  ${one.reference}  ${one.digest}`),
      ...done.moved.map((one) => `  ! ${one.reference} was moved; it held ${one.before} before.`),
      ...done.left,
    ]
    return { value: { ...done }, lines }
  },
}
