import { UsageError } from './arguments.ts'
import type { Command } from './command.ts'
import { absolute } from './paths.ts'
import { provenLines, reasonLines } from './proven-lines.ts'

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
    const checked = await host.work('check.start', {
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
