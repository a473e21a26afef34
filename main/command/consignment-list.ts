import { transferIdOf } from '../../shared/digest.ts'
import { size } from '../../shared/units.ts'
import type { ConsignmentLine } from '../../shared/views.ts'
import { deskOption, type Command } from './command.ts'

export const consignmentList: Command = {
  about: 'List the consignments of a desk.',
  positional: [],
  options: deskOption,
  async run(host, args) {
    await host.open(args, 'read')
    const consignments: ConsignmentLine[] = []
    for (;;) {
      const page = await host.call('consignment.list', { from: consignments.length })
      consignments.push(...page.consignments)
      if (page.consignments.length === 0 || consignments.length >= page.matching) break
    }
    const lines = consignments.map(
      (one) =>
        `${one.id}  ${one.waybill === null ? '–'.padEnd(16) : transferIdOf(one.waybill)}  ${one.state.padEnd(10)}  ${one.name}  number ${one.sequence ?? '–'}  ${size(one.bytes)}`,
    )
    return { value: { consignments }, lines: lines.length === 0 ? ['No consignments yet.'] : lines }
  },
}
