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
    next: 'Use a larger medium, or make space on this one.',
  },
  'medium-file': {
    happened:
      'The target takes no file of more than {expected} bytes (FAT32), and one of the content has {found} bytes.',
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
