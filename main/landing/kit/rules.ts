import { contentRules } from './rules-content.ts'
import { counted, members, type Rule } from './rule-words.ts'

const thisDesk = 'It binds this desk and has no meaning elsewhere: an engine is not asked.'

const deskRules = {
  signers: {
    members: members('signers', 'prepare', 'release', 'witness'),
    words: ({ signers: { prepare, release, witness } }) =>
      `Who signs a waybill: ${prepare} who prepare, ${release} who release, ${witness} who witness`,
    sealed: 'The desk counted the people. The engine sees no waybill and no people.',
    signers: 'The engine sees no waybill: what a known signer signed is admitted, also if it never crossed.',
  },
  lifetime: {
    members: ['lifetime'],
    words: ({ lifetime }) => `A waybill expires after ${lifetime} days`,
    sealed:
      'A seal has no end. What landed stays admitted until the key is replaced and all is sealed again.',
    listed: 'The list has an end of its own, which may be later than that of a waybill.',
    signers: 'Nothing ends: what a known signer signed stays admitted.',
  },
  clockTolerance: {
    members: ['clockTolerance'],
    words: ({ clockTolerance }) => `A sender’s clock may be ${clockTolerance} hours ahead`,
    sealed: 'It was asked when the waybill was read. The engine reads no waybill.',
    signers: 'The engine reads no waybill.',
  },
  exportRegistries: {
    members: members('exportRegistries', 'host', 'tokenHost', 'allow'),
    words: ({ exportRegistries }) =>
      counted(exportRegistries.length, 'registry', 'registries')?.concat(' that this desk pushes to') ?? null,
    sealed: `${thisDesk} Others may push to the registry too; what they push has no seal.`,
    signers: `${thisDesk} Others may push to the registry too, also what a known signer signed.`,
  },
  programs: {
    members: ['programs'],
    words: ({ programs }) =>
      counted(Object.keys(programs).length, 'program')?.concat(' that it may run') ?? null,
    sealed: thisDesk,
    signers: thisDesk,
  },
  media: {
    members: members('media', 'unregistered', 'people', 'tested', 'kinds', 'retainMonths', 'procedure'),
    words: ({ media }) => `Media: one that is not in the register is met with “${media.unregistered}”`,
    sealed: 'The desk asked it of the media. The engine does not know by which medium anything came.',
    signers: 'The engine does not know by which medium anything came, or whether it came by any.',
  },
  landing: {
    members: members('landing', 'signers', 'listDays'),
    words: () => 'Whose seals land, and how long a list holds',
    sealed: 'The engine knows the keys of this kit. Another choice reaches it with a new kit alone.',
    signers: 'The engine asks for no seal of the landing at all.',
  },
  channels: {
    members: [
      ...members('channels', 'name', 'lifetime', 'notChecked', 'approvals', 'approvals.accept'),
      ...members('channels.signers', 'prepare', 'release', 'witness'),
      ...members('channels.media', 'kinds', 'atMost', 'registered', 'sealed'),
    ],
    words: ({ channels }) => counted(channels.length, 'channel')?.concat(' with rules of their own') ?? null,
    sealed: 'The desk asked it of each bundle. The engine does not know by which channel anything came.',
    signers: 'The engine knows no channels.',
  },
  floors: {
    members: members('channels.floors', 'name', 'version'),
    words: ({ channels }) =>
      counted(
        channels.reduce((sum, { floors }) => sum + floors.length, 0),
        'lowest version',
      ),
    sealed: 'A version below a floor that is set later keeps its seal and is admitted.',
    listed: 'A version below a floor that is set later stays on the list until a new one is brought.',
    signers: 'The engine compares no versions: an old image that a known signer signed is admitted.',
  },
  exceptions: {
    members: members('exceptions', 'check', 'subject', 'reason', 'approvers', 'since', 'until'),
    words: ({ exceptions }) => counted(exceptions.length, 'exception')?.concat(' with an end') ?? null,
    sealed: 'What landed under an exception has the same seal as all else, also after its end.',
    listed: 'What landed under an exception stays on the list after its end, until a new one is brought.',
    signers: 'The engine knows no exceptions: what they let in is refused where its signers are not known.',
  },
  rego: {
    members: members('rego', 'name', 'digest', 'entrypoint'),
    words: ({ rego }) => counted(rego.length, 'rule set')?.concat(' of Rego') ?? null,
    sealed: 'The desk ran them. The engine runs rules of its own, if any.',
    signers: 'They are not run.',
  },
  order: {
    members: ['version'],
    words: () => 'No replay, no downgrade, no gap',
    sealed: 'An older image keeps its seal: whoever may change what runs can go back to it.',
    listed: 'Every digest on the list is admitted, older ones too. Only the list itself never goes back.',
    signers: 'Every image that a known signer ever signed is admitted.',
  },
  completeness: {
    members: ['sallyport'],
    words: () => 'Everything that was promised is there',
    sealed: 'The engine judges one image at a time and misses none.',
    signers: 'The engine judges one image at a time and misses none.',
  },
} as const satisfies Readonly<Record<string, Rule>>

/** Every rule that a policy can have. A test holds it against the members of the document. */
export const rules: Readonly<Record<keyof typeof deskRules | keyof typeof contentRules, Rule>> = {
  ...deskRules,
  ...contentRules,
}
export type RuleName = keyof typeof rules
