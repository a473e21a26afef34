/** Failures while what was accepted is sealed for the far side. */
export const landingFailures = {
  'landing-none': {
    happened: 'This desk has no landing key: nothing that lands can be sealed with it.',
    safe: 'Nothing was sealed, and nothing was sent.',
    next: 'Make one[ with sallyport landing key create --desk FOLDER| under “Landing”]; on a sealed desk two security officers put it in force.',
  },
  'landing-key-taken': {
    happened:
      'This key is that of {found}: a seal must never be the signature of a person, or the other way round.',
    safe: 'The desk was not changed.',
    next: 'Take another key: the landing has one of its own, which nothing else is signed with.',
  },
  'landing-locked': {
    happened: 'The passphrase of the landing key: {found}. Expected: {expected}.',
    safe: 'Nothing was sealed, and nothing was sent.',
    next: 'Give the passphrase of the landing key[ (--landing-passphrase-file FILE)|], or export without seals[ (--no-seal)|]: that is put on the record, and they can be made later.',
  },
  'landing-key-lost': {
    happened:
      'The private half of the landing key is not in the folder of this desk: {found}. Expected: {expected}.',
    safe: 'Nothing was sealed, and nothing was sent.',
    next: 'Put the file back from a copy of the desk’s folder, or make a new landing key: two security officers put it in the place of this one.',
  },
  'landing-signers': {
    happened: 'The policy of this desk lets seals be made by {expected}, not by {found}.',
    safe: 'Nothing was sealed.',
    next: 'Seal as the policy says: [sallyport landing seal ID --target HOST, with --person and --key for each who accepted it|each who accepted it seals with their own key], or change the policy.',
  },
  'landing-not-decider': {
    happened: '{person} is none of those who accepted this: {expected}.',
    safe: 'Nothing was sealed.',
    next: 'Those who accepted it seal it, each with the key with which they accepted.',
  },
  'landing-not-there': {
    happened: 'This desk has no record that {subject} was exported to {found}.',
    safe: 'Nothing was sealed.',
    next: 'Export it there first[: sallyport export ID --to registry:HOST/PREFIX|]. Nothing is sealed that this desk did not bring there.',
  },
  'landing-changed': {
    happened: 'What is to be sealed does not lie at {host} as it was exported: {found}.',
    safe: 'Nothing was sealed.',
    next: 'Ask those who run the registry what became of it, then export again and seal.',
  },
  'landing-incomplete': {
    happened: '{host} was read again as its readers read it, and not everything is there: {found}.',
    safe: 'What was accepted is intact at this desk. What is named is missing there, or is something else.',
    next: 'Export once more[ with --resume|]: what is there already is not sent again. If the same is missing again, the registry does not keep it: ask those who run it.',
  },
  'landing-no-causes': {
    happened: 'No content was named by both people as the cause of this rejection.',
    safe: 'Nothing was written.',
    next: 'A failed summary is made only of digests that both people named when they rejected.',
  },
  'resume-none': {
    happened: 'There is no export to {found} that failed or was stopped.',
    safe: 'Nothing was sent.',
    next: 'Export[ without --resume|]: nothing has to be gone on with.',
  },
} as const
