import { deskOption, type Command } from './command.ts'
import { landingPassphrase, landingPassphraseOption } from './landing-target.ts'
import { absolute } from './paths.ts'

export const landingFailed: Command = {
  about: 'Make failed verification summaries of what two people named as the cause of a rejection.',
  positional: ['ID'],
  options: { ...deskOption, out: { value: 'FOLDER', required: true }, ...landingPassphraseOption },
  async run(host, args) {
    await host.open(args, 'write')
    const place = host.session.place('landing', absolute(args.need('out')))
    const done = await host.call('summary.save', {
      ...{ id: args.at(0), place },
      ...(await landingPassphrase(host, args)),
    })
    return {
      value: { ...done },
      lines: ['A failed summary was made of each cause:', ...done.causes.map((one) => `  ${one}`)],
    }
  },
}
