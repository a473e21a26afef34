import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { statisticsTable } from '../../report/statistics.ts'
import { saveTo } from '../documents/papers.ts'
import { monthOf } from '../documents/media-papers.ts'
import { newestMonth, statisticsOf } from '../documents/statistics.ts'
import type { Context } from '../work/context.ts'

/** `statistics.show`: the numbers of a month. */
export async function show(
  context: Context,
  { month }: CallInput<'statistics.show'>,
): Promise<CallOutput<'statistics.show'>> {
  const desk = context.desk()
  return statisticsOf(desk, month ?? newestMonth(desk))
}

/** `statistics.save`: the same as CSV, saved as a report is. */
export async function save(
  context: Context,
  input: CallInput<'statistics.save'>,
): Promise<CallOutput<'statistics.save'>> {
  const desk = context.desk()
  const month = input.month ?? newestMonth(desk)
  const to = {
    id: desk.id,
    name: `statistics-${month}`,
    format: 'csv',
    place: input.place,
    purpose: 'report' as const,
  }
  const saved = await saveTo(context, to, async () =>
    Buffer.from(statisticsTable(statisticsOf(desk, month), monthOf(desk)), 'utf8'),
  )
  return { ...saved, month }
}
