const nothingChanged = 'Nothing was changed.'

/** Failures of what officers do: the seal, changes that two of them sign, revocation, roots. */
export const changeFailures = {
  'desk-sealed': {
    happened: 'This desk was sealed on {found}.',
    safe: nothingChanged,
    next: 'Nothing needs to be done. Officers come and go by changes that two of them sign.',
  },
  'officers-needed': {
    happened: 'This desk is sealed: two security officers make a change together, each with their own key.',
    safe: nothingChanged,
    next: 'Let a security officer ask for it with their key, and a second one sign it.',
  },
  'officers-too-few': {
    happened: 'A sealed desk needs at least {expected} security officers. There would be {found}.',
    safe: nothingChanged,
    next: 'First add security officers, each with a key of their own.',
  },
  'seal-first': {
    happened: 'This takes two security officers, and this desk is not sealed yet.',
    safe: nothingChanged,
    next: 'Let at least two security officers seal the desk, each with their own key ([“desk seal”|“Seal this desk…”, under People]), then ask again.',
  },
  'nothing-to-change': {
    happened: 'Nothing would change: {found} is in force already.',
    safe: nothingChanged,
    next: 'Look at the desk: it shows what is in force.',
  },
  'own-desk': {
    happened: 'The other desk that is named here, {found}, is this desk itself.',
    safe: nothingChanged,
    next: 'Take the card or the id of the other desk, from its paper.',
  },
  'own-key': {
    happened: '{person} cannot sign this: the change takes away the very key they would sign with.',
    safe: 'Nothing was signed. Nothing was changed.',
    next: 'Let two other security officers make this change.',
  },
  'rego-missing': {
    happened:
      'The policy names the rule set {subject}, and its file is not here. Expected: {expected}. Found: {found}.',
    safe: nothingChanged,
    next: 'Set the policy together with that file[: “policy set FILE --rego FILE.wasm”|: “Add the file of a rule set…”].',
  },
  'rego-unnamed': {
    happened: 'No policy here names the file {path} ({found}) as a rule set. Named: {expected}.',
    safe: 'The file was not run. Nothing was changed.',
    next: 'Give the file that is named, or have the policy name this one by its digest, under “rego”.',
  },
  'rego-module': {
    happened: 'The rule set {subject} cannot be used. Expected: {expected}. Found: {found}.',
    safe: nothingChanged,
    next: 'Have whoever wrote it build it anew, as the manual says under “Rule sets of your own”.',
  },
  'change-unknown': {
    happened: 'This desk has no change number {found}.',
    safe: nothingChanged,
    next: 'Look at the list of changes.',
  },
  'change-ended': {
    happened: 'Change {number} is {found} already.',
    safe: nothingChanged,
    next: 'Look at the list of changes.',
  },
  'change-stale': {
    happened: 'Change {number} starts from a state of this desk that is no longer in force.',
    safe: 'It was not signed. Nothing was changed.',
    next: 'Withdraw it. If it is still wanted, let an officer ask for it again.',
  },
  'key-revoked': {
    happened: 'This key of {found} was revoked here on {at}: {reason}.',
    safe: nothingChanged,
    next: 'Use another key. A key that was revoked never counts again.',
  },
  'revoke-unknown': {
    happened: 'Nobody here has the fingerprint {found}, and no trusted root has it.',
    safe: nothingChanged,
    next: 'Type the whole fingerprint, in hex or in words, as [“trust list” shows it|it stands under Trust].',
  },
  'signer-revoked': {
    happened: 'The waybill is signed with a key of {found} that was revoked on {at}.',
    safe: 'The target was not touched.',
    next: 'Make its waybill again [with “collect {id}”|under Approve] and let people sign it whose keys count. Nothing is downloaded.',
  },
  'root-form': {
    happened: 'This is not a file of trusted roots: {found}.',
    safe: nothingChanged,
    next: 'Choose the file trusted_root.json of the Sigstore instance that is meant.',
  },
  'package-refused': {
    happened: 'This trust package proves nothing: {found}.',
    safe: nothingChanged,
    next: 'Ask the low side to collect a new package. If it is refused again, call the security officer.',
  },
  'package-older': {
    happened: 'This trust package is older than what was taken here: {part} version {found}, not {expected}.',
    safe: nothingChanged,
    next: 'Use a package that was collected later.',
  },
  'reference-time': {
    happened: 'The time {found} cannot be what the package is judged at. Expected: {expected}.',
    safe: nothingChanged,
    next: 'Let the officers agree on the time, or bring a timestamp from an authority that is trusted here.',
  },
  'root-exists': {
    happened: 'There is already a trusted root {found}, with this name or this content.',
    safe: nothingChanged,
    next: 'Choose another name, or revoke the one that is there.',
  },
} as const
