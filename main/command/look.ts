import { existsSync, statSync } from 'node:fs'
import type { CallInput } from '../../shared/contract.ts'
import { size } from '../../shared/units.ts'
import { visible } from '../../shared/names.ts'
import type { Looked, LookedItem } from '../../shared/look.ts'
import { exitCodes } from '../../shared/verdict.ts'
import { access } from './access.ts'
import { UsageError } from './arguments.ts'
import type { Command, Host } from './command.ts'
import { accessOptions } from './command.ts'
import { absolute } from './paths.ts'
import { checkLines, countLine } from './text.ts'

/** Files and images that are listed for people; `--json` has all of them. */
const most = 20

function itemLines(item: LookedItem): string[] {
  const { kind, name, references, digest, platforms, evidence } = item
  const proven = evidence.filter((one) => one.result === 'proven').length
  const speaks =
    evidence.length === 0 ? 'no evidence' : `${proven} of ${evidence.length} pieces of evidence proven`
  return [
    `${kind}  ${visible(name ?? '(no name)')}`,
    ...references.slice(1).map((one) => `  also ${visible(one)}`),
    `  ${digest}`,
    `  ${[size(item.size), ...(platforms.length === 0 ? [] : [platforms.join(', ')]), speaks].join('; ')}`,
  ]
}

function some<One>(all: readonly One[], lines: (one: One) => string[], what: string, leftOut = 0): string[] {
  const rest = Math.max(0, all.length - most) + leftOut
  const more = rest > 0 ? [`… and ${rest} more ${what} (--json lists up to 10,000 of them)`] : []
  return [...all.slice(0, most).flatMap(lines), ...more]
}

/** Who signed, of what passed: the rest of what passed is only counted. */
function signedLines({ checks }: Looked): string[] {
  return checks
    .filter(({ id, result }) => id.endsWith('.signature') && result === 'pass')
    .map(({ subject, found }) => `✓ signed  ${visible(subject)}  by ${visible(found)}`)
}

function lookedLines(looked: Looked): string[] {
  const { format, container, digest, parts, items, files, filesLeftOut, named, checks, notAsked } = looked
  const missing = named.filter((one) => !one.carried)
  const packed = container === null ? '' : `, ${container}, ${size(looked.size)}`
  return [
    `${visible(looked.name)}: ${format ?? 'not readable'}${packed}`,
    ...(parts.length === 0 ? [] : [`Put together from ${parts.length} files: ${visible(parts.join(', '))}`]),
    ...(digest === null ? [] : [digest]),
    countLine(looked.outcome, looked.counts),
    ...signedLines(looked),
    ...checkLines(checks, notAsked),
    '',
    ...some(items, itemLines, 'items'),
    ...some(files, (one) => [`file  ${visible(one.path)}  ${size(one.size)}`], 'files', filesLeftOut),
    ...(named.length === 0
      ? []
      : ['', `Images that it names: ${named.length}, not carried: ${missing.length}`]),
    ...some(missing, (one) => [`  ${visible(one.reference)}  in ${visible(one.where.join(', '))}`], 'images'),
  ]
}

function placeOf(host: Host, path: string): CallInput<'look.start'>['what'] {
  const folder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
  return folder
    ? { folder: host.session.place('look-folder', path) }
    : { file: host.session.place('look', path) }
}

export const look: Command = {
  about: 'Say what is in a file, folder or image that others made, and what it proves. Keeps nothing.',
  positional: ['PATH|REFERENCE|ID'],
  options: {
    desk: { value: 'FOLDER' },
    item: { value: 'NAME' },
    key: { value: 'FILE.pub', many: true },
    'trusted-root': { value: 'FILE', many: true },
    'plain-http': { value: null },
    ...accessOptions,
  },
  async run(host, args) {
    const what = args.at(0)
    const path = absolute(what)
    if (args.has('desk')) await host.open(args, 'read')
    const item = args.get('item')
    if ((item === undefined) === args.has('desk')) {
      throw new UsageError('To look into what a desk holds, give all three: ID --desk FOLDER --item NAME.')
    }
    const isPath = existsSync(path) || /^[./~]/.test(what)
    const looked = await host.work('look.start', {
      what:
        item === undefined
          ? isPath
            ? placeOf(host, path)
            : { reference: what }
          : { consignment: what, item },
      keys: args.all('key').map((one) => host.session.place('key', absolute(one))),
      roots: args.all('trusted-root').map((one) => host.session.place('trusted-root', absolute(one))),
      plainHttp: args.has('plain-http'),
      ...access(host, args),
    })
    return { value: looked, lines: lookedLines(looked), exit: exitCodes[looked.outcome] }
  },
}
