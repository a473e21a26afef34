import { warningSentence, type Warnings } from '../oci/warnings.ts'
import { plain } from '../source/reading.ts'
import type { Draft } from './draft.ts'
import { addFindings } from './evidence.ts'

/** Adds what registries warned of as findings, each to the first item that came from there. */
export function tellWarnings(drafts: readonly Draft[], warnings: Warnings): void {
  for (const warning of warnings.all) {
    const draft = drafts.find(({ from }) => from.startsWith(`${warning.host}/`)) ?? drafts[0]
    const detail = plain(warningSentence(warning))
    if (draft !== undefined) addFindings(draft, [{ code: 'registry-warning', subject: warning.host, detail }])
  }
}
