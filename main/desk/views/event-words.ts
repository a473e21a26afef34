import type { DriveName } from '../../../shared/drives.ts'
import { driveLine, outWords } from '../../../shared/text/drives.ts'
import { sealFits } from '../../../shared/rules/media.ts'
import { size } from '../../../shared/units.ts'
import { changeWords } from './change-words.ts'
import type { EventType, FactsOf, Recorded } from '../state/facts.ts'
import { registerActOf } from '../state/media.ts'
import type { RegisterAct } from '../state/media-facts.ts'

/** Who and what an event names by id, in words. */
export interface Names {
  person(id: string): string
  /** What has a fingerprint. */
  owner(fingerprint: string): string
  /** The name of a consignment; of what never came to be one, or could not be read, that. */
  consignment(id: string | null): string
}

interface Words<Type extends EventType> {
  /** The type, for a list to choose from. */
  readonly title: string
  readonly say: (facts: FactsOf<Type>, names: Names) => string
}

const many = (count: number, one: string, more = `${one}s`): string => `${count} ${count === 1 ? one : more}`
/** Which of several media it is; nothing of one alone. */
const oneOf = (number: number, of: number, medium = 'medium'): string =>
  of === 1 ? '' : `${medium} ${number} of ${of}, `
const outcomes = {
  passed: 'passed',
  refused: 'refused or held',
  failed: 'failed',
  'not-checked': 'not checked',
}

const onDrive = (drive: DriveName | null): string => {
  const line = driveLine(drive)
  return line === null ? '' : ` (drive ${line})`
}

const ofMedia = (media: FactsOf<'verify.done'>['media']): string =>
  media === null || media.length === 0
    ? ''
    : `Medium ${media.map(({ number }) => number).join(' and ')} of ${media[0]?.of ?? 0} of `

const deskWords = {
  'desk.created': {
    title: 'Desk made',
    say: ({ card }) => `The desk ${card.name} was made, on the ${card.side} side`,
  },
  'desk.marking': { title: 'Marking set', say: ({ marking }) => `The marking was set to ${marking}` },
  'desk.recovered': {
    title: 'Recovered',
    say: ({ what }) => `Opening finished or discarded what was under way: ${what.join(' ')}`,
  },
  'person.added': {
    title: 'Person added',
    say: ({ person }) => `${person.name} was added, as ${person.roles.join(', ')}`,
  },
  'trust.added': {
    title: 'Signer trusted',
    say: ({ signer }) => `${signer.name} was trusted, to ${signer.roles.join(', ')}`,
  },
  'policy.set': { title: 'Policy set', say: ({ version }) => `Policy version ${version} came into force` },
  'change.made': {
    title: 'Change made',
    say: ({ change }, names) => changeWords(change, (key) => names.owner(key)),
  },
  'change.proposed': {
    title: 'Change proposed',
    say: ({ number, person, change }, names) =>
      `${names.person(person)} proposed change ${number}: ${changeWords(change, (key) => names.owner(key))}`,
  },
  'change.signed': {
    title: 'Change signed',
    say: ({ number, person }, names) =>
      `${names.person(person)} signed change ${number}; with this it is in force`,
  },
  'change.withdrawn': {
    title: 'Change withdrawn',
    say: ({ number, person }, names) => `${names.person(person)} withdrew change ${number}`,
  },
  'prune.done': {
    title: 'Content let go',
    say: ({ consignments, blobs }) =>
      `Let go of ${many(blobs, 'content')} of ${many(consignments.length, 'consignment')}`,
  },
} satisfies Partial<{ [Type in EventType]: Words<Type> }>

