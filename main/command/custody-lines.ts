import { visible } from '../../shared/names.ts'
import type { ConsignmentView } from '../../shared/views.ts'

/** Hand-overs and arrivals of a consignment. */
export function custodyLines({ custody }: ConsignmentView): string[] {
  const { handed, arrivals, alarm } = custody
  return [
    ...(alarm
      ? ['ALARM: a seal differed on arrival. It is not to be read before a security officer clears it.']
      : []),
    ...handed.map(({ at, to, media, expected }) => {
      const seals = media.map(
        ({ copy, label, seal }) => `copy ${copy}${label === null ? '' : ` (${label})`} seal ${seal}`,
      )
      const due = expected === null ? '' : `, expected by ${expected}`
      return visible(`Handed over ${at} to ${to}: ${seals.join(', ')}${due}`)
    }),
    ...arrivals.map(({ at, seal, fits, by }) => {
      const cleared = by === null ? '' : `, signed by ${by}`
      const said = fits
        ? 'as the sheet says, whole'
        : `the sheet says ${seal.sheet}, ${seal.whole ? 'whole' : 'NOT WHOLE'}`
      return visible(`Arrived ${at}: seal ${seal.bag}, ${said}${cleared}`)
    }),
  ]
}
