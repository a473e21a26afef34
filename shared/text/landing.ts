import type { SealState } from '../landing.ts'

const words: Readonly<Record<SealState, string>> = {
  made: 'Sealed by the landing key of this desk: engines there can ask for it.',
  'not-wanted': 'Not sealed: that was not wanted.',
  'no-key': 'Not sealed: this desk has no landing key.',
  'by-deciders':
    'Not sealed by this export: by the policy those who accepted it seal it, each with their own key.',
}

// A folder holds no names that an engine could ask by: only the summaries lie there.
const inFolders: Readonly<Record<SealState, string>> = {
  made: 'What was verified lies beside it in summaries/, signed by the landing key of this desk.',
  'not-wanted': 'Without signed summaries: they were not wanted.',
  'no-key': 'Without signed summaries: this desk has no landing key.',
  'by-deciders':
    'Without signed summaries: by the policy those who accepted it seal, and they seal what lands in a registry.',
}

/**
 * What became of the seals of an export, in a sentence.
 *
 * @param target as the record says it: `registry:HOST/PREFIX`, `dir:PATH`, …
 */
export const sealLine = (state: SealState, target: string): string =>
  (target.startsWith('registry:') ? words : inFolders)[state]

/** What everybody who relies on the landing key must know. */
export const landingKeyWarning =
  'The landing key lies in the folder of this desk. Whoever reads that folder or a copy of it can seal for the whole far side'
