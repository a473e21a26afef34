/** Failures of drives: seeing them, mounting them, letting them go. */
export const driveFailures = {
  'drives-unreadable': {
    happened: 'The drives of this computer cannot be listed: {found}.',
    safe: 'Nothing was written or read.',
    next: 'Choose a folder of the drive instead, or see that {expected} is there and answers.',
  },
  'drive-unknown': {
    happened: 'There is no drive {found} now.',
    safe: 'Nothing was written or read.',
    next: 'Put the drive in, wait until it is shown, and choose it again.',
  },
  'drive-barred': {
    happened: '{found} The drive {subject} may not be used.',
    safe: 'It was not touched.',
    next: 'Use another drive. A device that claims to be more than a drive goes to the security officer.',
  },
  'drive-busy': {
    happened: 'The drive {subject} is still in use.',
    safe: 'It was left as it is. What is on it stays as it was written.',
    next: 'Close what uses it (a file manager, a terminal, a scanner), wait a moment, and try again. Do not pull it out.',
  },
  'drive-by-hand': {
    happened: 'Sallyport cannot {what} drives here: {expected} is not there.',
    safe: 'Nothing was changed.',
    next: 'Do it with the system’s own file manager, then go on here. Nothing here ever runs as the administrator.',
  },
  'drive-failed': {
    happened: 'The system did not {what} the drive {subject}: {found}.',
    safe: 'What is on the drive stays as it was.',
    next: 'Try it with the system’s own file manager, or use another drive.',
  },
} as const