const lowWords = {
  'collect.started': { title: 'Collecting begun', say: ({ name }) => `Collecting ${name} began` },
  'collect.failed': {
    title: 'Collecting failed',
    say: ({ consignment, code }, names) => `Collecting ${names.consignment(consignment)} failed (${code})`,
  },
  'waybill.sealed': {
    title: 'Waybill made',
    say: ({ name, items, destinations }) =>
      `The waybill of ${name} was made: ${many(items, 'item')}, number ${destinations.map((one) => one.sequence).join(', ')}`,
  },
  'approval.signed': {
    title: 'Waybill signed',
    say: ({ person, role, consignment, released }, names) =>
      `${names.person(person)} signed: ${role} ${names.consignment(consignment)}${released ? '; with this it is released' : ''}`,
  },
  'consignment.dropped': {
    title: 'Consignment given up',
    say: ({ consignment, reason, voided }, names) =>
      `${names.consignment(consignment)} was given up${voided ? ' and its number declared void' : ''}: ${reason}`,
  },
  'consignment.closed': {
    title: 'Consignment closed',
    say: ({ consignment }, names) => `${names.consignment(consignment)} was closed`,
  },
  'write.planned': {
    title: 'Media planned',
    say: ({ consignment, media }, names) =>
      `${names.consignment(consignment)} was laid on ${many(media.length, 'medium', 'media')}`,
  },
  'write.started': {
    title: 'Writing begun',
    say: ({ consignment, number, of, copy, folder, drive, unregistered }, names) =>
      `Writing ${oneOf(number, of)}copy ${copy} of ${names.consignment(consignment)} to ${folder}${onDrive(drive)} began${unregistered ? '; the medium is not in the register' : ''}`,
  },
  'write.done': {
    title: 'Medium written',
    say: ({ consignment, number, of, copy, parts }, names) =>
      `${oneOf(number, of, 'Medium')}${of > 1 ? 'copy' : 'Copy'} ${copy} of ${names.consignment(consignment)} was written, in ${many(parts.length, 'part')}`,
  },
  'write.failed': {
    title: 'Writing failed',
    say: ({ consignment, code }, names) => `Writing ${names.consignment(consignment)} failed (${code})`,
  },
  'repair.done': {
    title: 'Medium repaired',
    say: ({ consignment, number, of, copy, damaged, folder, silent }, names) =>
      `${oneOf(number, of, 'Medium')}${of > 1 ? 'copy' : 'Copy'} ${copy} of ${names.consignment(consignment)} was repaired to ${folder}: ${damaged.join(', ') || 'nothing was damaged'}${silent || damaged.length === 0 ? '' : '; whether the program opened a connection is not checked'}`,
  },
  'readback.done': {
    title: 'Medium read back',
    say: ({ consignment, outcome, drive, out }, names) =>
      `A medium with ${names.consignment(consignment)}${onDrive(drive)} was read back: ${outcomes[outcome]}${out === null ? '' : `; ${outWords[out]}`}`,
  },
} satisfies Partial<{ [Type in EventType]: Words<Type> }>

const highWords = {
  'waybill.seen': {
    title: 'Waybill seen',
    say: ({ name, senderName, stream }) =>
      `A signed waybill was seen: ${name}${stream === null ? '' : `, number ${stream.sequence}`}, from ${senderName}`,
  },
  'verify.done': {
    title: 'Verified',
    say: ({ consignment, outcome, counts, drive, media }, names) =>
      `${ofMedia(media)}${names.consignment(consignment)}${onDrive(drive)} was verified: ${outcomes[outcome]} (${counts.pass} passed, ${counts.fail} failed, ${counts.notChecked} not checked${counts.overridden === 0 ? '' : `, ${counts.overridden} overridden`})`,
  },
  'decision.signed': {
    title: 'Decision signed',
    say: ({ name, outcome, consignment, decided }, names) =>
      `${name} signed: ${outcome} ${names.consignment(consignment)}${decided === null ? '' : '; with this the decision stands'}`,
  },
  'override.signed': {
    title: 'Exception signed',
    say: ({ name, check, subject, consignment, until, reason, stands }, names) =>
      `${name} signed an exception from ${check}${subject === null ? '' : ` (${subject})`} for ${names.consignment(consignment)} until ${until}: ${reason}${stands ? '; with this it is in force' : ''}`,
  },
  'content.moved': {
    title: 'Content let in',
    say: ({ consignment, blobs }, names) =>
      `The content of ${names.consignment(consignment)} was moved into the store: ${many(blobs, 'content')}`,
  },
  'export.started': {
    title: 'Export begun',
    say: ({ consignment, target, drive, unregistered }, names) =>
      `The export of ${names.consignment(consignment)} to ${target}${onDrive(drive)} began${unregistered ? '; the medium is not in the register' : ''}`,
  },
  'export.done': {
    title: 'Exported',
    say: ({ consignment, target, blobs, moved = [] }, names) =>
      `${names.consignment(consignment)} was exported to ${target}: ${many(blobs, 'content')}${moved.length === 0 ? '' : `; moved ${many(moved.length, 'tag')} that held something else`}`,
  },
  'export.failed': {
    title: 'Export failed',
    say: ({ consignment, target, code }, names) =>
      `The export of ${names.consignment(consignment)} to ${target} failed (${code})`,
  },
} satisfies Partial<{ [Type in EventType]: Words<Type> }>

const sealedBy = { station: 'by the landing key', deciders: 'by those who accepted it' } as const

