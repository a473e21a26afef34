import { row, treatAsAttack, type ReasonWords } from './reason-row.ts'
import { modelReasons } from './reasons-model.ts'

const askSender = 'Ask the sender for the bundle as its tool wrote it; do not repair it by hand.'
const checkRoot =
  'Compare the date of this desk’s trusted root with the signature’s; a newer root comes as a trust package.'
const newRoot =
  'Get the trusted root anew from its publisher, compare its fingerprint on paper, and install it.'
const askSigner = 'Ask the signer to sign again with a tool of today.'

const spec = 'Sigstore client specification'
const bundleSpec = 'Sigstore bundle format, protobuf-specs 0.5'
const strict = 'In-toto specification issue 74 (X41 audit): parsers that differ are an attack'

/** The words of every reason for which the verification core refuses. */
export const reasonWords = {
  'bundle.too-large': row(
    'The signature file is larger than what is read here (32 MiB; 144 MiB where one payload is most of it; a bare signature 1 MiB). Nobody was asked who signed it.',
    'Check it with the tool that made it, or ask the signer for the statement without the large document in it.',
    'GHSA-cq38-jh5f-37mq: caps before parsing',
    'unknown',
  ),
  'bundle.form': row(
    'This is something else than a bundle, or holds none. It says nothing for or against the file here.',
    'Check it with its own tool, as told under “found”, or ask the signer for a Sigstore bundle.',
    'Sigstore bundle format; PEP 740; DSSE 1.0; in-toto attestation bundle (JSON Lines)',
    'unknown',
  ),
  'bundle.json': row(
    'The signature file is not JSON as every program reads it: cut off, followed by more, or with a name that stands twice.',
    askSender,
    strict,
  ),
  'bundle.shape': row(
    'The signature file lacks a part, has one too many, or has one of another kind.',
    askSender,
    `${bundleSpec}, message Bundle`,
  ),
  'bundle.base64': row(
    'A part of the signature file is not standard base64, so two programs could read different bytes.',
    askSender,
    'RFC 4648, 3.3 and 3.5; protobuf-specs 0.5',
  ),
  'bundle.media-type': row(
    'The file calls itself something else than a Sigstore bundle of a known version.',
    askSender,
    `${bundleSpec}, mediaType`,
  ),
  'bundle.version-form': row(
    'The certificate stands in a form that this version of the bundle does not have.',
    askSender,
    `${bundleSpec}, VerificationMaterial`,
  ),
  'bundle.twice': row(
    'A log entry or a timestamp stands twice in the signature file, as if two had seen the signature.',
    askSender,
    `${bundleSpec}, VerificationMaterial`,
  ),
  'bundle.root-in-chain': row(
    'The bundle brings a root certificate of its own along. Trust never comes inside what is to be checked.',
    treatAsAttack,
    `${bundleSpec}, X509CertificateChain`,
  ),
  'bundle.key-id': row(
    'The bundle names two different keys for one signature.',
    askSender,
    `${bundleSpec}, PublicKeyIdentifier`,
  ),
  'root.json': row('The trusted root is not JSON as every program reads it.', newRoot, strict),
  'root.shape': row(
    'The trusted root lacks a part or has one that is not known.',
    newRoot,
    'Sigstore trusted root format, protobuf-specs 0.5',
  ),
  'root.window': row(
    'The trusted root does not say from when one of its entries counts, so nothing in it can be dated.',
    newRoot,
    'protobuf-specs 0.5, TrustedRoot: validFor.start is required',
  ),
  'root.certificate': row('A certificate in the trusted root cannot be read.', newRoot, 'RFC 5280, 4.1'),
  'artifact.differs': row(
    'The signature is for another file than the one given.',
    'Check that file and signature belong together, and that the file was copied whole.',
    spec,
  ),
  'artifact.not-whole': row(
    'The signature cannot be checked from this digest.',
    'Give the file itself instead of its digest.',
    'FIPS 186-5, 6.4 and 7.6: each signature is over one digest',
  ),
  'key.none-given': row(
    'The bundle was signed with a key, and no key was given to check it with.',
    'Give the signer’s public key, whose fingerprint you compared on paper.',
    spec,
  ),
  'key.certificate': row(
    'A key was given, but the bundle was signed with a certificate.',
    'Check it with the signer’s name and issuer, or ask for the bundle that the key signed.',
    spec,
  ),
  'key.unknown': row(
    'It was signed with a key that this desk does not know.',
    'If the signer is to be trusted, have the policy name the key, whose fingerprint you compared on paper.',
    'Sigstore client specification',
    'unknown',
  ),
  'algorithm.key': row(
    'The log says an algorithm that this key cannot have signed with.',
    treatAsAttack,
    'Sigstore algorithm registry',
  ),
  'algorithm.digest': row(
    'The signature is over a digest that this kind of key may not sign.',
    askSigner,
    'Sigstore algorithm registry; FIPS 186-5',
  ),
  'signature.bad': row(
    'The signature was not made by this key over this content: one of the two was changed, or somebody else signed.',
    treatAsAttack,
    'DSSE 1.0; FIPS 186-5; RFC 8017, 8; RFC 8032',
  ),
  'signature.form': row(
    'This is a signature of another form, or none. It says nothing for or against the file here.',
    'Check it with its own tool, as told under “found”, or ask the signer for a bare signature or a Sigstore bundle.',
    'RFC 9580; RFC 5652; OpenSSH PROTOCOL.sshsig; DSSE 1.0',
    'unknown',
  ),
  'signature.no-fit': row(
    'The signature does not fit this file and this key: the file may have been changed or not copied whole, another key may have signed, or in a way that is not tried here.',
    'Compare the key’s fingerprint on paper and get file and signature anew from the signer; until they fit, nothing speaks for the file.',
    'FIPS 186-5; RFC 8017, 8; RFC 8032; design: evidence decides',
    'unknown',
  ),
  'certificate.form': row(
    'The certificate is not of the form that the standard demands.',
    treatAsAttack,
    'RFC 5280, 4; X.690 (DER)',
  ),
  'certificate.algorithm': row(
    'The certificate holds a key of a kind that is not taken.',
    askSigner,
    'Sigstore algorithm registry',
  ),
  'certificate.unknown-authority': row(
    'The certificate does not come from an authority that this desk trusts.',
    checkRoot,
    'RFC 5280, 6.1; Sigstore client specification',
    'unknown',
  ),
  'certificate.window': row(
    'The authority was not trusted, or one of its certificates not valid, when the signature was made.',
    checkRoot,
    'RFC 5280, 6.1; trusted root, validFor',
  ),
  'certificate.is-authority': row(
    'The certificate is one that issues certificates, not one of a signer.',
    treatAsAttack,
    'RFC 5280, 4.2.1.9',
  ),
  'certificate.key-usage': row(
    'The certificate does not allow its key to sign.',
    treatAsAttack,
    'Sigstore client specification; RFC 5280, 4.2.1.3',
  ),
  'certificate.purpose': row(
    'The certificate is not for signing software.',
    treatAsAttack,
    'Sigstore client specification; RFC 5280, 4.2.1.12',
  ),
  'certificate.critical-extension': row(
    'The certificate says something that must be understood and is not.',
    'Ask for a version of this program that knows the extension.',
    'RFC 5280, 4.2',
  ),
  'certificate.name-constraints': row(
    'The authority may vouch for other names only, not for the one in the certificate.',
    treatAsAttack,
    'RFC 5280, 4.2.1.10',
  ),
  'sct.none': row(
    'No known certificate log says that it saw the certificate, so nobody could have noticed a false one.',
    checkRoot,
    'Sigstore client specification; RFC 6962, 3',
    'unknown',
  ),
  'sct.form': row('The list of certificate timestamps cannot be read.', treatAsAttack, 'RFC 6962, 3.3'),
  'sct.bad': row(
    'A certificate timestamp that claims to be by a known log is not.',
    treatAsAttack,
    'RFC 6962, 3.2',
  ),
  'log.none': row(
    'The signature stands in no transparency log, or in fewer than asked, so nobody could have noticed a false one.',
    'Ask the signer for the bundle with its log entry.',
    spec,
  ),
  'log.unknown': row(
    'The signature stands only in logs that this desk does not know.',
    checkRoot,
    spec,
    'unknown',
  ),
  'log.kind': row(
    'The log entry is of a kind that is not known, or that does not fit what was signed.',
    askSigner,
    'Rekor v1 and v2 entry types; CVE-2022-36056 (GHSA-8gw7-4j42-w388)',
  ),
  'log.body': row('The log entry cannot be read.', treatAsAttack, 'Rekor types, canonical bodies'),
  'log.other-content': row(
    'The log entry is about other content.',
    treatAsAttack,
    'CVE-2026-22703 (GHSA-whqx-f9j3-ch6m), CVE-2022-23649: bind the entry to the bundle',
  ),
  'log.other-signature': row(
    'The log entry is about another signature.',
    treatAsAttack,
    'CVE-2026-22703 (GHSA-whqx-f9j3-ch6m), CVE-2022-23649: bind the entry to the bundle',
  ),
  'log.other-signer': row(
    'The log entry names another signer.',
    treatAsAttack,
    'Sigstore client specification, 4.4; Rekor v2 specification, 6.1.4',
  ),
  'log.promise-missing': row(
    'The bundle lacks the log’s promise, which this version of the bundle must have.',
    askSender,
    `${bundleSpec}, version 0.1`,
  ),
  'log.promise-bad': row(
    'The log did not sign this promise; the time in it proves nothing.',
    treatAsAttack,
    'Rekor v1, signed entry timestamp; RFC 8785',
  ),
  'log.proof-missing': row(
    'The bundle lacks the proof that the log holds the entry.',
    askSender,
    `${bundleSpec}, from version 0.2`,
  ),
  'log.proof-bad': row(
    'The proof does not lead from the entry to the head of the log.',
    treatAsAttack,
    'RFC 9162, 2.1.3.2; RFC 6962, 2.1.1',
  ),
  'log.index': row(
    'The entry and its proof name different places in the log.',
    treatAsAttack,
    `${bundleSpec}, TransparencyLogEntry`,
  ),
  'log.root-differs': row(
    'The proof is about another state of the log than the one that the log signed.',
    treatAsAttack,
    'C2SP tlog-checkpoint; RFC 9162, 2.1.3',
  ),
  'log.window': row(
    'The log’s key did not count at the time of the signature, or no time says that it did.',
    checkRoot,
    'Trusted root, validFor; CVE-2026-54787 (GHSA-wqqc-jjcq-vfxm)',
  ),
  'checkpoint.form': row(
    'The head of the log is not in the form that logs sign.',
    treatAsAttack,
    'C2SP signed-note, tlog-checkpoint',
  ),
  'checkpoint.origin': row(
    'The head is that of another log.',
    treatAsAttack,
    'C2SP tlog-checkpoint; Rekor v2 specification, origin',
  ),
  'checkpoint.unsigned': row(
    'The log did not sign this head; signatures of others do not stand in for it.',
    treatAsAttack,
    'C2SP signed-note',
  ),
  'checkpoint.bad': row(
    'The signature under the head of the log is not the log’s.',
    treatAsAttack,
    'C2SP signed-note',
  ),
  'time.none': row(
    'Nobody known says when the signature was made, or fewer than asked.',
    'Ask for the bundle with a timestamp of an authority in this desk’s trusted root.',
    'Rekor v2 specification: RFC 3161 timestamp; Sigstore client specification',
    'unknown',
  ),
  'time.form': row(
    'A timestamp cannot be read, or its authority refused to give it.',
    askSender,
    'RFC 3161, 2.4.2; RFC 5652, 5',
  ),
  'time.other-signature': row(
    'A timestamp is for another signature.',
    treatAsAttack,
    'RFC 3161, 2.4.2, messageImprint',
  ),
  'time.bad': row(
    'A timestamp that claims to be by a known authority is not.',
    treatAsAttack,
    'RFC 5652, 5.6; RFC 5035; CVE-2026-39984 (GHSA-xm5m-wgh2-rrg3)',
  ),
  'time.purpose': row(
    'The timestamp was made with a certificate that is not for timestamps.',
    treatAsAttack,
    'RFC 3161, 2.3',
  ),
  'time.window': row(
    'The timestamp authority was not trusted, or its certificates not valid, at the time it states.',
    checkRoot,
    'RFC 3161; trusted root, validFor; CVE-2026-54787 (GHSA-wqqc-jjcq-vfxm)',
  ),
  'time.accuracy': row(
    'A timestamp says itself that its time may be off by more than a minute, so it proves none.',
    'Ask the signer for a timestamp by an authority that keeps its time to a second.',
    'RFC 3161, 2.4.2, accuracy; ETSI EN 319 421, 7.7.2',
    'unknown',
  ),
  'time.outside-certificate': row(
    'The signature was made outside the minutes in which the certificate was valid.',
    treatAsAttack,
    spec,
  ),
  'statement.type': row(
    'What was signed is not an in-toto statement.',
    askSigner,
    'in-toto attestation 1.0, Statement',
  ),
  'statement.form': row(
    'The signed statement cannot be read.',
    askSigner,
    'in-toto attestation 1.0, Statement',
  ),
  'statement.too-large': row(
    'The signed statement is too large to be read whole. Who signed it and of what it speaks is checked; what it says is not.',
    'Look into it with a tool of your own, or ask the signer for a shorter statement beside it.',
    'GHSA-cq38-jh5f-37mq: caps before parsing',
    'unknown',
  ),
  'statement.other-subject': row(
    'The signed statement is about something else.',
    'Check that artifact and statement belong together.',
    'in-toto attestation 1.0, DigestSet',
  ),
  'statement.weak-digest': row(
    'The statement names its subject only by a digest that can be forged.',
    askSigner,
    'in-toto attestation 1.0, DigestSet',
  ),
  'statement.predicate': row(
    'The statement says something of another kind than what was asked for. An attestation is no signature.',
    'Ask for the statement of the kind that the policy names.',
    'in-toto attestation 1.0, predicateType; CVE-2022-35929 (GHSA-vjxv-45g9-9296)',
  ),
  ...modelReasons,
  'identity.none-asked': row(
    'It was not said whose signature is expected, so everybody’s would do.',
    'Name the signer and the issuer, in full.',
    spec,
  ),
  'identity.form': row(
    'The certificate does not name exactly one signer and one issuer.',
    treatAsAttack,
    'Fulcio certificate specification; RFC 5280, 4.2.1.6',
  ),
  'identity.name': row(
    'Somebody else signed.',
    'Compare the names character by character; if the expected one is right, use nothing of this.',
    spec,
  ),
  'identity.issuer': row(
    'Somebody else vouches for the signer.',
    'Compare the issuers character by character; the same name at another issuer is another person.',
    spec,
  ),
  'identity.extension': row(
    'The signer is the expected one, but a detail that is pinned differs.',
    'Compare what is pinned with what the certificate says; ask the signer what changed.',
    'Fulcio certificate extensions, 1.3.6.1.4.1.57264.1',
  ),
} as const satisfies Readonly<Record<string, ReasonWords>>
