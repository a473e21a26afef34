import { transferIdOf } from '../../shared/digest.ts'
import { size } from '../../shared/units.ts'
import { deskOption, type Command } from './command.ts'
import { everyPage } from './pages.ts'

export const consignmentList: Command = {
  about: 'List the consignments of a desk.',
  positional: [],
  options: deskOption,
  async run(host, args) {
    await host.open(args, 'read')
    const consignments = await everyPage(async (from) => {
      const { consignments: page, matching: all } = await host.call('consignment.list', { from })
      return { page, all }
    })
    const lines = consignments.map(
      (one) =>
        `${one.id}  ${one.waybill === null ? '–'.padEnd(16) : transferIdOf(one.waybill)}  ${one.state.padEnd(10)}  ${one.name}  number ${one.sequence ?? '–'}  ${size(one.bytes)}`,
    )
    return { value: { consignments }, lines: lines.length === 0 ? ['No consignments yet.'] : lines }
  },
}
