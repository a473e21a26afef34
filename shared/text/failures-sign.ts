const nothingSigned = 'No signature was kept. No file was written.'

/** Failures while something is signed outside a desk, and while such a signature is checked. */
export const signFailures = {
  'sign-too-large': {
    happened: 'Without a log an Ed25519 key signs files of at most {expected} bytes, and this one is larger.',
    safe: nothingSigned,
    next: 'Use an ECDSA or RSA key, or [give --signing-config|name the services that log], so that the signature is logged.',
  },
  'signing-config': {
    happened: 'The signing configuration is not valid: {found}. Expected: {expected}.',
    safe: nothingSigned,
    next: 'Ask whoever runs the signing services for a signing_config.json of version 0.2.',
  },
  'service-none': {
    happened: 'The signing configuration has no {subject} to use now: {found}. Needed: {expected}.',
    safe: nothingSigned,
    next: 'Get a newer signing configuration, and check the clock of this computer.',
  },
  'service-needed': {
    happened: 'This signing needs {expected}, which was not given.',
    safe: nothingSigned,
    next: 'Give what is missing, or sign in another way.',
  },
  'service-refused': {
    happened: 'The service {host} refused the request: {found}.',
    safe: nothingSigned,
    next: 'Check the token, the identity and the signing configuration, then sign again.',
  },
  'service-answer': {
    happened: 'The service {host} did not answer with {expected}, but with {found}.',
    safe: nothingSigned,
    next: 'Do not sign there until whoever runs the service has explained it.',
  },
  'log-entry-exists': {
    happened: 'The log {host} already holds this very signature, at index {found}, and gives no proof twice.',
    safe: nothingSigned,
    next: 'Use the bundle of the first signing. With an ECDSA key a new signature can be made.',
  },
  'key-not-for-log': {
    happened: 'The log {host} cannot hold statements signed with this key ({found}).',
    safe: nothingSigned,
    next: 'Sign statements with an ECDSA or RSA key, or without a log.',
  },
  'token-form': {
    happened: 'The identity token cannot be used: {found}. Expected: {expected}.',
    safe: nothingSigned,
    next: 'Get a new token for the audience “sigstore”.',
  },
  'token-expired': {
    happened: 'The identity token was valid until {found} and is not any more.',
    safe: nothingSigned,
    next: 'Get a new token. If this one is new, check the clock of this computer.',
  },
  'sign-in-failed': {
    happened: 'Signing in at {host} did not succeed: {found}.',
    safe: nothingSigned,
    next: 'Sign in again. If an answer came that you did not ask for, close the browser first.',
  },
  'statement-needed': {
    happened: 'This file is not a statement that can be signed: {found}. Expected: {expected}.',
    safe: nothingSigned,
    next: 'Give an in-toto statement, or sign the file as it is.',
  },
  'signature-unproven': {
    happened: 'What was signed does not pass our own check ({found}, expected {expected}).',
    safe: nothingSigned,
    next: 'Check that the trusted root belongs to the services of the signing configuration.',
  },
} as const
