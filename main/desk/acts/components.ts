import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { componentsTable } from '../../report/components.ts'
import { saveTo } from '../documents/papers.ts'
import { componentsOf } from '../judging/components.ts'
import type { Context } from '../work/context.ts'

/** `components.show`. */
export async function show(
  context: Context,
  input: CallInput<'components.show'>,
): Promise<CallOutput<'components.show'>> {
  const desk = context.desk()
  const one = desk.consignment(input.id)
  return { id: one.id, items: await componentsOf(desk, one) }
}

/** `components.save`: to the place that was chosen, else into the desk's `reports/`. */
export async function save(
  context: Context,
  input: CallInput<'components.save'>,
): Promise<CallOutput<'components.save'>> {
  const desk = context.desk()
  const one = desk.consignment(input.id)
  const to = { id: one.id, name: `${one.id}-components`, format: 'csv', place: input.place }
  return saveTo(context, { ...to, purpose: 'report' }, async () =>
    Buffer.from(componentsTable(await componentsOf(desk, one)), 'utf8'),
  )
}
