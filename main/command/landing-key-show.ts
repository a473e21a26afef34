import { deskOption, type Command } from './command.ts'
import { absolute } from './paths.ts'
import { fingerprintLines } from './text.ts'

const signersWords = {
  station: 'By the policy in force the landing key seals what lands.',
  deciders:
    'By the policy in force those who accepted it seal what lands; the landing key signs lists and kits.',
} as const

export const landingKeyShow: Command = {
  about: 'Show the landing key in force, and save its public half.',
  positional: [],
  options: { ...deskOption, out: { value: 'FILE.pub' } },
  async run(host, args) {
    await host.open(args, 'read')
    const { key, signers, listed } = await host.call('landing.show', {})
    const out = args.get('out')
    const saved =
      out === undefined
        ? null
        : await host.call('landing.save', { place: host.session.place('landing', absolute(out)) })
    const lines =
      key === null
        ? ['This desk has no landing key.', signersWords[signers]]
        : [
            `In force since ${key.at}${key.by.length === 0 ? '' : `, by ${key.by.join(' and ')}`}; ${key.locked ? 'its file has a passphrase' : 'its file has NO passphrase'}:`,
            ...fingerprintLines(key.fingerprint),
            signersWords[signers],
            ...(saved === null ? [] : [`The public half is in ${saved.file}.`]),
          ]
    return { value: { key, signers, listed, ...(saved ?? {}) }, lines }
  },
}
