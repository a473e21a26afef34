const nothingChanged = 'Nothing was changed.'

/** Failures of the desk itself: its folder, people, keys, trust, policy, ledger and acts. */
export const deskFailures = {
  internal: {
    happened: 'Sallyport met a condition it does not know: {found}.',
    safe: 'The act was not done. What was recorded before stays recorded.',
    next: 'Try once more. If it happens again, report it with what is shown here.',
  },
  usage: {
    happened: 'The command line is not as it must be ({found}).',
    safe: nothingChanged,
    next: 'Call it like this: {expected}.',
  },
  'not-allowed': {
    happened: 'There is no act called {found}.',
    safe: nothingChanged,
    next: 'Use one of the acts that this desk offers.',
  },
  'bad-input': {
    happened: 'An input is not as it must be: {found}. Expected: {expected}.',
    safe: nothingChanged,
    next: 'Correct the input and try again.',
  },
  'not-here': {
    happened: 'This act needs {expected}, which is not available here.',
    safe: nothingChanged,
    next: 'Do it where that is available: in the desktop app, or on the command line.',
  },
  'print-failed': {
    happened: 'The page did not go to a printer: {found}.',
    safe: 'Nothing was printed, and nothing was changed.',
    next: 'Look whether the printer of this computer is there and on, and print again. Or save the PDF, and print that elsewhere.',
  },
  'no-desk': {
    happened: 'No desk is open.',
    safe: nothingChanged,
    next: 'Open a desk or make one first.',
  },
  'desk-open': {
    happened: 'A desk is already open here.',
    safe: nothingChanged,
    next: 'Close it first.',
  },
  'refused-unknown': {
    happened:
      'Event {sequence} of the ledger is no reading of a medium that was refused before anything of it was kept.',
    safe: nothingChanged,
    next: 'Choose one of the media that are listed as refused[ (“refused list”)|, under Consignments].',
  },
  'verdict-not-kept': {
    happened:
      'The verdict of event {sequence} is not here: an earlier version read that medium, or its file is gone.',
    safe: nothingChanged,
    next: 'Receive the medium again: then its verdict is kept. The ledger has the outcome and the digest of the earlier one.',
  },
  'desk-not-found': {
    happened: 'The folder {folder} is not a desk: it has no desk.json.',
    safe: nothingChanged,
    next: 'Choose the folder of a desk, or make a new desk.',
  },
  'desk-not-empty': {
    happened: 'The folder {folder} is not empty, so no desk can be made in it.',
    safe: 'Nothing in the folder was touched.',
    next: 'Choose a new or an empty folder.',
  },
  'desk-damaged': {
    happened: 'The desk cannot be used: {found}. Expected: {expected}.',
    safe: 'Nothing was written. The folder is as it was found.',
    next: 'Restore the folder from a backup, or call the security officer[: “ledger verify” says what is wrong|].',
  },
  'desk-busy': {
    happened: 'The desk is in use by process {pid} on {host}, since {since}.',
    safe: nothingChanged,
    next: 'Close the desk there, or wait for that act to end. If that process or computer is gone for good, lift its lock [with “desk unlock”|as the manual says, under “When things fail”].',
  },
  'read-only-desk': {
    happened: 'The desk was opened for reading only.',
    safe: nothingChanged,
    next: 'Open it for writing.',
  },
  'wrong-side': {
    happened: 'This act belongs to a {expected} desk. This desk is {found}.',
    safe: nothingChanged,
    next: 'Do it at a {expected} desk.',
  },
  'ledger-damaged': {
    happened: 'The ledger is not intact: {found}. Expected: {expected}.',
    safe: 'Nothing was written. The ledger is as it was found.',
    next: 'Stop using this desk and call the security officer. [“ledger verify”|“Check the whole ledger”, under Ledger,] names the first bad line.',
  },
  'card-form': {
    happened: '{path} is not the card of a desk: {found}.',
    safe: 'Nothing was taken from it.',
    next: 'Choose the file desk.json of the other desk, or the card that was saved there.',
  },
  'key-unreadable': {
    happened: 'This is not a key that Sallyport can use: {found}. Expected: {expected}.',
    safe: nothingChanged,
    next: 'Choose the right key file. Where a command is named, it makes of this one what is taken.',
  },
  'key-locked': {
    happened: 'The key could not be opened with this passphrase.',
    safe: 'Nothing was signed. Nothing was changed.',
    next: 'Type the passphrase again. Check that it is the right key file.',
  },
  'key-not-this-person': {
    happened:
      'This key is not the one on record for {person}: it is {owner} (“{foundWords} …”, on record is “{expectedWords} …”).',
    safe: 'Nothing was signed. Nothing was changed.',
    next: 'Use the key file that belongs to {person}.',
  },
  'passphrase-weak': {
    happened: 'The passphrase is too weak for a key that signs for you. Expected: {expected}.',
    safe: 'No key was made.',
    next: 'Choose a longer passphrase, and write it down where only you can read it.',
  },
  'passphrase-differs': {
    happened: 'The passphrase was typed twice, and not the same both times.',
    safe: 'No key was made.',
    next: 'Make the key again and type the same passphrase twice.',
  },
  'file-exists': {
    happened: 'There is already something at {path}.',
    safe: 'It was not touched.',
    next: 'Choose another name.',
  },
  'file-unreadable': {
    happened: 'The file {path} could not be read: {found}.',
    safe: nothingChanged,
    next: 'Check the name, who may read it, and the disc or medium that it lies on.',
  },
  'file-too-large': {
    happened: 'The file {path} is larger than the {expected} bytes that are allowed here.',
    safe: nothingChanged,
    next: 'Check that it is the right file.',
  },
  'disk-full': {
    happened: 'There is not enough space: {expected} bytes are needed, {found} bytes are free at {path}.',
    safe: 'What was begun was taken back. What was recorded before is intact.',
    next: 'Make space there and try again.',
  },
  'disk-failed': {
    happened: 'Reading or writing {path} failed: {found}.',
    safe: 'What was begun does not look finished. What was recorded before is intact.',
    next: 'Check the disc or the medium and try again.',
  },
  stopped: {
    happened:
      'Sallyport stopped before its work was done, and has no result: nothing was left that it could wait for.',
    safe: 'Nothing says that the work was done. What was recorded before stays recorded.',
    next: 'Look at what the desk says, then start the work again. Report it if it happens again.',
  },
  busy: {
    happened: 'More than {expected} calls wait for an answer.',
    safe: 'This one was not begun.',
    next: 'Wait until the others have been answered.',
  },
  cancelled: {
    happened: 'The work was cancelled.',
    safe: 'Nothing that looks finished was left behind.',
    next: 'Start it again when you are ready.',
  },
  'job-unknown': {
    happened: 'There is no work with the number {found}.',
    safe: nothingChanged,
    next: 'Look at the list of work under way.',
  },
  'job-running': {
    happened: 'This desk is already busy with: {found}.',
    safe: nothingChanged,
    next: 'Wait until it ends, or cancel it.',
  },
  'place-unknown': {
    happened: 'The place that was chosen is no longer known, or it was chosen for something else.',
    safe: nothingChanged,
    next: 'Choose it again.',
  },
  'person-exists': {
    happened: 'There is already a person {person}, or one with this key.',
    safe: nothingChanged,
    next: 'Use another id and another key: a key stands for one person.',
  },
  'person-unknown': {
    happened: 'Nobody at this desk has the id {person}.',
    safe: nothingChanged,
    next: 'Check the id, or add the person first.',
  },
  'roles-exclude': {
    happened: '{person} may not be both {first} and {second}.',
    safe: nothingChanged,
    next: 'Give one of these roles to somebody else.',
  },
  'role-missing': {
    happened: '{person} is not {expected} at this desk. Roles found: {found}.',
    safe: 'Nothing was signed. Nothing was changed.',
    next: 'Somebody who is {expected} does this.',
  },
  'people-missing': {
    happened: 'The policy of this desk needs people who are not here yet: {expected}.',
    safe: 'Nothing was collected. Nothing was changed.',
    next: 'Add them with their roles and public keys, then collect.',
  },
  'fingerprint-differs': {
    // What the key has is not said: whoever reads it here would only copy it.
    happened: 'The fingerprint that was typed is not the fingerprint of this key.',
    safe: 'The key is not trusted. Nothing was changed.',
    next: 'Compare with the paper once more. If it still differs, do not trust this key.',
  },
  'fingerprint-form': {
    happened: 'This is not a whole fingerprint. {found} Expected: 64 hex digits or 16 words.',
    safe: nothingChanged,
    next: 'Type the whole fingerprint from the paper, in words or in hex.',
  },
  'trust-exists': {
    happened: 'This key is already trusted as {found}.',
    safe: nothingChanged,
    next: 'Nothing needs to be done, unless the entry is wrong.',
  },
  'policy-form': {
    happened: 'The policy is not valid, line {line}, column {column}: {found}. Expected: {expected}.',
    safe: 'The policy in force was not changed.',
    next: 'Correct the file and set it again.',
  },
  'policy-version': {
    happened:
      'The policy has version {found}. The one in force has version {expected}; the version must rise.',
    safe: 'The policy in force was not changed.',
    next: 'Check that this is the newest policy and give it a higher version.',
  },
  'look-not-yet': {
    happened:
      '{consignment} is {found}: what others packed is looked into here once two people have accepted it.',
    safe: nothingChanged,
    next: 'Decide on it first. Its verdict and what its senders found in it are on its pages.',
  },
  'look-no-file': {
    happened: 'This consignment has no one file or chart {found}. It has: {expected}.',
    safe: nothingChanged,
    next: 'Name one of them.',
  },
  'consignment-unknown': {
    happened: 'This desk has no consignment {found}.',
    safe: nothingChanged,
    next: 'Look at the list of consignments.',
  },
  'consignment-state': {
    happened: 'This cannot be done now: the consignment is {found}. Expected: {expected}.',
    safe: nothingChanged,
    next: 'Look at the consignment: its steps say what comes next.',
  },
  'desk-put-back': {
    happened:
      'This desk was put back, as from a backup. This account knows it with {expected}; its ledger is at {found}.',
    safe: 'It can be read. Nothing was changed, finished or discarded.',
    next: 'Put the newest folder in place. If there is none, two security officers record it[ with “desk restored”|, under Consignments].',
  },
  'snapshot-differs': {
    happened:
      'What this account keeps of the desk’s ledger, to open it faster, says something else than the ledger: {found}.',
    safe: 'Nothing was recorded or printed. What was kept is thrown away; the ledger itself was not changed.',
    next: 'Open the desk again (on the command line: give the command again): the whole ledger is read then. Tell a security officer that the data of this account was changed.',
  },
  'record-refused': {
    happened: 'What was asked for cannot be recorded: {found}. Expected: {expected}.',
    safe: 'It was not recorded, and therefore not done.',
    next: 'Ask for it with shorter names or other values. If that is not it, call the security officer.',
  },
  'already-signed': {
    happened: '{person} has already signed this as {found}.',
    safe: 'The signature that is there stays. Nothing was changed.',
    next: 'Somebody else signs next.',
  },
  'same-person': {
    happened: '{person} has already signed. Different people, with different keys, must sign.',
    safe: 'That signature stays. Nothing was changed.',
    next: 'Another person signs with their own key.',
  },
  'requester-releases': {
    happened: '{person} asked for this content and therefore may not release it.',
    safe: 'Nothing was signed. Nothing was changed.',
    next: 'Another release authority signs.',
  },
  'signatures-missing': {
    happened: 'The waybill does not have every signature that the policy asks for. Missing: {expected}.',
    safe: 'The target was not touched.',
    next: 'Let the missing people sign, then write.',
  },
  'reason-missing': {
    happened: 'Rejecting and holding need a reason.',
    safe: 'Nothing was recorded.',
    next: 'Say in a sentence why.',
  },
  'verdict-not-passed': {
    happened: 'Content can only be accepted when its last verdict is “passed”. It is “{found}”.',
    safe: 'Nothing was signed. The content stays in quarantine.',
    next: 'Reject it or hold it, or verify the medium again.',
  },
  'verdict-stale': {
    happened: 'The verdict no longer holds: {found}. A new verdict was made.',
    safe: 'Nothing was signed or exported. Earlier halves of a decision are void.',
    next: 'Read the new verdict and decide on that one.',
  },
  'cause-unknown': {
    happened: 'The digest {found} is not part of this waybill.',
    safe: 'Nothing was recorded.',
    next: 'Name a digest that the waybill lists.',
  },
  'override-barred': {
    happened: 'There is no exception from the check {found}.',
    safe: 'Nothing was signed. Nothing was changed.',
    next: 'Do what the check itself says. Rules of the policy, times, causes and missing proofs have exceptions; signatures, bytes and the order have none.',
  },
  'override-none': {
    happened:
      'Nothing of the verdict that stands can be excepted as {found}. Open of this check: {expected}.',
    safe: 'Nothing was signed. Nothing was changed.',
    next: 'Name a check that failed or was not made, with its subject as the verdict has it.',
  },
  'cause-common': {
    happened:
      'The content {found} cannot be a cause: every bundle of this kind has it, or it was accepted here before.',
    safe: 'Nothing was signed. Nothing was changed.',
    next: 'Reject without this cause, or name content that only this bundle has.',
  },
  'cause-none': {
    happened: 'The content {found} is not named as a cause of rejection here.',
    safe: nothingChanged,
    next: 'Nothing needs to be lifted. A failed check “cause.rejected” names the digest.',
  },
} as const
