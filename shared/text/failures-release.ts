const nothingTaken = 'Nothing was collected. The desk is as it was.'
const thrownAway = 'What came was thrown away. Nothing was collected.'

/** Failures of what a release consists of besides images: charts, manifests, folders, files of the web, repositories of git. */
export const releaseFailures = {
  'web-answer': {
    happened: 'The host {host} answered status {status} for {subject}.',
    safe: nothingTaken,
    next: 'Check the address, or fetch it by other means and ask for it as a file.',
  },
  'web-login': {
    happened:
      'The host {host} gives {subject} only to those whom it knows (status {status}). About a log-in: {found}.',
    safe: nothingTaken,
    next: 'Give a file of credentials that names this host [(--auth-file)|under “access to registries”], and check that its user may have this.',
  },
  'web-differs': {
    happened: '{subject} is not what it must be. Expected {expected}, found {found}.',
    safe: thrownAway,
    next: 'Ask whoever publishes it which one is right, by a way of its own. Do not simply correct the sum in the request.',
  },
  'url-unsigned': {
    happened:
      '{subject} is not proven to come from whom the request says. Expected: {expected}. Found: {found}.',
    safe: thrownAway,
    next: 'Check key and signature with whoever publishes it. “sha256:” in the request says which file it is without a key.',
  },
  'chart-expected': {
    happened: '{path} was asked for as a chart of Helm, and it is {found}.',
    safe: nothingTaken,
    next: 'Ask for it as what it is, or name the chart.',
  },
  'chart-form': {
    happened: '{subject} is not a chart as it must be. Expected: {expected}. Found: {found}.',
    safe: nothingTaken,
    next: 'Correct its Chart.yaml, or ask whoever made it for it again.',
  },
  'chart-index': {
    happened: '{subject} is not an index of charts that can be used. Expected: {expected}. Found: {found}.',
    safe: nothingTaken,
    next: 'Ask those who run the repository. The chart itself can be asked for as a file: “chart: NAME-VERSION.tgz”.',
  },
  'chart-missing': {
    happened: 'The index {subject} does not list {expected}. It lists: {found}.',
    safe: nothingTaken,
    next: 'Correct name or version in the request.',
  },
  'model-expected': {
    happened: '{path} was asked for as a model, and it is {found}.',
    safe: nothingTaken,
    next: 'Ask for it as what it is, or name the model. A model in files is asked for by the path of its folder.',
  },
  'folder-refused': {
    happened: '{path} cannot travel as it is. Expected: {expected}. Found: {found}.',
    safe: nothingTaken,
    next: 'Put a plain copy there: files and folders under names that every system takes.',
  },
  'folder-lies': {
    happened: '{path} is not what {index} says that it is. Expected {expected}, found {found}.',
    safe: nothingTaken,
    next: 'Mirror the repository again. If it stays, ask those who run it, and tell the security officer.',
  },
  'folder-unsigned': {
    happened:
      '{path} is not proven to come from whom the request says. Expected: {expected}. Found: {found}.',
    safe: nothingTaken,
    next: 'Check the key with whoever runs the repository, and that its signature was mirrored too.',
  },
  'git-missing': {
    happened: '{subject} is a repository of git, and the program git is not on this computer’s PATH.',
    safe: nothingTaken,
    next: 'Install git, or make a bundle elsewhere (“git bundle create”) and ask for that as a file.',
  },
  'program-missing': {
    happened:
      'The policy names the program {subject}, and there is no such program on this computer’s PATH. Expected: {expected}.',
    safe: nothingTaken,
    next: 'Put that program there, or change “programs” in the policy. Without a renderer nothing is rendered, and that is told.',
  },
  'program-differs': {
    happened:
      'The program {subject} on this computer is not one that the policy names, and was not run. Expected: {expected}. Found: {found}.',
    safe: nothingTaken,
    next: 'Find out who put it there. Put the named one on the PATH, or have the policy name this one by its digest.',
  },
  'git-failed': {
    happened: 'The program git could not do its part for {subject}: “git {step}” ended with {found}.',
    safe: nothingTaken,
    next: 'Check the address and what git says there by itself. A log-in is sent only where a file of credentials names the host [(--auth-file)|under “access to registries”], and redirects are not followed: name the repository’s present address.',
  },
  'git-refused': {
    happened: '{subject} is not what it must be. Expected: {expected}. Found: {found}.',
    safe: thrownAway,
    next: 'Ask those who run the repository. A commit by its whole digest needs no signature: “commit:” in the request.',
  },
} as const
