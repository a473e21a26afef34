import type { CallInput } from '../../shared/contract.ts'
import { readCapped } from '../platform/files.ts'
import { limits } from '../platform/limits.ts'
import { way } from './access.ts'
import { UsageError, type Arguments } from './arguments.ts'
import { wayOptions, type Command, type Host } from './command.ts'
import { absolute } from './paths.ts'
import { signedOutcome, signingPlaces } from './signed.ts'

const ways = ['key', 'identity-token', 'ci', 'browser', 'device'] as const

async function byOf(host: Host, args: Arguments): Promise<CallInput<'sign.start'>['by']> {
  const [way, ...more] = ways.filter((one) => args.has(one))
  if (way === undefined || more.length > 0) {
    throw new UsageError(`Give one of ${ways.map((one) => `--${one}`).join(', ')}.`)
  }
  switch (way) {
    case 'key': {
      const passphrase = await host.passphrase(args.get('passphrase-file'), 'Passphrase of the key: ')
      const file = host.session.place('key', absolute(args.need('key')))
      return { kind: 'key', key: { file, passphrase } }
    }
    case 'identity-token': {
      const bytes = await readCapped(absolute(args.need('identity-token')), limits.tokenBytes)
      return { kind: 'token', token: bytes.toString('utf8').trim() }
    }
    case 'ci':
      return { kind: 'ambient' }
    case 'browser':
    case 'device':
      return { kind: way }
  }
}

export const signFile: Command = {
  about: 'Sign a file with a key, or keyless: FILE.sigstore.json, with --sig-bin FILE.sig.bin too.',
  positional: ['FILE'],
  options: {
    key: { value: 'FILE' },
    'passphrase-file': { value: 'FILE' },
    'identity-token': { value: 'FILE' },
    ci: { value: null },
    browser: { value: null },
    device: { value: null },
    'signing-config': { value: 'FILE' },
    'trusted-root': { value: 'FILE' },
    'in-toto': { value: null },
    'sig-bin': { value: null },
    ...wayOptions,
  },
  async run(host, args) {
    const path = absolute(args.at(0))
    const out = (end: string): string => host.session.place('signature', `${path}.${end}`)
    const signed = await host.work('sign.start', {
      file: host.session.place('artifact', path),
      statement: args.has('in-toto'),
      by: await byOf(host, args),
      ...signingPlaces(host, args),
      ...way(host, args),
      bundle: out('sigstore.json'),
      ...(args.has('sig-bin') ? { signature: out('sig.bin') } : {}),
      replace: false,
    })
    return signedOutcome(signed)
  },
}
