import type { KeyBy } from '../../shared/calls/call.ts'
import type { Arguments } from './arguments.ts'
import type { Host } from './command.ts'
import { absolute } from './paths.ts'

/** Who signs, by `--person`, `--key` and `--passphrase-file`. */
export async function signerFrom(
  host: Host,
  args: Arguments,
): Promise<{ readonly person: string; readonly by: KeyBy }> {
  const passphrase = await host.passphrase(args.get('passphrase-file'), 'Passphrase: ')
  const key = host.session.place('key', absolute(args.need('key')))
  return { person: args.need('person'), by: { file: key, passphrase } }
}
