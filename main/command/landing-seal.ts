import { counted } from './text.ts'
import { access } from './access.ts'
import { UsageError } from './arguments.ts'
import { accessOptions, deskOption, officerKeyOptions, type Command } from './command.ts'
import { landingPassphrase, landingPassphraseOption, landingTarget } from './landing-target.ts'
import { absolute } from './paths.ts'

export const landingSeal: Command = {
  about: 'Seal what landed at a registry before: by the landing key, or each of those who accepted it.',
  positional: ['ID'],
  options: {
    ...deskOption,
    target: { value: 'HOST[/PREFIX]', required: true },
    ...landingPassphraseOption,
    ...officerKeyOptions,
    ...accessOptions,
  },
  async run(host, args) {
    const target = landingTarget(args)
    const person = args.get('person')
    const key = args.get('key')
    if ((person === undefined) !== (key === undefined))
      throw new UsageError('--person ID and --key FILE belong together.')
    await host.open(args, 'write')
    const signer =
      person === undefined || key === undefined
        ? {}
        : {
            signer: {
              person,
              by: {
                file: host.session.place('key', absolute(key)),
                passphrase: await host.passphrase(args.get('passphrase-file'), 'Passphrase: '),
              },
            },
          }
    const done = await host.work('seal.start', {
      ...{ id: args.at(0), target, ...signer },
      ...(await landingPassphrase(host, args)),
      ...access(host, args),
    })
    const manifests = counted(done.count, 'manifest')
    const lines =
      done.missing.length > 0
        ? [
            `Signed for ${done.target}: ${manifests}. Nothing lies there yet.`,
            `Still to sign: ${done.missing.join(', ')}.`,
          ]
        : [`Sealed at ${done.target}: ${manifests}; ${done.found} things were found there again.`]
    return { value: { ...done }, lines }
  },
}
