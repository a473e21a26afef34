import { asking, counted, members, type Rule } from './rule-words.ts'

const askedOf = (count: number, what: string): string | null =>
  counted(count, 'rule')?.concat(` for items asks ${what}`) ?? null

const notAgain = 'The desk checked it before it sealed. The engine does not check it again'

/** Rules about what speaks for content, and about content as such. */
export const contentRules = {
  identities: {
    members: members('identities', 'name', 'key', 'fingerprint', 'issuer', 'identity'),
    words: ({ identities }) =>
      counted(identities.length, 'identity', 'identities')?.concat(' whose signatures count') ?? null,
    sealed: `${notAgain}: it sees the seal, not who signed before. Whoever holds the landing key stands for all of them.`,
    listed:
      'The desk checked it before it made the list. The engine sees the list, not who signed. Whoever holds the landing key stands for all of them.',
    signers:
      'The engine takes everything that one of them signed, also an attestation where it cannot tell it from a signature.',
  },
  identityDetails: {
    members: ['pins', 'root', 'logs', 'times', 'scts', 'time'].map((name) => `identities.${name}`),
    words: ({ identities }) =>
      counted(
        identities.filter((one) => !('key' in one)).length,
        'identity that an issuer vouches for, with pinned details and numbers of logs and times',
        'identities that an issuer vouches for, with pinned details and numbers of logs and times',
      ),
    sealed: `${notAgain}.`,
    signers:
      'The engine compares the name and the issuer, and asks for one log or time at most. Pinned details, higher numbers and the windows of authorities are lost.',
  },
  itemRules: {
    members: members('items', 'kind', 'name', 'nothing'),
    words: ({ items }) => counted(items.length, 'rule')?.concat(' for items, by kind and name') ?? null,
    sealed: 'All that landed has the same seal, whatever rule let it in.',
    signers: 'Rules are written out for what landed now. A new repository needs a new kit.',
  },
  signedBy: {
    members: members('items.signedBy', 'identities', 'least'),
    words: (policy) =>
      askedOf(
        asking(policy, ({ signedBy }) => signedBy),
        'who signed, and how many',
      ),
    sealed: `${notAgain}.`,
    signers: 'Only as far as this engine counts signers.',
  },
  signatureTimes: {
    members: ['log', 'time', 'maxAge'].map((name) => `items.signedBy.${name}`),
    words: (policy) =>
      askedOf(
        asking(
          policy,
          ({ signedBy }) => signedBy?.log === true || signedBy?.time === true || signedBy?.maxAge,
        ),
        'for a log, a time or an age of signatures',
      ),
    sealed: `${notAgain}: a signature that is too old by now is no reason to refuse.`,
    signers: 'A key is believed without a log and without a time; no age is asked.',
  },
  provenance: {
    members: [
      ...members('items.provenance', 'builder', 'signedBy', 'source', 'ref', 'buildType', 'maxAge'),
      ...[
        'parameters',
        'otherParameters',
        'materials',
        'materials.uri',
        'materials.digest',
        'pinnedMaterials',
      ].map((name) => `items.provenance.${name}`),
    ],
    words: (policy) =>
      askedOf(
        asking(policy, ({ provenance }) => provenance),
        'how it was built',
      ),
    sealed: `${notAgain}, and no age of a build.`,
    signers:
      'The engine is not asked for provenance: builder, source, parameters and materials go unchecked.',
  },
  sbom: {
    members: members('items.sbom', 'format', 'signedBy', 'describes', 'maxAge', 'fields', 'unversioned'),
    words: (policy) =>
      askedOf(
        asking(policy, ({ sbom }) => sbom),
        'for a bill of materials',
      ),
    sealed: `${notAgain}.`,
    signers: 'The engine is not asked for a bill of materials.',
  },
  free: {
    members: members('items.free', 'signedBy'),
    words: (policy) =>
      askedOf(
        asking(policy, ({ free }) => free),
        'that nothing forbidden is shown to be in it',
      ),
    sealed: `${notAgain}: what is forbidden later is found by this desk alone.`,
    signers: 'The engine looks into no bill of materials.',
  },
  scan: {
    members: members('items.scan', 'signedBy', 'highest', 'maxAge', 'databaseMaxAge', 'vex'),
    words: (policy) =>
      askedOf(
        asking(policy, ({ scan }) => scan),
        'for a scan',
      ),
    sealed: `${notAgain}: a scan that is too old by now is no reason to refuse, and nothing that was found since.`,
    signers: 'The engine is not asked for a scan.',
  },
  summary: {
    members: members('items.summary', 'verifier', 'signedBy', 'resource', 'levels', 'maxAge'),
    words: (policy) =>
      askedOf(
        asking(policy, ({ summary }) => summary),
        'for a verification summary of others',
      ),
    sealed: `${notAgain}. The summary that lands is this desk’s own.`,
    signers: 'The engine is not asked for a summary of others.',
  },
  pinned: {
    members: ['items.pinned'],
    words: (policy) =>
      askedOf(
        asking(policy, ({ pinned }) => pinned),
        'for a digest in the request',
      ),
    sealed: 'The desk asked it of the request. The engine sees no request.',
    signers: 'The engine sees no request.',
  },
  algorithms: {
    members: ['algorithms'],
    words: ({ algorithms }) =>
      algorithms === 'default' ? null : 'Signatures by FIPS-approved algorithms only',
    sealed: 'The seal is ECDSA P-256 with SHA-256. What the engine does not ask about, it does not limit.',
    signers: 'The engine takes every algorithm that it knows.',
  },
  forbidden: {
    members: members('forbidden', 'digest', 'purl', 'versions', 'licence', 'reason', 'since'),
    words: ({ forbidden }) => counted(forbidden.length, 'thing')?.concat(' that no item may hold') ?? null,
    sealed: 'What is forbidden after it landed keeps its seal and is admitted.',
    listed: 'What is forbidden after it landed is admitted until a new list is brought.',
    signers: 'The engine forbids nothing: an image that holds it is admitted if a known signer signed it.',
  },
  tombstones: {
    members: members('tombstones', 'digest', 'reason', 'since'),
    words: ({ tombstones }) => counted(tombstones.length, 'digest')?.concat(' that are withdrawn') ?? null,
    sealed: 'A digest that is withdrawn after it landed keeps its seal and is admitted.',
    listed: 'A digest that is withdrawn after it landed is admitted until a new list is brought.',
    signers: 'A digest that is withdrawn keeps its signatures and is admitted.',
  },
} as const satisfies Readonly<Record<string, Rule>>
