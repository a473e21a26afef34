/** The words of what is drawn by the system and not by a page: dialogs, and what a start from a terminal says. */
export const shellWords = {
  refusedSwitch: 'Sallyport does not start with {found}: it could open the desk to others.',
  alreadyRunning: 'Sallyport is running already. Its window was brought to the front.',
  closing: {
    happened: '{work} is under way.',
    safe: 'If you close now, it is stopped and leaves nothing that looks finished. What was recorded before stays.',
    stay: 'Keep working',
    leave: 'Stop it and close',
  },
  pageEnded: {
    happened: 'The window stopped working.',
    safe: 'Work under way goes on, and what was recorded stays recorded.',
    next: 'Show the window again, or close Sallyport.',
    again: 'Show again',
    close: 'Close',
  },
  deskNotOpened: 'The desk was not opened.',
  proceed: 'Go on',
  titles: {
    desk: 'Choose the folder of the desk',
    request: 'Choose the request',
    key: 'Choose a key file',
    auth: 'Choose the file of credentials',
    ca: 'Choose the certificate of the authority',
    policy: 'Choose the policy',
    medium: 'Choose the medium, or the folder of the consignment on it',
    export: 'Name the new folder for the export',
    report: 'Save the report as',
  },
  jobs: {
    collect: 'Collecting',
    seal: 'Sealing',
    write: 'Writing to a medium',
    readback: 'Reading back a medium',
    verify: 'Verifying a medium',
    export: 'An export',
  },
} as const
