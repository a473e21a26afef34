import { deskOption, type Command } from './command.ts'
import { size } from '../../shared/units.ts'

export const consignmentList: Command = {
  about: 'List the consignments of a desk.',
  positional: [],
  options: deskOption,
  async run(host, args) {
    await host.open(args, 'read')
    const { consignments } = await host.call('consignment.list', {})
    const lines = consignments.map(
      (one) =>
        `${one.id}  ${one.state.padEnd(10)}  ${one.name}  number ${one.sequence ?? '–'}  ${size(one.bytes)}`,
    )
    return { value: { consignments }, lines: lines.length === 0 ? ['No consignments yet.'] : lines }
  },
}

export const consignmentShow: Command = {
  about: 'Show one consignment.',
  positional: ['ID'],
  options: deskOption,
  async run(host, args) {
    await host.open(args, 'read')
    const one = await host.call('consignment.show', { id: args.at(0) })
    const lines = [
      `${one.name} · ${one.state} · number ${one.sequence ?? '–'} of channel ${one.channel ?? '–'}`,
      `Waybill: ${one.waybill ?? 'none yet'}`,
      ...one.content.map((item) => `  ${item.kind}  ${item.reference}  ${item.root.digest}`),
      ...one.steps.map((step) => `${step.state.padEnd(8)} ${step.step}: ${step.result}`),
    ]
    return { value: { ...one }, lines }
  },
}

export const consignmentDrop: Command = {
  about: 'Give a consignment up; a released one is voided.',
  positional: ['ID'],
  options: { ...deskOption, reason: { value: 'TEXT', required: true } },
  async run(host, args) {
    await host.open(args, 'write')
    const done = await host.call('consignment.drop', { id: args.at(0), reason: args.need('reason') })
    return { value: done, lines: [`Consignment ${done.id} was dropped.`] }
  },
}

export const consignmentClose: Command = {
  about: 'End the work on a consignment; its content may then be pruned.',
  positional: ['ID'],
  options: deskOption,
  async run(host, args) {
    await host.open(args, 'write')
    const done = await host.call('consignment.close', { id: args.at(0) })
    return { value: done, lines: [`Consignment ${done.id} is closed.`] }
  },
}

export const prune: Command = {
  about: 'Let go of what is rejected, recorded and no longer pinned.',
  positional: [],
  options: deskOption,
  async run(host, args) {
    await host.open(args, 'write')
    const done = await host.call('prune.run', {})
    return {
      value: { ...done },
      lines: [
        `${done.blobs} blobs (${size(done.bytes)}) of ${done.consignments.length} consignments were removed.`,
      ],
    }
  },
}
