/* Every limit on what comes from outside, in one place; each has a test (test/unit/platform/limits.test.ts). */

const kib = 1024
const mib = 1024 * kib

export const limits = {
  /** `waybill.json` (bundle.md, "Reader rules"). */
  waybillBytes: 16 * mib,
  signatureLines: 8,
  signatureBytes: 256 * kib,
  mediumBytes: mib,
  /** VERIFY.txt, station.pub, SHA256SUMS and its signature, each. */
  smallFileBytes: mib,
  /** One manifest or index of an OCI graph. */
  manifestBytes: 4 * mib,
  graphDepth: 8,
  blobs: 100_000,
  items: 10_000,
  /** Pieces of evidence that are carried with an item where the request says no other number. */
  evidencePerItem: 64,
  /** Pieces of one source that contradict the content, after which no more of it is looked at one by one. */
  evidenceRefused: 64,
  /** Images and indexes below one name whose evidence is asked for; each takes five questions to a registry. */
  imagesSurveyed: 1_000,
  /** Descriptors in one manifest or index. */
  descriptors: 10_000,
  /** Values in the JSON of one manifest or index: a descriptor has some ten. */
  manifestValues: 200_000,
  jsonDepth: 64,
  /** Values in a JSON document of somebody, where nothing smaller is said. */
  jsonValues: 1_000_000,
  /** Signs of one number in JSON. */
  numberSigns: 1000,
  /** Of JSON that is read as it streams by: names of all open objects together, which must each stand once. */
  openNames: 100_000,
  openNameBytes: 4 * mib,
  /** A text of a bundle from this many bytes on is read where it stands; real ones that long are base64. */
  longTextBytes: 256 * kib,
  /** All shorter texts of a bundle together: 32 log entries with bodies of the largest size have half of it. */
  bundleTextBytes: 16 * mib,
  /** A statement that nobody known signed is looked into, to say what it calls itself, up to this size. */
  introductionBytes: mib,
  /** Bills of materials that are compared in one go, on both sides together. */
  billsCompared: 300,
  /** Earlier waybills that are read to find the last one with an item. */
  waybillsSearched: 200,
  /** Changes inside items that are listed: of one, and of all; the rest is counted. */
  changesListed: 5000,
  changesTogether: 20_000,
  /** The same in a record, which is printed. */
  changesRecorded: 500,
  /** Versions of one package, or licences, that are named on one side of a change. */
  versionsListed: 20,
  /** Digests on a signed list of what a site admits, its file, and the descriptor that an engine asks about. */
  listedDigests: 500_000,
  listBytes: 64 * mib,
  descriptorBytes: 64 * kib,
  /** Milliseconds that the gate waits for the descriptor: engines end it after ten seconds. */
  descriptorTime: 5000,
  keyFileBytes: 64 * kib,
  passphraseFileBytes: 4 * kib,
  /** Who signs with plain Ed25519 reads the message twice, so it is held in memory; the second verifier is given as much. */
  plainEd25519Bytes: 16 * mib,
  tokenBytes: 64 * kib,
  /** How often a carried file is read for signatures of its evidence that are over more than a digest. */
  contentReadings: 8,
  /** What is given as a bare signature: RSA 4096 needs 512, other forms are named for what they are. */
  bareSignatureBytes: mib,
  signingConfigBytes: mib,
  /** A statement that is signed as it is; large SBOMs travel inside. */
  statementBytes: 16 * mib,
  /** One answer of an authority, a log or an issuer. */
  serviceBytes: mib,
  /** How long a person has to sign in, in milliseconds. */
  signInTime: 5 * 60_000,
  /** How the window looks, kept in the account's own folder. */
  settingsBytes: 64 * kib,
  requestBytes: mib,
  policyBytes: mib,
  /** Problems of a policy that are named at once; what is beyond is counted. */
  policyProblems: 20,
  /** A compiled rule set of Rego (one of some pages has 350 KiB), its memory, its table of functions. */
  regoBytes: 4 * mib,
  regoMemory: 64 * mib,
  regoTable: 65_536,
  /** What it is asked (in its memory that takes some ten times as much) and what it answers. */
  regoInput: 4 * mib,
  regoAnswer: mib,
  regoAnswers: 1_000,
  /** How long it has, in milliseconds, with the start of its thread, and the megabytes of the thread beside its memory. */
  regoTime: 10_000,
  regoThread: 256,
  /** Words, signs and line ends of a YAML document: a request of 10,000 items with all their fields has some 340,000. */
  yamlMarks: 400_000,
  /** Names of one map of a YAML document: no map of ours has as many as 20. */
  yamlNames: 64,
  /** The same of YAML that others wrote, with its documents, and what may stand for something else in it. */
  foreignYamlNames: 10_000,
  yamlDocuments: 64,
  yamlAliases: 100,
  authFileBytes: mib,
  /** Hosts in a folder of certificates, and files for one of them. */
  certificateHosts: 100,
  certificateFiles: 32,
  /** What a program that holds credentials answers. */
  helperBytes: 64 * kib,
  /** How long it has, in milliseconds: a person may have to unlock something. */
  helperTime: 60_000,
  /** One answer of a registry that is not a blob or a manifest (token, referrers page, error). */
  answerBytes: 4 * mib,
  redirects: 5,
  /** What a proxy says before it opens a way. */
  proxyAnswerBytes: 16 * kib,
  /** A file with the log-in at a proxy. */
  proxyLoginBytes: 4 * kib,
  /** What one token is asked for: a repository, one to mount from, and what a registry says it needs besides. */
  tokenScopes: 8,
  referrerPages: 64,
  /** Of a list of tags: ten thousand of them, and some. */
  tagPages: 16,
  /** Of all that is listed for one manifest, how much is read. */
  referrersRead: 1_000,
  /** Evidence of evidence of evidence: how often the question is asked again. */
  evidenceDepth: 4,
  findingsPerItem: 200,
  /** How often a request is repeated after 408, 429, 5xx or a broken connection. */
  retries: 4,
  /** Hosts that one collect may ask: registries, who gives tokens, where they send on to. */
  hostsAsked: 1_000,
  /** Blobs that are fetched at the same time, of one host or of several. */
  requestsAtOnce: 16,
  /** The longest that a registry may ask us to wait, in seconds. */
  retryAfter: 60,
  /** A download that broke may go on as often as it likes while each piece brings this much. */
  resumeProgress: mib,
  /** How long content that no consignment keeps waits for somebody to collect it again. */
  looseDays: 14,
  /** One piece of an upload to a registry that takes no more at once, and of one that does not take that: nginx lets so much through. */
  uploadPiece: 8 * mib,
  leastUploadPiece: mib,
  /** Errors that are read of one refusal, and digests in them that are told. */
  errorsRead: 100,
  missingTold: 5,
  /** Warnings of registries: what is read of one answer, what is told of one text, and how many of one registry. */
  warningHeaderSigns: 4096,
  warningSigns: 300,
  warningsTold: 8,
  /** How long a registry has to hear that an upload is given up, in milliseconds: nothing depends on its answer. */
  farewellTime: 5_000,
  /** Answers of the 1xx kind before the answer itself. */
  interimAnswers: 16,
  /** No byte for this long ends a request, in milliseconds. */
  idleTime: 60_000,
  /** One line of the ledger. */
  ledgerLineBytes: 32 * mib,
  /** One Sigstore bundle, or a file of several, that is read in memory. */
  sigstoreBundleBytes: 32 * mib,
  /** Above this a bundle is read as it streams by, where it is one payload and little else. */
  streamedBundleBytes: 6 * mib,
  /** A payload up to this is read whole; of a larger one what it is about is read, and what it calls itself. */
  heldPayloadBytes: 16 * mib,
  /** One bundle or envelope whose payload streams by: a bill of materials of 100 MB in base64, and what stands around it. */
  largeBundleBytes: 144 * mib,
  /** From how many bytes on a text of such a bundle is its payload. */
  setAsideBytes: 4 * mib,
  /** What stands around it. */
  besidePayloadBytes: 8 * mib,
  /** What is kept of a statement that streams by: whom it is about, and what it calls itself. */
  aboutBytes: 4 * mib,
  /** Bundles in one file of several: what `gh` and in-toto write has a handful. */
  bundlesTogether: 128,
  /** Of what the second verifier is given: it holds several copies. Larger ones it does not judge. */
  secondOpinionBytes: 4 * mib,
  logBodyBytes: 4 * mib,
  trustedRootBytes: mib,
  /** One metadata file of a TUF repository, and a whole trust package. */
  tufFileBytes: mib,
  packageBytes: 16 * mib,
  /** Of a Sigstore bundle: the numbers of the Go reference client. */
  logEntries: 32,
  timestamps: 32,
  subjects: 1024,
  digestsPerSubject: 32,
  proofHashes: 64,
  /** Values in the JSON of a signed statement: large bills of materials have some hundred thousand. */
  statementValues: 1_000_000,
  /** Values in the JSON of a bundle or of a log entry: what is large in them is text. */
  bundleValues: 20_000,
  /** One certificate: real ones have 1 to 4 KiB. */
  certificateBytes: 64 * kib,
  /** Signatures of certificates that one verification checks. */
  pathSignatures: 40,
  /** Keys of authorities of one name that a certificate is held against: a trusted root has a handful. */
  issuerKeys: 16,
  /** One timestamp with its certificates: real ones have 1 to 10 KiB. */
  timestampBytes: 256 * kib,
  checkpointCharacters: 64 * kib,
  checkpointSignatures: 64,
  folderEntries: 20_000,
  parts: 999,
  deskFileBytes: 64 * mib,
  /** Entries of an archive of somebody, those of the archives in it included. */
  archiveEntries: 200_000,
  /** Of a name in it, in bytes, and its steps. */
  archiveNameBytes: 4096,
  archiveSteps: 64,
  /** Bytes that an archive unpacks to. */
  archiveBytes: 4 * 1024 * 1024 * mib,
  /** An archive in an archive in an archive. */
  archiveDepth: 4,
  /** How many times its own size something unpacks to, once that is more than `ratioFrom` bytes: zeros are near it. */
  unpackRatio: 1100,
  ratioFrom: 64 * mib,
  /** What tar says of an entry beside its head (pax records, long names). */
  tarNoteBytes: 64 * kib,
  /** What a zstd decoder keeps: the usual most, that of `zstd` without a flag. */
  zstdWindow: 128 * mib,
  /** Steps without a byte, in or out, after which a decoder stands still. */
  zstdIdle: 16,
  /** Documents in an archive that are kept while it is read; larger ones, and all after that many bytes, are read again. */
  archiveDocumentBytes: 4 * mib,
  archiveKeptBytes: 64 * mib,
  /** How often one that is compressed is gone through again for a single file of it. */
  archiveAgain: 64,
  /** A list of images that stands in one document with their manifests and configs: some 10 KiB each. */
  imageListBytes: 32 * mib,
  /** One document of a package or chart that is read for what it names. */
  foreignDocumentBytes: 4 * mib,
  /** Images that are listed as named by something. */
  namedImages: 10_000,
  /** How long one step of git has, in milliseconds: a large history takes its time. */
  gitTime: 30 * 60_000,
  /** How long a program has to render something, in milliseconds, and what it may make: the largest charts make some 5 MiB. */
  renderTime: 120_000,
  renderedBytes: 32 * mib,
  /** The end of what a program complains of. */
  complaintBytes: 4 * kib,
  /** Kustomizations of one item that are put together. */
  kustomizations: 64,
  /** A file that is taken for a look before it is collected; of larger ones only the size is told. */
  previewFileBytes: 64 * mib,
  /** A file of the web: an installation image of a system has some 10 GiB. */
  webFileBytes: 256 * 1024 * mib,
  /** A packed chart, and the index of a repository of charts: the largest public ones have some 20 MiB. */
  chartBytes: 64 * mib,
  chartIndexBytes: 64 * mib,
  /** Files that are counted on a medium of accepted content. */
  outFiles: 1_000_000,
  /** Files of a tree that travels as one thing. */
  treeFiles: 10_000,
  /** Files that the signature of a model lists: some times as many as a tree has. */
  modelResources: 50_000,
  /** A keyring of OpenPGP. */
  keyringBytes: mib,
  /** What a program of the system says of its drives, and how long it has, in milliseconds. */
  driveListBytes: 4 * mib,
  driveTime: 10_000,
  /** How long it has to mount or let go of one: what was written must first be on it. */
  driveActTime: 120_000,
  /** Drives, partitions and what lies in them, and how deep: a partition in a mapping in a partition. */
  driveNodes: 1_000,
  driveDepth: 8,
  /** Mounts of this computer that are looked through. */
  mountsBytes: 4 * mib,
  /** Steps from a block device up to its USB device, and entries of that. */
  usbSteps: 16,
  usbEntries: 1_000,
  /** What diskutil says: values of a plist, how deep, and of how many devices it is asked one by one. */
  plistValues: 20_000,
  plistDepth: 16,
  plistDevices: 64,
  /** What an account keeps of a desk's ledger, to open it at once: some 400 MiB of ledger. */
  snapshotBytes: 256 * mib,
} as const

/** FAT32's largest file: 4 GiB − 1. */
export const fatFileBytes = 4 * 1024 * mib - 1
