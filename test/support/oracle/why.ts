/*
 * Why two verifiers differ, by kind. `refusedHere`: ours refuses what theirs accepts, by our code; each line says what a
 * verifier that accepts would let through. `refusedThere`: the other way round, by how their words begin.
 */

export const refusedHere: Readonly<Record<string, string>> = {
  'algorithm.digest':
    'Theirs takes any hash that the log names for a key; ours the ones that belong to its kind.',
  'algorithm.key': 'Theirs does not compare the algorithm that the log names with the key.',
  'artifact.differs':
    'Theirs believes the digest in the bundle where no log is asked, and hashes nothing twice.',
  'bundle.base64':
    'Theirs passes over blanks and takes URL-safe and unpadded base64: two readers could see two things.',
  'bundle.json':
    'Theirs is JSON.parse: of a name that stands twice the last one counts, and `__proto__` is a name.',
  'bundle.key-id': 'Theirs never reads the key id of the envelope.',
  'bundle.media-type': 'Theirs looks for a part of the media type; ours compares the whole of four.',
  'bundle.root-in-chain': 'Theirs takes only the first certificate of a chain and never looks at the others.',
  'bundle.shape': 'Theirs passes over unknown fields, other kinds of values and more than one content.',
  'bundle.version-form': 'Theirs does not hold the form of the certificate against the version.',
  'certificate.critical-extension': 'Theirs does not look at critical extensions that it does not know.',
  'certificate.form': 'Theirs searches the parts of a certificate; ours reads them in order, each once.',
  'certificate.is-authority': 'Theirs takes a certificate of an authority for that of a signer.',
  'certificate.key-usage': 'Theirs does not ask what the key of the signer may be used for.',
  'certificate.name-constraints': 'Theirs does not know name constraints.',
  'certificate.purpose': 'Theirs does not ask for code signing in the extended key usage.',
  'certificate.unknown-authority':
    'Theirs does not hold the purposes of an authority against what it issued.',
  'checkpoint.bad':
    'Theirs looks for one good signature of the log; ours also refuses a false one beside it.',
  'checkpoint.form': 'Theirs reads notes loosely: empty names, zeros in front, other line ends.',
  'checkpoint.origin':
    'Theirs binds the head of a log to its key alone; ours, of Rekor v2, to its name as well.',
  'identity.extension': 'The façade compares name and issuer only; what is pinned beside it is never asked.',
  'identity.form': 'Theirs takes the first of two names, or an issuer of the old form beside the new one.',
  'identity.none-asked': 'Theirs accepts anybody where nobody is asked for.',
  'key.certificate': 'Theirs takes a certificate where a key was asked for.',
  'log.body': 'Theirs reads the logged body by JSON.parse and passes over what it does not know.',
  'log.index': 'Theirs does not hold the index of the entry against that of its proof.',
  'log.kind': 'Theirs takes an entry about a file for one about an envelope.',
  'log.none': 'Theirs counts entries; ours counts the companies that run the logs.',
  'log.other-signer': 'Theirs never compares the signer that the log recorded with the one in the bundle.',
  'log.proof-bad': 'Theirs computes the root of a proof and does not compare what the bundle says it is.',
  'log.root-differs': 'Theirs checks the proof against the bundle’s own size, not that of the signed head.',
  'log.window': 'Theirs does not ask whether the key of a log counted at that time.',
  'sct.none': 'Theirs counts a certificate timestamp that lies after the signature.',
  'sct.form': 'Theirs takes a time that no calendar has.',
  'signature.bad':
    'Theirs does not know what the log says of the scheme: here PSS, and the signature is PKCS#1.',
  'statement.form': 'Theirs never parses the statement.',
  'statement.other-subject':
    'Theirs never compares the subject with the artifact: another file is “verified”.',
  'statement.predicate': 'Theirs never asks for the type of the statement.',
  'statement.too-large': 'Theirs never parses the statement, however many values it has.',
  'statement.type': 'Theirs never asks for the type of the payload.',
  'statement.weak-digest': 'Theirs never parses the statement: a subject by SHA-1 alone passes.',
  'time.bad': 'Theirs does not hold the attribute of a timestamp against the certificate that signed it.',
  'time.form':
    'Theirs searches the parts of a timestamp; status, critical extensions and second signers pass.',
  'time.accuracy': 'Theirs never reads how exact a timestamp claims to be.',
  'time.outside-certificate': 'Theirs asks the stated moment only, not how long after it may have been.',
  'time.window': 'Theirs asks the stated moment only, not how long after it may have been.',
  'time.none': 'Theirs counts timestamps; ours counts the companies that run the authorities.',
}

export const refusedThere: Readonly<Record<string, string>> = {
  'SIGNATURE_ERROR: signature verification failed':
    'Theirs does not know RSA-PSS, Ed25519ph and plain Ed25519 over a file; the opinion is “cannot judge”.',
  'TLOG_BODY_ERROR: digest mismatch':
    'Theirs hashes an envelope by SHA-256 alone, whatever the key; the opinion is “cannot judge”.',
  'TLOG_BODY_ERROR: unsupported intoto version':
    'Theirs does not know entries of that age; the opinion is “cannot judge”.',
  'TIMESTAMP_ERROR: timestamp could not be verified':
    'Theirs needs the certificate of the authority in the trusted root, and takes none from the timestamp.',
  'TIMESTAMP_ERROR: duplicate timestamp':
    'Theirs refuses two stamps of one second; ours counts one operator.',
  'TIMESTAMP_ERROR: expected': 'The façade has no way to ask for no time, which a key alone has not.',
  'TLOG_INCLUSION_PROOF_ERROR: invalid checkpoint signature':
    'Theirs refuses a log that nobody knows; for ours it counts for nothing and is told.',
  'CERTIFICATE_ERROR: Failed to verify certificate chain':
    'Theirs takes only a self-signed certificate for an anchor; what an officer installed is one here.',
  'invalid bundle':
    'Theirs needs the digest of a file in the bundle, and takes null for something; ours computes the one and knows the other.',
  'UNTRUSTED_SIGNER_ERROR: certificate identity error':
    'Theirs reads no name of another kind (otherName), which some authorities give to people.',
}
