import { UsageError, type Arguments } from './arguments.ts'
import type { Host } from './command.ts'
import { absolute } from './paths.ts'

/** Places of the files that an act which speaks to a registry was given. */
export function access(
  host: Host,
  args: Arguments,
): { auth?: string; ca?: { host: string; place: string }[] } {
  const auth = args.get('auth-file')
  const ca = args.all('ca').map((word) => {
    const cut = word.indexOf('=')
    if (cut < 1) throw new UsageError('--ca is HOST=FILE.')
    return { host: word.slice(0, cut), place: host.session.place('ca', absolute(word.slice(cut + 1))) }
  })
  return {
    ...(auth === undefined ? {} : { auth: host.session.place('auth', absolute(auth)) }),
    ...(ca.length === 0 ? {} : { ca }),
  }
}
