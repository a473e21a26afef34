import { UsageError } from './arguments.ts'
import type { Command } from './command.ts'
import { absolute } from './paths.ts'
import { signedOutcome, signingPlaces } from './signed.ts'

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
    const signed = await host.work('sign.start', {
      file: host.session.place('artifact', absolute(args.at(0))),
      statement: args.has('in-toto'),
      by: { kind: 'token', token: args.need('identity-token') },
      services: 'public',
      ...signingPlaces(host, args),
      bundle: host.session.place('signature', absolute(args.need('bundle'))),
      replace: true,
    })
    return signedOutcome(signed)
  },
}
