/** Failures while a medium is written. A medium that is refused on reading is a verdict, not a failure. */
export const mediaFailures = {
  'medium-exists': {
    happened: 'The target already has a folder {found}.',
    safe: 'It was not touched.',
    next: 'Choose another target, or remove that folder yourself.',
  },
  'medium-missing': {
    happened: 'The target {path} is not a folder that can be written.',
    safe: 'Nothing was written.',
    next: 'Insert the medium, or choose another folder.',
  },
  'medium-inside-desk': {
    happened: 'The place {path} lies inside the desk’s own folder.',
    safe: 'Nothing was written.',
    next: 'Choose a place outside the desk.',
  },
  'medium-ambiguous': {
    happened: 'There are {found} bundles at {path}.',
    safe: 'Nothing was read.',
    next: 'Choose one of these folders: {names}.',
  },
  'medium-nothing': {
    happened: 'There is no bundle at {path}.',
    safe: 'Nothing was read.',
    next: 'Choose the folder of a bundle, the folder above it, or a bundle tar.',
  },
  'medium-full': {
    happened: 'The target has {found} bytes free; {expected} bytes are needed.',
    safe: 'Nothing that looks finished was left on the target.',
    next: 'Use a larger medium, make space on this one, or lay a bundle on several media[ (“--of-size”)|].',
  },
  'medium-size': {
    happened: 'Media of {found} bytes are too small: each takes at least {expected} bytes of this bundle.',
    safe: 'Nothing was planned or written.',
    next: 'Name the size of the media that will be used, in bytes.',
  },
  'plan-kept': {
    happened:
      'This bundle was laid on {expected} media before, and of those these are written: {found}. Another size, or other recovery data, would not fit them.',
    safe: 'Nothing was written. The media that are written stay good.',
    next: 'Leave the size out to go on with that plan; or lay it out anew, and write all of its media again.',
  },
  'medium-not-proven': {
    happened: 'It is not proven what this medium must hold. Expected: {expected}. Found: {found}.',
    safe: 'Nothing was copied or repaired, and no program was run.',
    next: 'Read it [with “verify”|under Receive] to see what is wrong with it. Ask the sender for another copy.',
  },
  'parity-none': {
    happened: 'This medium has no recovery data.',
    safe: 'Nothing was copied. The medium was only read.',
    next: 'Ask the sender to make this medium again alone: the same parts, the next copy.',
  },
  'parity-failed': {
    happened: 'The recovery data could not be made: {found}.',
    safe: 'Nothing that looks finished was left on the target.',
    next: 'Try again, or write without recovery data.',
  },
  'repair-failed': {
    happened: 'The medium could not be repaired: {found}.',
    safe: 'No copy was left behind. The medium was only read.',
    next: 'Ask the sender to make this medium again alone: the same parts, the next copy.',
  },
  'program-unnamed': {
    happened: 'The policy of this desk names no program {subject}, so none is run.',
    safe: 'Nothing was done.',
    next: 'Have the policy name it under “programs”, by the digest of its file.',
  },
  'medium-number': {
    happened: 'Which medium is to be written is not clear. Expected: {expected}. Found: {found}.',
    safe: 'Nothing was written.',
    next: 'Say the number of the medium that is to be made again.',
  },
  'medium-file': {
    happened:
      'The target takes no file of more than {expected} bytes (FAT32), and one that goes there has {found} bytes.',
    safe: 'Nothing was written.',
    next: 'Use a medium with exFAT, NTFS or ext4.',
  },
  'medium-failed': {
    happened: 'Writing to the target failed: {found}.',
    safe: 'Nothing that looks finished was left on the target. The content stays at this desk.',
    next: 'Check the medium, or use another one, and write again.',
  },
  'part-size': {
    happened: 'A part of {found} bytes is not possible. Expected: {expected}.',
    safe: 'Nothing was written.',
    next: 'Choose another part size.',
  },
  'content-damaged': {
    happened: 'Stored content is damaged: {subject}. Expected {expected}, found {found}.',
    safe: 'Nothing that looks finished was left behind. The damaged content was not passed on.',
    next: 'Check the disc of this desk. On the low side drop the consignment and make it anew; on the high side read the medium again.',
  },
} as const
