import { keyAlgorithms, keyForms } from '../sign/key-file.ts'
import { Failure } from '../platform/failure.ts'
import { UsageError } from './arguments.ts'
import type { Command } from './command.ts'
import { absolute } from './paths.ts'
import { fingerprintLines } from './text.ts'

export const keyCreate: Command = {
  about: 'Make a key: FILE (encrypted) and FILE.pub.',
  positional: ['FILE'],
  options: {
    algorithm: { value: keyAlgorithms.join('|'), required: true },
    form: { value: keyForms.join('|') },
    'passphrase-file': { value: 'FILE' },
  },
  async run(host, args) {
    const algorithm = keyAlgorithms.find((one) => one === args.need('algorithm'))
    if (algorithm === undefined) throw new UsageError(`--algorithm is one of ${keyAlgorithms.join(', ')}.`)
    const form = keyForms.find((one) => one === (args.get('form') ?? 'pkcs8'))
    if (form === undefined) throw new UsageError(`--form is one of ${keyForms.join(', ')}.`)
    const from = args.get('passphrase-file')
    const passphrase = await host.passphrase(from, 'Passphrase for the new key: ')
    // A slip would lock the key for ever. What a file says it says once.
    if (from === undefined && (await host.passphrase(from, 'The same passphrase again: ')) !== passphrase)
      throw new Failure('passphrase-differs')
    const place = host.session.place('key', absolute(args.at(0)))
    const made = await host.call('key.create', { place, algorithm, form, passphrase })
    const { fingerprint, algorithm: kind } = made
    return {
      value: { fingerprint, algorithm: kind },
      lines: [`A ${made.algorithm} key was made. Its fingerprint:`, ...fingerprintLines(made.fingerprint)],
    }
  },
}
