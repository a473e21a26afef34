import type { CallInput } from '../../shared/contract.ts'
import type { CheckedFile, SignedFile } from '../../shared/signing.ts'
import { readCapped } from '../platform/files.ts'
import { limits } from '../platform/limits.ts'
import { UsageError, type Arguments } from './arguments.ts'
import type { Command, Host, Outcome } from './command.ts'
import { access } from './low.ts'
import { absolute } from './paths.ts'
import { provenLines, reasonLines } from './verify-bundle.ts'

type SignInput = CallInput<'sign.start'>

function signedOutcome(signed: SignedFile): Outcome {
  const files = [signed.bundle, ...(signed.signature === null ? [] : [signed.signature])]
  return { value: signed, lines: [...provenLines(signed.proven), `Written: ${files.join(', ')}`] }
}

const places = (host: Host, args: Arguments): Pick<SignInput, 'services' | 'root'> => {
  const services = args.get('signing-config')
  const root = args.get('trusted-root')
  return {
    ...(services === undefined ? {} : { services: host.session.place('services', absolute(services)) }),
    ...(root === undefined ? {} : { root: host.session.place('trusted-root', absolute(root)) }),
  }
}

/** The official client protocol of sigstore-conformance, to the letter. */
export const signBundle: Command = {
  about: 'Sign a file keyless with an identity token (Sigstore client protocol).',
  positional: ['FILE'],
  options: {
    staging: { value: null },
    'in-toto': { value: null },
    'identity-token': { value: 'TOKEN', required: true },
    bundle: { value: 'OUT', required: true },
    'trusted-root': { value: 'FILE' },
    'signing-config': { value: 'FILE' },
  },
  async run(host, args) {
    if (args.has('staging') && !(args.has('trusted-root') && args.has('signing-config'))) {
      throw new UsageError(
        '--staging needs --trusted-root and --signing-config: only the public instance is built in.',
      )
    }
    const signed = await host.work<SignedFile>('sign.start', {
      file: host.session.place('artifact', absolute(args.at(0))),
      statement: args.has('in-toto'),
      by: { kind: 'token', token: args.need('identity-token') },
      services: 'public',
      ...places(host, args),
      bundle: host.session.place('signature', absolute(args.need('bundle'))),
      replace: true,
    })
    return signedOutcome(signed)
  },
}

const ways = ['key', 'identity-token', 'ci', 'browser', 'device'] as const

async function byOf(host: Host, args: Arguments): Promise<SignInput['by']> {
  const [way, ...more] = ways.filter((one) => args.has(one))
  if (way === undefined || more.length > 0) {
    throw new UsageError(`Give one of ${ways.map((one) => `--${one}`).join(', ')}.`)
  }
  switch (way) {
    case 'key': {
      const passphrase = await host.passphrase(args.get('passphrase-file'), 'Passphrase of the key: ')
      return { kind: 'key', key: host.session.place('key', absolute(args.need('key'))), passphrase }
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
    ca: { value: 'HOST=FILE', many: true },
  },
  async run(host, args) {
    const path = absolute(args.at(0))
    const out = (end: string): string => host.session.place('signature', `${path}.${end}`)
    const signed = await host.work<SignedFile>('sign.start', {
      file: host.session.place('artifact', path),
      statement: args.has('in-toto'),
      by: await byOf(host, args),
      ...places(host, args),
      ...access(host, args),
      bundle: out('sigstore.json'),
      ...(args.has('sig-bin') ? { signature: out('sig.bin') } : {}),
      replace: false,
    })
    return signedOutcome(signed)
  },
}

export const verifyFile: Command = {
  about:
    'Check a file with a public key, by its bundle (FILE.sigstore.json unless named) or a bare signature.',
  positional: ['FILE'],
  options: {
    key: { value: 'FILE.pub', required: true },
    signature: { value: 'FILE.sig.bin' },
    bundle: { value: 'FILE.sigstore.json' },
  },
  async run(host, args) {
    const path = absolute(args.at(0))
    const signature = args.get('signature')
    if (signature !== undefined && args.has('bundle'))
      throw new UsageError('Give --signature or --bundle, not both.')
    const kind = signature === undefined ? 'bundle' : 'signature'
    const by = absolute(signature ?? args.get('bundle') ?? `${path}.sigstore.json`)
    const checked = await host.work<CheckedFile>('check.start', {
      file: host.session.place('artifact', path),
      key: host.session.place('key', absolute(args.need('key'))),
      by: { kind, place: host.session.place('signature', by) },
    })
    if (checked.reason !== null) return { value: checked, lines: reasonLines(checked.reason), exit: 3 }
    const proven =
      checked.proven === null ? [`Signed with the key ${checked.key}`] : provenLines(checked.proven)
    return { value: checked, lines: ['The file is what was signed.', ...proven] }
  },
}
