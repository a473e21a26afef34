import type { CallInput } from '../../shared/contract.ts'
import { landedLine, landedOf } from '../../shared/rules/landed.ts'
import { size } from '../../shared/units.ts'
import type { SealState } from '../../shared/landing.ts'
import { landingPassphrase, landingPassphraseOption } from './landing-target.ts'
import { sealLine } from '../../shared/text/landing.ts'
import { parsePlatform } from '../oci/platform.ts'
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
  const relocate = args.get('relocate')
  return {
    ...(map === undefined ? {} : { map: host.session.place('map', absolute(map)) }),
    ...(args.has('sparse') ? { sparse: oneOf(args, 'sparse', ['index', 'platforms'] as const) } : {}),
    ...(args.has('move-tags') ? { tags: 'move' as const } : {}),
    ...(lock === undefined ? {} : { lock: host.session.place('lock', absolute(lock)) }),
    ...(relocate === undefined ? {} : { relocate: host.session.place('lock', absolute(relocate)) }),
  }
}

function sealLines(seals: SealState | undefined, id: string, target: string): string[] {
  if (seals === undefined) return []
  const next = `  sallyport landing seal ${id} --target HOST[/PREFIX] --desk FOLDER --person ID --key FILE`
  const waits = seals === 'by-deciders' && target.startsWith('registry:')
  return [sealLine(seals, target), ...(waits ? [next] : [])]
}

const forms =
  'oci-layout:DIR, dir:DIR, medium:PATH, oci-archive:FILE, docker-archive:FILE or registry:HOST[/PREFIX]'

/** Options that only one kind of target takes. */
const only: Readonly<Record<string, readonly [kind: Target['kind'], form: string]>> = {
  map: ['registry', 'registry:HOST[/PREFIX]'],
  sparse: ['registry', 'registry:HOST[/PREFIX]'],
  'move-tags': ['registry', 'registry:HOST[/PREFIX]'],
  lock: ['registry', 'registry:HOST[/PREFIX]'],
  relocate: ['registry', 'registry:HOST[/PREFIX]'],
  platform: ['docker-archive', 'docker-archive:FILE'],
  form: ['medium', 'medium:PATH'],
}

function checkOptions(args: Arguments, kind: Target['kind']): void {
  for (const [name, [of, form]] of Object.entries(only)) {
    if (kind !== of && args.has(name)) throw new UsageError(`--${name} is for --to ${form}.`)
  }
}

function platformOf(args: Arguments): { readonly platform?: string } {
  const platform = args.get('platform')
  if (platform === undefined) return {}
  if (parsePlatform(platform) === null) throw new UsageError('--platform is OS/ARCH or OS/ARCH/VARIANT.')
  return { platform }
}

function registryFrom(host: Host, args: Arguments, value: string): Target {
  const cut = value.indexOf('/')
  const ways = waysOf(host, args)
  return cut < 0
    ? { kind: 'registry', host: value, prefix: '', ...ways }
    : {
        kind: 'registry',
        host: value.slice(0, cut),
        prefix: value.slice(cut + 1).replace(/\/+$/, ''),
        ...ways,
      }
}

const kinds = ['oci-layout', 'dir', 'medium', 'oci-archive', 'docker-archive', 'registry'] as const

function targetFrom(host: Host, args: Arguments): Target {
  const [word = '', ...rest] = args.need('to').split(':')
  const value = rest.join(':')
  const kind = kinds.find((one) => one === word)
  if (kind === undefined || value === '') throw new UsageError(`--to is ${forms}.`)
  checkOptions(args, kind)
  if (kind === 'registry') return registryFrom(host, args, value)
  if (kind === 'medium') {
    const form = args.has('form') ? oneOf(args, 'form', ['folder', 'layout'] as const) : 'folder'
    return { kind, place: host.session.place('medium', absolute(value)), form }
  }
  const place = host.session.place('export', absolute(value))
  return kind === 'docker-archive' ? { kind, place, ...platformOf(args) } : { kind, place }
}

export const exporting: Command = {
  about: 'Export accepted content.',
  positional: ['ID'],
  options: {
    ...deskOption,
    to: { value: 'TARGET', required: true },
    platform: { value: 'OS/ARCH' },
    form: { value: 'folder|layout' },
    map: { value: 'FILE' },
    sparse: { value: 'index|platforms' },
    'move-tags': { value: null },
    lock: { value: 'FILE' },
    relocate: { value: 'FILE' },
    'no-seal': { value: null },
    resume: { value: null },
    ...landingPassphraseOption,
    ...accessOptions,
  },
  async run(host, args) {
    const target = targetFrom(host, args)
    await host.open(args, 'write')
    const done = await host.work('export.start', {
      id: args.at(0),
      target,
      seal: !args.has('no-seal'),
      resume: args.has('resume'),
      ...(await landingPassphrase(host, args)),
      ...access(host, args),
    })
    const { content } = await host.call('consignment.show', { id: done.id })
    const landed = landedOf(content, done.written)
    const lines = [
      `Exported to ${done.target}: ${done.blobs} blobs, ${size(done.bytes)}.`,
      ...done.written.map((one) => `  ${one.reference}  ${one.digest}`),
      ...done.moved.map((one) => `  ! ${one.reference} was moved; it held ${one.before} before.`),
      ...done.warned.map((sentence) => `  ! ${sentence}`),
      ...done.left,
      landedLine(landed),
      ...landed.missing,
      ...(done.found === undefined
        ? []
        : [`Read again as readers look for it: ${done.found} things, all there.`]),
      ...sealLines(done.seals, args.at(0), done.target),
    ]
    return { value: { ...done, landed }, lines }
  },
}