const landingWords = {
  'landing.signed': {
    title: 'Seals signed',
    say: ({ name, consignment, target, count }, names) =>
      `${name} signed the seals of ${names.consignment(consignment)} for ${target}: ${many(count, 'manifest')}`,
  },
  'landing.sealed': {
    title: 'Sealed',
    say: ({ consignment, target, by, count }, names) =>
      `${names.consignment(consignment)} was sealed at ${target} ${sealedBy[by]}: ${many(count, 'manifest')}`,
  },
  'landing.listed': {
    title: 'List signed',
    say: ({ sequence, digests, expires }) =>
      `List ${sequence} of what this site admits was signed: ${many(digests, 'digest')}, until ${expires}`,
  },
  'landing.failed': {
    title: 'Failed summaries made',
    say: ({ consignment, causes }, names) =>
      `Failed summaries were made of ${many(causes.length, 'cause')} of the rejection of ${names.consignment(consignment)}`,
  },
  'landing.kit': {
    title: 'Landing kit made',
    say: ({ consignment, target, engines, trust }, names) =>
      `Files for ${engines.join(', ')} were made for ${names.consignment(consignment)} at ${target}, trusting ${trust === 'landing' ? 'the seals of the landing' : 'the original signers'}`,
  },
} satisfies Partial<{ [Type in EventType]: Words<Type> }>

const from = (who: string | null, place: string | null): string =>
  `${who === null ? '' : `, from ${who}`}${place === null ? '' : `, at ${place}`}`

/** What an act on the register comes to, as a sentence without its full stop. */
export function actWords(act: RegisterAct): string {
  if (act.deed === 'register') {
    const { label, serial, kind } = act
    return `The medium ${label} (${kind}, ${serial === null ? 'no serial' : `serial ${serial}`}) was registered`
  }
  const { label, state, reason, disposition } = act
  const how =
    disposition === null
      ? ''
      : `, by ${disposition.method} with ${disposition.tool}, verified by ${disposition.verified}, at ${disposition.place}`
  return `The medium ${label} is ${state}${how}: ${reason}`
}

const half = (people: number): string => (people === 2 ? '; this waits for a second person' : '')

const mediaWords = {
  'media.registered': {
    title: 'Medium registered',
    say: (facts) => `${actWords(registerActOf({ type: 'media.registered', facts }))}${half(facts.people)}`,
  },
  'media.changed': {
    title: 'State of a medium',
    say: (facts) => `${actWords(registerActOf({ type: 'media.changed', facts }))}${half(facts.people)}`,
  },
  'media.signed': {
    title: 'Act on a medium signed',
    say: ({ number, act, by }) =>
      `${by.name} signed event ${number}, and it stands${act.deed === 'arrival' ? '' : `: ${actWords(act)}`}`,
  },
  'media.filled': {
    title: 'Medium filled for a test',
    say: ({ label, written, error }) =>
      `The medium ${label} was filled with ${size(written)} for a capacity test${error === null ? '' : `; then: ${error}`}`,
  },
  'media.tested': {
    title: 'Capacity tested',
    say: ({ label, passed, free, right, wrongAt, out }) =>
      `The capacity of ${label} was tested: ${passed ? 'passed' : 'NOT passed'}, ${size(right)} of ${size(free)} read back right${wrongAt === null ? '' : `, first wrong at byte ${wrongAt}`}; ${out === null ? 'read at once' : outWords[out]}`,
  },
  'media.handed': {
    title: 'Media handed over',
    say: ({ consignment, media, to, place, expected }, names) =>
      `${many(media.length, 'medium').replace('mediums', 'media')} of ${names.consignment(consignment)} went to ${to}${place === null ? '' : `, at ${place}`}, ${media.map(({ label, seal }) => `${label === null ? '' : `${label} `}seal ${seal}`).join(', ')}${expected === null ? '' : `; expected by ${expected}`}`,
  },
  'media.arrived': {
    title: 'Medium arrived',
    say: ({ transfer, label, seal, from: who, place }) =>
      `${label === null ? 'A medium' : `The medium ${label}`}${transfer === null ? '' : ` of transfer ${transfer}`} arrived${from(who, place)}: ${sealFits(seal) ? `seal ${seal.bag}, as the sheet says, whole` : `THE SEAL DIFFERS: ${seal.bag} on the bag, ${seal.sheet} on the sheet, ${seal.whole ? 'whole' : 'not whole'}`}`,
  },
} satisfies Partial<{ [Type in EventType]: Words<Type> }>

/** The words of every type of event. A type without words does not compile. */
export const eventWords: { readonly [Type in EventType]: Words<Type> } = {
  ...deskWords,
  ...lowWords,
  ...highWords,
  ...landingWords,
  ...mediaWords,
}

/** What happened, as a plain sentence. */
export function sentenceOf(recorded: Recorded, names: Names): string {
  const { say } = eventWords[recorded.type] as Words<EventType>
  return say(recorded.facts, names)
}
