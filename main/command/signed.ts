import type { CallInput, LongResult } from '../../shared/contract.ts'
import type { Arguments } from './arguments.ts'
import type { Host, Outcome } from './command.ts'
import { absolute } from './paths.ts'
import { provenLines } from './proven-lines.ts'

type SignInput = CallInput<'sign.start'>

/** What signing a file came to. */
export function signedOutcome(signed: LongResult<'sign.start'>): Outcome {
  const files = [signed.bundle, ...(signed.signature === null ? [] : [signed.signature])]
  return { value: signed, lines: [...provenLines(signed.proven), `Written: ${files.join(', ')}`] }
}

/** Places of `--signing-config` and `--trusted-root`. */
export const signingPlaces = (host: Host, args: Arguments): Pick<SignInput, 'services' | 'root'> => {
  const services = args.get('signing-config')
  const root = args.get('trusted-root')
  return {
    ...(services === undefined ? {} : { services: host.session.place('services', absolute(services)) }),
    ...(root === undefined ? {} : { root: host.session.place('trusted-root', absolute(root)) }),
  }
}
