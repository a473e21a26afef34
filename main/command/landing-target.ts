import { UsageError, type Arguments } from './arguments.ts'
import type { Host } from './command.ts'

/** The registry of `--target HOST[/PREFIX]`. */
export function landingTarget(args: Arguments): { readonly host: string; readonly prefix: string } {
  const value = args.need('target').replace(/^registry:/, '')
  const cut = value.indexOf('/')
  const host = cut < 0 ? value : value.slice(0, cut)
  if (host === '') throw new UsageError('--target is HOST[/PREFIX].')
  return { host, prefix: cut < 0 ? '' : value.slice(cut + 1).replace(/\/+$/, '') }
}

/** The passphrase of the landing key, where a file has it. */
export async function landingPassphrase(
  host: Host,
  args: Arguments,
): Promise<{ readonly passphrase?: string }> {
  const from = args.get('landing-passphrase-file')
  return from === undefined ? {} : { passphrase: await host.passphrase(from, '') }
}

export const landingPassphraseOption = { 'landing-passphrase-file': { value: 'FILE' } } as const
