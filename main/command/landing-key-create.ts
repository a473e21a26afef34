import { Failure } from '../platform/failure.ts'
import { UsageError } from './arguments.ts'
import { deskOption, officerKeyOptions, type Command } from './command.ts'
import { officerFrom, pendingLines } from './officer.ts'
import { fingerprintLines } from './text.ts'

export const landingKeyCreate: Command = {
  about:
    'Make the key by which what lands is sealed; on a sealed desk two security officers put it in force.',
  positional: [],
  options: {
    ...deskOption,
    'landing-passphrase-file': { value: 'FILE' },
    'no-passphrase': { value: null },
    ...officerKeyOptions,
  },
  async run(host, args) {
    const { founding } = await host.open(args, 'write')
    const from = args.get('landing-passphrase-file')
    if (from !== undefined && args.has('no-passphrase'))
      throw new UsageError('--landing-passphrase-file and --no-passphrase exclude each other.')
    const asks = from !== undefined || (!founding && !args.has('no-passphrase'))
    const prompt = 'Passphrase for the landing key: '
    const passphrase = asks ? await host.passphrase(from, prompt) : undefined
    if (
      asks &&
      from === undefined &&
      (await host.passphrase(from, 'The same passphrase again: ')) !== passphrase
    )
      throw new Failure('passphrase-differs')
    const done = await host.call('landing.create', {
      ...(passphrase === undefined ? {} : { passphrase }),
      ...(args.has('no-passphrase') ? { unlocked: true } : {}),
      ...(await officerFrom(host, args, args.get('key'))),
    })
    const lines = [
      'The landing key lies in the folder of this desk: whoever reads that folder or a copy of it',
      done.locked
        ? 'needs only its passphrase to seal for the whole far side. Its fingerprint:'
        : 'can seal for the whole far side: it has NO passphrase. Its fingerprint:',
      ...fingerprintLines(done.fingerprint),
      ...pendingLines('It is in force.', done.pending),
    ]
    return { value: { ...done }, lines }
  },
}
