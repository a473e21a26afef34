import { counted } from './text.ts'
import { deskOption, type Command } from './command.ts'
import { landingPassphrase, landingPassphraseOption } from './landing-target.ts'
import { absolute } from './paths.ts'

export const landingList: Command = {
  about: 'Make the signed list of everything that this site admits, for sallyport admit.',
  positional: [],
  options: { ...deskOption, out: { value: 'FILE', required: true }, ...landingPassphraseOption },
  async run(host, args) {
    await host.open(args, 'write')
    const place = host.session.place('landing', absolute(args.need('out')))
    const done = await host.call('admitted.save', { place, ...(await landingPassphrase(host, args)) })
    const lines = [
      `List ${done.sequence}, until ${done.expires}: ${counted(done.digests, 'digest')}.`,
      ...done.left.map((why) => `  ! Not on it: ${why}`),
    ]
    return { value: { ...done }, lines }
  },
}
