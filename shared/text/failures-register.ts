/** Failures of the register of media, of seals and of the capacity test. */
export const registerFailures = {
  'media-unknown': {
    happened: 'There is no medium {found} in the register.',
    safe: 'Nothing was changed.',
    next: 'Look the label up in the register[ (“media show”)|], or register the medium first.',
  },
  'media-known': {
    happened: 'The {what} {found} is in the register already, as {subject}.',
    safe: 'Nothing was changed.',
    next: 'Compare label and serial with the medium itself. A label is given once; a serial is free again when its medium is destroyed.',
  },
  'media-no-serial': {
    happened: 'The drive {subject} says no serial of itself: it cannot be told from others.',
    safe: 'Nothing was changed.',
    next: 'Register it by a number that is printed on it[ (--serial)|], or use a drive that has a serial.',
  },
  'media-no-drive': {
    happened: 'It cannot be told which drive {path} lies on.',
    safe: 'Nothing was changed.',
    next: 'Choose the folder of a drive that “Drives seen now” lists[ (“drive list”)|], or register the medium by its serial[ (--serial)|].',
  },
  'media-people': {
    happened:
      'The policy asks for {expected} of people here, the first of them a media custodian; {found} was given.',
    safe: 'Nothing was changed.',
    next: 'Let a media custodian sign[ (--person, --key)|]. Where two are asked, the second signs after that.',
  },
  'media-not-waiting': {
    happened: 'No act on the register waits under the number {found}.',
    safe: 'Nothing was changed.',
    next: 'See what waits[ (“media show”)|], and begin the act anew where its first signature no longer counts.',
  },
  'media-state': {
    happened: 'The medium {subject} is {found}. Possible is: {expected}.',
    safe: 'Nothing was changed, and nothing was written to it.',
    next: 'Use another medium, or first record what became of this one[ (“media state”)|].',
  },
  'media-unregistered': {
    happened: 'This medium is not in the register ({found}). The policy does not let it be used.',
    safe: 'Nothing was written.',
    next: 'Let the media custodian register it[ (“media register”)|], or use a registered one.',
  },
  'media-kind': {
    happened: 'The medium {subject} is of the kind {found}. The policy allows: {expected}.',
    safe: 'Nothing was written.',
    next: 'Use a medium of an allowed kind.',
  },
  'media-count': {
    happened:
      'The policy allows {expected} media for a bundle of the channel {subject}; this one takes {found}.',
    safe: 'Nothing was planned or written.',
    next: 'Use larger media[ (“--of-size”)|], or request less in one bundle.',
  },
  'media-untested': {
    happened: 'The capacity of the medium {subject} was never tested, or did not pass.',
    safe: 'Nothing was written.',
    next: 'Test its capacity first[ (“media test”)|], or use a tested one.',
  },
  'media-disposition': {
    happened: 'How it was done is missing: {expected}.',
    safe: 'Nothing was changed.',
    next: 'State method, tool with version, how it was verified, and the place[ (--method, --tool, --verified, --place)|].',
  },
  'media-other': {
    happened: 'The drive here says {found}; the medium {subject} has {expected} in the register.',
    safe: 'Nothing was written.',
    next: 'Insert the medium with that label, or look up which label this one has.',
  },
  'media-not-empty': {
    happened: 'The medium is not empty: {found}.',
    safe: 'Nothing was written, and nothing was removed.',
    next: 'Remove what is on it, or format it, and test again. A test writes to all of its free space.',
  },
  'seal-differs': {
    happened: 'Seal on the bag: {found}. The sheet says: {expected}. Whole: {subject}.',
    safe: 'This is recorded. The medium was not read.',
    next: 'Stop. Keep the medium and its bag as they are and call the security officer. Only with their signature on a new comparison is it read.',
  },
  'handover-none': {
    happened:
      'There is no medium of this transfer that may leave as {found}. Those that were read back: {expected}.',
    safe: 'Nothing was recorded.',
    next: 'Read the medium back first, and give one seal for each that leaves.',
  },
} as const
