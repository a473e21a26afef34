import type { ReactNode } from 'react'
import type { Paper } from '../../shared/calls/report.ts'
import { Choice } from './choice.tsx'

const paperChoices = [
  { value: 'a4', name: 'A4', means: '210 × 297 mm' },
  { value: 'letter', name: 'Letter', means: '8.5 × 11 inches' },
] as const

/** Which paper is printed on. */
export function PaperChoice(props: {
  readonly value: Paper
  readonly onChange: (paper: Paper) => void
}): ReactNode {
  return <Choice label="Paper" options={paperChoices} value={props.value} onChange={props.onChange} />
}
