import { transferIdOf } from '../../shared/digest.ts'
import { visible } from '../../shared/names.ts'
import { needsMedium } from '../../shared/rules/needs-medium.ts'
import { renderedSentence } from '../../shared/rules/rendered.ts'
import { driveLine, outWords } from '../../shared/text/drives.ts'
import { groundWords } from '../../shared/text/ground.ts'
import type { ConsignmentView } from '../../shared/views.ts'
import { deskOption, type Command } from './command.ts'
import { custodyLines } from './custody-lines.ts'
import { archiveLinesOf, findingLinesOf } from './findings.ts'

function heldLines({ id, held }: ConsignmentView): string[] {
  if (held === null) return []
  const { others, missing } = held.rests
  const numbers = missing.map(({ from, to }) => (from === to ? String(from) : `${from} to ${to}`))
  return [
    `HELD by ${held.row}: ${held.why}`,
    ...others.map((other) => `  beside ${other}`),
    ...(numbers.length === 0 ? [] : [`  nothing is known of ${numbers.join(', ')}`]),
    `  Two security officers release it: sallyport stream release ${id} --desk FOLDER`,
  ]
}

function outdatedLines({ id, outdated, verdict }: ConsignmentView): string[] {
  if (outdated.length === 0) return []
  const next = needsMedium(verdict) ? 'sallyport verify MEDIUM' : `sallyport judge ${id}`
  return [
    ...outdated.map(({ what, at }) => `OUTDATED: since this verdict ${groundWords[what]} (${at}).`),
    `  Nobody can accept it before it is judged again: ${next} --desk FOLDER`,
  ]
}

const overrideLines = ({ overrides }: ConsignmentView): string[] =>
  overrides.map(
    ({ check, subject, until, name, reason }) =>
      `Exception from ${check}, ${subject ?? 'all of them'}, until ${until}, signed by ${name}: “${reason}”`,
  )

/** Each copy, with the drive that it was written to and what its read-back came to. */
function mediaLines({ media, drive, scope }: ConsignmentView): string[] {
  const read = driveLine(drive)
  return [
    ...(scope === 'medium' && read !== null ? [`Read here from drive ${read}`] : []),
    ...media.map((one) => {
      const back = one.readBack === null ? 'not read back' : `read back: ${one.readBack}`
      const seen = one.readBack === null ? '' : `, ${outWords[one.out ?? 'not-shown']}`
      return `Copy ${one.copy}, ${one.state}, drive ${driveLine(one.drive) ?? 'not known'}, ${back}${seen}`
    }),
  ]
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
      ...(one.waybill === null ? [] : [`Transfer: ${transferIdOf(one.waybill)}`]),
      `Waybill: ${one.waybill ?? 'none yet'}`,
      ...one.flags.map((flag) => `ALARM: ${flag}`),
      ...outdatedLines(one),
      ...heldLines(one),
      ...overrideLines(one),
      ...(one.stale === null ? [] : [`${one.stale} Next: sallyport collect ${one.id} --desk FOLDER`]),
      ...one.content.map((item) => `  ${item.kind}  ${item.reference}  ${item.root.digest}`),
      ...archiveLinesOf(one.archives),
      ...one.rendered.map((rendered) => `Rendered: ${visible(renderedSentence(rendered))}`),
      ...(one.hosts.length === 0 ? [] : [`Hosts that were asked: ${one.hosts.join(', ')}`]),
      ...findingLinesOf(one.content),
      ...mediaLines(one),
      ...custodyLines(one),
      ...one.steps.map((step) => `${step.state.padEnd(8)} ${step.step}: ${step.result}`),
    ]
    return { value: { ...one }, lines }
  },
}
