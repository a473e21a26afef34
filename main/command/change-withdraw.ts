import { numberFrom } from './change-lines.ts'
import { deskOption, signerOptions, type Command } from './command.ts'
import { signerFrom } from './signer.ts'

export const changeWithdraw: Command = {
  about: 'Withdraw a change that waits.',
  positional: ['N'],
  options: { ...deskOption, ...signerOptions },
  async run(host, args) {
    const number = numberFrom(args)
    await host.open(args, 'write')
    const done = await host.call('change.withdraw', { number, ...(await signerFrom(host, args)) })
    return { value: { ...done }, lines: [`Change ${number} is withdrawn. Nothing of it is in force.`] }
  },
}
