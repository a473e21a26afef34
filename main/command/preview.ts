import type { Previewed } from '../../shared/preview.ts'
import { visible } from '../../shared/names.ts'
import { size } from '../../shared/units.ts'
import { access } from './access.ts'
import { accessOptions, deskOption, type Command } from './command.ts'
import { absolute } from './paths.ts'

function linesOf(one: Previewed): string[] {
  const { reference, failure, digest, platforms, evidence, signers, open, named, notes } = one
  if (failure !== null) return [`✕ ${visible(reference)}`, `  ${failure.happened}`, `  ${failure.next}`]
  const bytes = one.size === null ? 'size not known' : size(one.size)
  const here = one.here === 0 ? [] : [`${size(one.here)} of it here already`]
  const speaks = evidence === 1 ? '1 piece of evidence' : `${evidence} pieces of evidence`
  return [
    `✓ ${visible(reference)}`,
    ...(digest === null ? [] : [`  ${digest}`]),
    `  ${[bytes, ...here, ...platforms, ...(digest === null ? [] : [speaks])].join('; ')}`,
    ...signers.map((who) => `  signed by ${visible(who)}`),
    ...(named === 0 ? [] : [`  names ${named} ${named === 1 ? 'image' : 'images'}`]),
    ...open.map(({ result, found }) => `  policy, ${result}: ${visible(found)}`),
    ...notes.map((note) => `  ! ${visible(note)}`),
  ]
}

export const preview: Command = {
  about:
    'Say what a request would bring if it were collected now: sizes, platforms, who signed it. Keeps nothing.',
  positional: ['REQUEST.yaml'],
  options: { ...deskOption, ...accessOptions },
  async run(host, args) {
    await host.open(args, 'write')
    const found = await host.work('preview.start', {
      request: host.session.place('request', absolute(args.at(0))),
      ...access(host, args),
    })
    const { items } = found
    const failed = items.filter(({ failure }) => failure !== null).length
    const total = items.reduce((sum, one) => sum + (one.size ?? 0), 0)
    const here = items.reduce((sum, one) => sum + one.here, 0)
    const lines = [
      ...items.flatMap(linesOf),
      `${items.length} items, ${size(total)}, ${size(here)} of it here already${failed === 0 ? '' : `; ${failed} would not be collected`}.`,
    ]
    return { value: found, lines, exit: failed === 0 ? 0 : 1 }
  },
}
