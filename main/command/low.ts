import type { z } from 'zod'
import { exitCodes } from '../../shared/verdict.ts'
import type { Verified, zCollected, zWritten } from '../../shared/contract.ts'
import { signingRoles } from '../../shared/schema.ts'
import { UsageError, type Arguments } from './arguments.ts'
import { accessOptions, deskOption, signerOptions, type Command, type Host } from './command.ts'
import { absolute } from './paths.ts'
import { size } from '../../shared/units.ts'
import { verdictLines } from './text.ts'

/** Places of the files that an act which speaks to a registry was given. */
export function access(
  host: Host,
  args: Arguments,
): { auth?: string; ca?: { host: string; place: string }[] } {
  const auth = args.get('auth-file')
  const ca = args.all('ca').map((word) => {
    const cut = word.indexOf('=')
    if (cut < 1) throw new UsageError('--ca is HOST=FILE.')
    return { host: word.slice(0, cut), place: host.session.place('ca', absolute(word.slice(cut + 1))) }
  })
  return {
    ...(auth === undefined ? {} : { auth: host.session.place('auth', absolute(auth)) }),
    ...(ca.length === 0 ? {} : { ca }),
  }
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export const collect: Command = {
  about: 'Collect what a request asks for; with a consignment’s ID: make its waybill again.',
  positional: ['REQUEST.yaml|ID'],
  options: { ...deskOption, ...accessOptions },
  async run(host, args) {
    await host.open(args, 'write')
    const what = args.at(0)
    const done = uuid.test(what)
      ? await host.work<z.infer<typeof zCollected>>('waybill.make', { id: what })
      : await host.work<z.infer<typeof zCollected>>('collect.start', {
          request: host.session.place('request', absolute(what)),
          ...access(host, args),
        })
    const lines = [
      `Collected: ${done.items} items, ${done.blobs} blobs, ${size(done.bytes)}, ${done.findings} findings.`,
      `Consignment: ${done.id}`,
      `Waybill: ${done.waybill}`,
      `  ${done.words.slice(0, 8).join(' ')}`,
      `  ${done.words.slice(8).join(' ')}   (128 of 256 bits)`,
    ]
    return { value: done, lines }
  },
}

export const approve: Command = {
  about: 'Sign the waybill of a consignment.',
  positional: ['ID'],
  options: { ...deskOption, role: { value: signingRoles.join('|'), required: true }, ...signerOptions },
  async run(host, args) {
    const role = signingRoles.find((one) => one === args.need('role'))
    if (role === undefined) throw new UsageError(`--role is one of ${signingRoles.join(', ')}.`)
    await host.open(args, 'write')
    const passphrase = await host.passphrase(args.get('passphrase-file'), 'Passphrase: ')
    const key = host.session.place('key', absolute(args.need('key')))
    const done = await host.call('approval.sign', {
      id: args.at(0),
      role,
      person: args.need('person'),
      key,
      passphrase,
    })
    const missing =
      done.missing.length === 0 ? 'It is released.' : `Still missing: ${done.missing.join(', ')}.`
    return {
      value: { ...done },
      lines: [`${args.need('person')} signed ${done.waybill} (${role}). ${missing}`],
    }
  },
}

export const write: Command = {
  about: 'Write a released consignment to a medium.',
  positional: ['ID'],
  options: { ...deskOption, to: { value: 'FOLDER', required: true }, 'part-size': { value: 'BYTES' } },
  async run(host, args) {
    const text = args.get('part-size')
    if (text !== undefined && !/^[1-9][0-9]{0,15}$/.test(text))
      throw new UsageError('--part-size is a number of bytes.')
    await host.open(args, 'write')
    const to = host.session.place('medium', absolute(args.need('to')))
    const input = { id: args.at(0), to, ...(text === undefined ? {} : { partSize: Number(text) }) }
    const done = await host.work<z.infer<typeof zWritten>>('write.start', input)
    const lines = [
      `Written to ${done.folder}, copy ${done.medium.copy}.`,
      ...done.parts.map((part) => `  ${part.name}  ${size(part.size)}  ${part.sha256}`),
      'Take the medium out, put it back in, and read it back.',
    ]
    return { value: { ...done, folder: `${args.need('to').replace(/\/+$/, '')}/${done.folder}` }, lines }
  },
}

export const readback: Command = {
  about: 'Read a medium back at the desk that wrote it.',
  positional: ['PATH'],
  options: deskOption,
  async run(host, args) {
    await host.open(args, 'write')
    const medium = host.session.place('medium', absolute(args.at(0)))
    const done = await host.work<Verified>('readback.start', { medium })
    return { value: { ...done }, lines: verdictLines(done), exit: exitCodes[done.outcome] }
  },
}
