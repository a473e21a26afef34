import { UsageError, type Arguments } from './arguments.ts'
import type { Command, Host } from './command.ts'
import { absolute } from './paths.ts'
import { opinionLines, provenLines, reasonLines } from './proven-lines.ts'

function threshold(args: Arguments, name: string, usual: number): number {
  const text = args.get(name)
  if (text === undefined) return usual
  if (!/^(?:[0-9]|1[0-6])$/.test(text)) throw new UsageError(`--${name} is a number from 0 to 16.`)
  return Number(text)
}

function signerOf(host: Host, args: Arguments): { key: string } | { identity: string; issuer: string } {
  const [identity, issuer, key] = ['certificate-identity', 'certificate-oidc-issuer', 'key'].map((one) =>
    args.get(one),
  )
  if (key !== undefined && identity === undefined && issuer === undefined) {
    return { key: host.session.place('key', absolute(key)) }
  }
  if (key === undefined && identity !== undefined && issuer !== undefined) return { identity, issuer }
  throw new UsageError('Give either --key, or --certificate-identity and --certificate-oidc-issuer.')
}

const digest = /^(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/

/** The official client protocol (signing.md, 4.1), so that outsiders can run the conformance suite on us. */
export const verifyBundle: Command = {
  about: 'Verify a Sigstore bundle offline: exit code 0 when it is proven, another one when not.',
  positional: ['FILE_OR_DIGEST'],
  options: {
    staging: { value: null },
    bundle: { value: 'FILE', required: true },
    'certificate-identity': { value: 'NAME' },
    'certificate-oidc-issuer': { value: 'URL' },
    key: { value: 'FILE.pub' },
    'trusted-root': { value: 'FILE', many: true },
    'predicate-type': { value: 'URI' },
    logs: { value: 'N' },
    times: { value: 'N' },
    scts: { value: 'N' },
  },
  async run(host, args) {
    const what = args.at(0)
    const roots = args.all('trusted-root')
    // No root of the staging instance is embedded, and none is fetched.
    if (args.has('staging') && roots.length === 0) {
      throw new UsageError(
        '--staging needs --trusted-root: only the root of the public instance is built in.',
      )
    }
    const signer = signerOf(host, args)
    const found = await host.call('signature.check', {
      bundle: host.session.place('signature', absolute(args.need('bundle'))),
      artifact: digest.test(what)
        ? { digest: what }
        : { place: host.session.place('artifact', absolute(what)) },
      signer,
      roots: roots.map((one) => host.session.place('trusted-root', absolute(one))),
      logs: threshold(args, 'logs', 1),
      times: threshold(args, 'times', 'key' in signer ? 0 : 1),
      scts: threshold(args, 'scts', 1),
      ...(args.has('predicate-type') && { predicateType: args.need('predicate-type') }),
    })
    if (found.proven === null) {
      return { value: found, lines: found.reason === null ? [] : reasonLines(found.reason), exit: 3 }
    }
    return {
      value: found,
      lines: ['Verified.', ...provenLines(found.proven), ...opinionLines(found.opinion)],
    }
  },
}
