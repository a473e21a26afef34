import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { UsageError } from './arguments.ts'
import type { Command } from './command.ts'
import { absolute } from './paths.ts'
import { provenLines, reasonLines } from './proven-lines.ts'

type By = { readonly kind: 'bundle' | 'signature'; readonly path: string }

/** What lies beside a file under a name that a tool gives its signature: cosign, OpenSSL by hand, Artifact Studio, gpg. */
function beside(path: string): By {
  const bare = [`${path}.sig`, `${path}.sig.bin`]
  if (path.endsWith('.zst')) bare.push(`${path.slice(0, -4)}.sig.bin`)
  bare.push(`${path}.asc`)
  const bundle = { kind: 'bundle', path: `${path}.sigstore.json` } as const
  const found = [
    bundle,
    { kind: 'bundle', path: `${path}.sigstore` } as const,
    ...bare.map((one) => ({ kind: 'signature', path: one }) as const),
  ]
  return found.find((one) => existsSync(one.path)) ?? bundle
}

export const verifyFile: Command = {
  about:
    'Check a file with a public key, by its bundle or a bare signature: the one named, else the one beside it.',
  positional: ['FILE'],
  options: {
    key: { value: 'FILE.pub', required: true },
    signature: { value: 'FILE.sig' },
    bundle: { value: 'FILE.sigstore.json' },
  },
  async run(host, args) {
    const path = absolute(args.at(0))
    const signature = args.get('signature')
    if (signature !== undefined && args.has('bundle'))
      throw new UsageError('Give --signature or --bundle, not both.')
    const named = signature ?? args.get('bundle')
    const by: By =
      named === undefined
        ? beside(path)
        : { kind: signature === undefined ? 'bundle' : 'signature', path: absolute(named) }
    const checked = await host.work('check.start', {
      file: host.session.place('artifact', path),
      key: host.session.place('key', absolute(args.need('key'))),
      by: { kind: by.kind, place: host.session.place('signature', by.path) },
    })
    const value = { ...checked, by: basename(by.path) }
    if (checked.reason !== null) return { value, lines: reasonLines(checked.reason), exit: 3 }
    const proven =
      checked.proven === null
        ? [`Signed with the key ${checked.key} (${checked.scheme ?? ''})`]
        : provenLines(checked.proven)
    return {
      value,
      lines: ['The file is what was signed.', `By ${value.by}`, ...proven],
    }
  },
}
