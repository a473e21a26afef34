import { kitEngines } from '../../shared/landing.ts'
import { UsageError, type Arguments } from './arguments.ts'
import { deskOption, type Command } from './command.ts'
import { landingPassphrase, landingPassphraseOption, landingTarget } from './landing-target.ts'
import { counted } from './text.ts'
import { absolute } from './paths.ts'
import { oneOf } from './saved.ts'

function enginesIn(args: Arguments): (typeof kitEngines)[number][] {
  return args.all('for').map((word) => {
    const engine = kitEngines.find((one) => one === word)
    if (engine === undefined) throw new UsageError(`--for is one of ${kitEngines.join(', ')}.`)
    return engine
  })
}

export const landingKit: Command = {
  about: 'Make ready files for the engines of the far side, signed by the landing key.',
  positional: ['ID'],
  options: {
    ...deskOption,
    target: { value: 'HOST[/PREFIX]', required: true },
    out: { value: 'DIR', required: true },
    for: { value: kitEngines.join('|'), many: true },
    trust: { value: 'landing|signers' },
    ...landingPassphraseOption,
  },
  async run(host, args) {
    const target = landingTarget(args)
    const engines = enginesIn(args)
    const trust = args.has('trust') ? oneOf(args, 'trust', ['landing', 'signers'] as const) : 'landing'
    await host.open(args, 'write')
    const place = host.session.place('landing', absolute(args.need('out')))
    const done = await host.call('kit.make', {
      ...{ id: args.at(0), target, place, engines, trust },
      ...(await landingPassphrase(host, args)),
    })
    const lines = [
      `${counted(done.files, 'file')} for ${done.engines.join(', ')}.`,
      'Read NOT-EXPRESSED.md of each engine first: what it cannot hold, nobody there checks.',
      ...done.notExpressed.map(({ engine, rules }) => `  ${engine}: ${counted(rules, 'rule')} not expressed`),
    ]
    return { value: { ...done }, lines }
  },
}
