import { mediumKinds } from '../rules/media.ts'
import type { Channel, Exception, Forbidden } from '../policy-content.ts'
import type { Policy } from '../policy.ts'
import { aboutWords, ruleWords } from './policy-items-words.ts'

const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`

function identityText(identity: Policy['identities'][number]): string {
  if ('key' in identity) return `the key ${identity.fingerprint}`
  const pins = Object.entries(identity.pins).map(([name, value]) => `${name.replaceAll('-', ' ')} ${value}`)
  const pinned = pins.length === 0 ? '' : `; pinned: ${pins.join(', ')}`
  const by = identity.issuer === undefined ? 'without an issuer' : `vouched for by ${identity.issuer}`
  const { root, logs, times, scts, time } = identity
  const less = [
    ...(root === undefined ? [] : [`only under the root ${root}`]),
    ...(logs === 1 ? [] : [logs === 0 ? 'NO log need hold it' : `${logs} logs must hold it`]),
    ...(times === 1 ? [] : [`${times} sources of time`]),
    ...(scts === 1 ? [] : [scts === 0 ? 'NO log need hold the certificate' : `${scts} logs of certificates`]),
    ...(time === undefined ? [] : ['at the clock of this desk, which proves no time']),
  ]
  return `${identity.identity}, ${by}${less.map((one) => `; ${one}`).join('')}${pinned}`
}

/** “1 person prepares, 1 person releases”; whoever is not asked for is not named. */
function signersText({ prepare, release, witness }: Policy['signers']): string {
  const each = [
    [prepare, 'prepares', 'prepare'],
    [release, 'releases', 'release'],
    [witness, 'witnesses', 'witness'],
  ] as const
  return each
    .filter(([number]) => number > 0)
    .map(([number, one, many]) => `${count(number, 'person', 'people')} ${number === 1 ? one : many}`)
    .join(', ')
}

const bannedName = (ban: Forbidden): string =>
  'digest' in ban ? ban.digest : 'licence' in ban ? `the licence ${ban.licence}` : ban.purl

const bannedText = (ban: Forbidden): string =>
  `${'purl' in ban ? `versions ${ban.versions ?? 'of every kind'}: ` : ''}${ban.reason}, since ${ban.since}`

// As `schema.ts` has them; the window takes no schemas.
const signingRoles = ['prepare', 'release', 'witness'] as const

function routeText({ kinds, atMost, registered, sealed }: NonNullable<Channel['media']>): string[] {
  return [
    ...(kinds === undefined ? [] : [`media of the kind ${kinds.join(' or ')}`]),
    ...(atMost === undefined ? [] : [`at most ${count(atMost, 'medium', 'media')} for a bundle`]),
    ...(registered === true ? ['media of the register alone'] : []),
    ...(sealed === true ? ['sealed, with the arrival on record'] : []),
  ]
}

function channelText(channel: Channel): string {
  const { lifetime, signers = {}, approvals, floors, media = {}, notChecked } = channel
  const people = signingRoles.flatMap((role) => {
    const wanted = signers[role]
    return wanted === undefined ? [] : [`${count(wanted, 'person', 'people')} to ${role}`]
  })
  return (
    [
      ...(lifetime === undefined ? [] : [`waybills live at most ${count(lifetime, 'day')}`]),
      ...people,
      ...(approvals === undefined ? [] : [`${approvals.accept} people to accept a bundle`]),
      ...floors.map(({ name, version }) => `${name} at least ${version}`),
      ...routeText(media),
      ...(notChecked === 'holds' ? [] : ['what is not checked is refused']),
    ].join('; ') || 'nothing of its own'
  )
}

const exceptionText = ({ reason, approvers, since, until }: Exception): string =>
  `${reason}; by ${approvers.join(' and ')}, from ${since} to ${until}`

function registriesText({ exportRegistries }: Policy): string {
  const registries = exportRegistries.map(
    ({ host, tokenHost, allow }) =>
      `${host}${tokenHost === undefined ? '' : ` (tokens from ${tokenHost})`}${allow === undefined ? '' : ', without TLS on this computer'}`,
  )
  if (registries.length === 0) return 'none: no connection at all'
  return `a high desk may connect to these and to nothing else: ${registries.join('; ')}`
}

type Row = readonly [string, string]

// Two rules may be about the same: each keeps a name of its own.
function named(rows: readonly Row[]): Row[] {
  const seen = new Map<string, number>()
  return rows.map(([name, text]) => {
    const times = (seen.get(name) ?? 0) + 1
    seen.set(name, times)
    return [times === 1 ? name : `${name} (${times})`, text]
  })
}

const unregisteredText = {
  refuse: 'refused, to be written and to be read',
  warn: 'used with a warning, on the record',
  allow: 'used without a word',
} as const

/** What is asked of media; what is as usual is not said. */
function mediaRows({ media }: Policy): Row[] {
  const { unregistered, people, tested, kinds, retainMonths, procedure } = media
  return [
    ...(unregistered === 'warn'
      ? []
      : [['Media that nobody registered', unregisteredText[unregistered]] as Row]),
    ...(people === 0
      ? []
      : [
          [
            'Register of media',
            `${people === 1 ? 'one person signs' : 'two people sign'} a registration, a loss, a sanitising, a destruction`,
          ] as Row,
        ]),
    ...(tested
      ? [['Capacity of media', 'only media whose whole capacity was tested are written'] as Row]
      : []),
    ...(kinds.length === mediumKinds.length ? [] : [['Kinds of media', `only ${kinds.join(', ')}`] as Row]),
    ...(retainMonths === undefined ? [] : [['Records', `kept for ${count(retainMonths, 'month')}`] as Row]),
    ...(procedure === undefined ? [] : [['Procedure', procedure] as Row]),
  ]
}

/** Who seals what lands; what is as usual is not said. */
function landingRows({ landing }: Policy): Row[] {
  return [
    ...(landing.signers === 'station'
      ? []
      : [['Seals of what lands', 'made by everybody who accepted it, each with their own key'] as Row]),
    ...(landing.listDays === 30
      ? []
      : [['List of what is admitted', `holds for ${count(landing.listDays, 'day')}`] as Row]),
  ]
}

/** A policy as an officer reads it: what it rules, in words, each rule by its name. */
export function policyRows(policy: Policy): readonly Row[] {
  const { signers, lifetime, clockTolerance, programs, identities, items } = policy
  const { algorithms, forbidden, tombstones, channels, exceptions, rego } = policy
  return named([
    ['Signatures', `${signersText(signers)}, all different people with different keys`],
    ['Lifetime of a waybill', `at most ${count(lifetime, 'day')}`],
    ['Export registries', registriesText(policy)],
    // What is as usual is not said.
    ...(clockTolerance === 48
      ? []
      : ([['Clock of a sender', `at most ${count(clockTolerance, 'hour')} ahead`]] as const)),
    ...(algorithms === 'default'
      ? []
      : ([['Algorithms', 'approved ones alone: ECDSA P-256, P-384, P-521, or RSA; no Ed25519']] as const)),
    ...Object.entries(programs).map(([name, digests]): Row => [
      `Program ${name}`,
      `${name === 'par2' ? 'run for recovery data' : 'run to find images'}, as the very file ${digests.join(' or ')}`,
    ]),
    ...mediaRows(policy),
    ...landingRows(policy),
    ...identities.map((identity): Row => [`Identity ${identity.name}`, identityText(identity)]),
    ...items.map((rule): Row => [`Rule for ${aboutWords(rule)}`, ruleWords(rule)]),
    [
      'Other items',
      items.length === 0
        ? 'evidence is shown; nothing is asked of it'
        : 'an item that no rule is about is refused',
    ],
    ...forbidden.map((ban): Row => [`Forbidden ${bannedName(ban)}`, bannedText(ban)]),
    ...tombstones.map(({ digest, reason, since }): Row => [
      `Withdrawn ${digest}`,
      `${reason}, since ${since}`,
    ]),
    ...channels.map((channel): Row => [`Channel ${channel.name}`, channelText(channel)]),
    ...exceptions.map((one): Row => [
      `Exception from ${one.check}, ${one.subject ?? 'all of them'}`,
      exceptionText(one),
    ]),
    ...rego.map(({ name, digest, entrypoint }): Row => [
      `Rule set ${name}`,
      `what ${entrypoint} of ${digest} objects to is refused`,
    ]),
  ])
}

/** A rule that differs; `null` where there is none. */
export interface PolicyDifference {
  readonly rule: string
  readonly before: string | null
  readonly after: string | null
}

/** What another policy would change, rule by rule: what is new, what differs, what goes. */
export function policyDifferences(before: Policy, after: Policy): PolicyDifference[] {
  const [was, will] = [new Map(policyRows(before)), new Map(policyRows(after))]
  const names = [...new Set([...will.keys(), ...was.keys()])]
  return names.flatMap((rule) => {
    const one = { rule, before: was.get(rule) ?? null, after: will.get(rule) ?? null }
    return one.before === one.after ? [] : [one]
  })
}

/** A difference in one sentence. */
export function differenceWords({ rule, before, after }: PolicyDifference): string {
  if (before === null) return `New: ${rule}: ${after ?? ''}`
  return after === null ? `Gone: ${rule}: ${before}` : `${rule}: ${after} (now: ${before})`
}
