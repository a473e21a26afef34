import { size } from '../../shared/units.ts'
import { access } from './access.ts'
import { accessOptions, deskOption, type Command } from './command.ts'
import { findingLines } from './findings.ts'
import { absolute } from './paths.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export const collect: Command = {
  about: 'Collect what a request asks for; with a consignment’s ID: make its waybill again.',
  positional: ['REQUEST.yaml|ID'],
  options: { ...deskOption, 'leave-out': { value: 'REFERENCE', many: true }, ...accessOptions },
  async run(host, args) {
    await host.open(args, 'write')
    const what = args.at(0)
    const done = uuid.test(what)
      ? await host.work('waybill.make', { id: what })
      : await host.work('collect.start', {
          request: host.session.place('request', absolute(what)),
          leaveOut: [...args.all('leave-out')],
          ...access(host, args),
        })
    const lines = [
      `Collected: ${done.items} items, ${done.blobs} blobs, ${size(done.bytes)}.`,
      ...findingLines(done.findings),
      `Consignment: ${done.id}`,
      `Waybill: ${done.waybill}`,
      `  ${done.words.slice(0, 8).join(' ')}`,
      `  ${done.words.slice(8).join(' ')}   (128 of 256 bits)`,
    ]
    return { value: done, lines }
  },
}
