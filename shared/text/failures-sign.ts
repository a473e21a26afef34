const nothingSigned = 'Nothing was signed. No file was written.'

/** Failures while something is signed outside a desk, and while such a signature is checked. */
export const signFailures = {
  'sign-too-large': {
    happened: 'Without a log an Ed25519 key signs files of at most {expected} bytes, and this one is larger.',
    safe: nothingSigned,
    next: 'Use an ECDSA or RSA key, or give --signing-config so that the signature is logged.',
  },
} as const
