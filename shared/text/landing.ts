import type { SealState } from '../landing.ts'

const words: Readonly<Record<SealState, string>> = {
  made: 'Sealed by the landing key of this desk: engines there can ask for it.',
  'not-wanted': 'Not sealed: that was not wanted.',
  'no-key': 'Not sealed: this desk has no landing key.',
  'by-deciders':
    'Not sealed by this export: by the policy those who accepted it seal it, each with their own key.',
}

/** What became of the seals of an export, in a sentence. */
export const sealLine = (state: SealState): string => words[state]

/** What everybody who relies on the landing key must know. */
export const landingKeyWarning =
  'The landing key lies in the folder of this desk. Whoever reads that folder or a copy of it can seal for the whole far side'
