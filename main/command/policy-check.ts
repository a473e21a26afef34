import { visible } from '../../shared/names.ts'
import { differenceWords } from '../../shared/text/policy-rows.ts'
import { exitCodes } from '../../shared/verdict.ts'
import type { LongResult } from '../../shared/contract.ts'
import { UsageError, type Arguments } from './arguments.ts'
import { deskOption, type Command, type Host } from './command.ts'
import { absolute } from './paths.ts'
import { regoOption, ruleSets } from './rule-sets.ts'
import { verdictLines } from './text.ts'

type Checked = LongResult<'policy.check'>

const under = (heading: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [heading, ...lines.map((line) => `  ${visible(line)}`)]

/** A policy, explained: what differs, what it says, what of it comes to nothing. */
function checkedLines({ version, digest, current, ...found }: Checked): string[] {
  const { rules, differences, bundles, unmatched, idle, unmet, trial } = found
  return [
    `Policy version ${version} (${digest})`,
    version > current
      ? `It can come into force here: version ${current} is.`
      : `It CANNOT come into force here: version ${current} is, and a version must rise.`,
    ...under(
      'It says:',
      rules.map(({ rule, says }) => `${rule}: ${says}`),
    ),
    ...(differences.length === 0
      ? ['None of its rules differs from those in force.']
      : under(
          `${differences.length} of its rules differ from those in force:`,
          differences.map(differenceWords),
        )),
    ...under(`About nothing in the last ${bundles} bundles here (misspelled?):`, unmatched),
    ...under(
      'Exceptions that count for nothing here, because their approvers are no two who may decide together:',
      idle,
    ),
    ...under('Channels of which nothing could be accepted here, because too few people may decide:', unmet),
    ...(trial === null ? [] : ['', 'Tried, without deciding or keeping anything:', ...verdictLines(trial)]),
  ]
}

function onWhat(host: Host, args: Arguments) {
  const [bundle, waybill] = [args.get('bundle'), args.get('waybill')]
  if (bundle !== undefined && waybill !== undefined)
    throw new UsageError('Either --bundle or --waybill, not both.')
  if (bundle !== undefined)
    return { on: { kind: 'bundle' as const, place: host.session.place('medium', absolute(bundle)) } }
  if (waybill === undefined) return {}
  return { on: { kind: 'waybill' as const, place: host.session.place('waybill', absolute(waybill)) } }
}

export const policyCheck: Command = {
  about: 'Explain a policy file, and try it on a bundle or a waybill without deciding.',
  positional: ['FILE'],
  options: { ...deskOption, rego: regoOption, bundle: { value: 'PATH' }, waybill: { value: 'FILE' } },
  async run(host, args) {
    const on = onWhat(host, args)
    await host.open(args, args.has('bundle') ? 'write' : 'read')
    const place = host.session.place('policy', absolute(args.at(0)))
    const found = await host.work('policy.check', { place, rego: ruleSets(host, args), ...on })
    const exit = found.trial === null ? 0 : exitCodes[found.trial.outcome]
    return { value: { ...found }, lines: checkedLines(found), exit }
  },
}
