import { visible } from '../../shared/names.ts'
import { numberFrom } from './change-lines.ts'
import { deskOption, signerOptions, type Command } from './command.ts'
import { touchedLines } from './officer.ts'
import { signerFrom } from './signer.ts'

export const changeSign: Command = {
  about: 'Sign a change as the second security officer; with this it is in force.',
  positional: ['N'],
  options: { ...deskOption, ...signerOptions },
  async run(host, args) {
    const number = numberFrom(args)
    await host.open(args, 'write')
    const done = await host.call('change.sign', { number, ...(await signerFrom(host, args)) })
    const lines = [`Change ${number} is in force: ${visible(done.sentence)}.`, ...touchedLines(done)]
    return { value: { ...done }, lines }
  },
}
