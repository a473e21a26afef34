import type { Policy } from '../../shared/policy.ts'
import { count } from './format.ts'

const anyOf = (names: readonly string[]): string => names.join(' or ')

function identityText(identity: Policy['identities'][number]): string {
  if ('key' in identity) return `the key ${identity.fingerprint}`
  const pins = Object.entries(identity.pins).map(([name, value]) => `${name.replaceAll('-', ' ')} ${value}`)
  const pinned = pins.length === 0 ? '' : `; pinned: ${pins.join(', ')}`
  const by = identity.issuer === undefined ? 'without an issuer' : `vouched for by ${identity.issuer}`
  const { root, logs, times, scts } = identity
  const less = [
    ...(root === undefined ? [] : [`only under the root ${root}`]),
    ...(logs === 1 ? [] : [logs === 0 ? 'NO log need hold it' : `${logs} logs must hold it`]),
    ...(times === 1 ? [] : [`${times} sources of time`]),
    ...(scts === 1 ? [] : [scts === 0 ? 'NO log need hold the certificate' : `${scts} logs of certificates`]),
  ]
  return `${identity.identity}, ${by}${less.map((one) => `; ${one}`).join('')}${pinned}`
}

function ruleText({ kind, name, signedBy, provenance, sbom, nothing }: Policy['items'][number]): string {
  const what = `${kind === 'any' ? 'every item' : `every ${kind}`} named ${name}`
  if (nothing === true) return `${what}: nothing is asked`
  const parts = [
    ...(signedBy === undefined
      ? []
      : [
          `signed by ${signedBy.least} of ${anyOf(signedBy.identities)}${signedBy.log ? ', in a known log' : ''}${signedBy.time ? ', at a known time' : ''}`,
        ]),
    ...(provenance === undefined
      ? []
      : [
          provenance
            .map(
              (build) =>
                `built by ${build.builder} as ${build.signedBy} signed${build.source === undefined ? '' : `, from ${build.source}`}${build.ref === undefined ? '' : `, ref ${build.ref}`}`,
            )
            .join('; or '),
        ]),
    ...(sbom === undefined
      ? []
      : [
          `with a bill of materials (${sbom.format}) signed by ${anyOf(sbom.signedBy)}${sbom.describes ? ', naming the item' : ''}`,
        ]),
  ]
  return `${what}: ${parts.join('; and ')}`
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

/** A policy as an officer reads it: what it rules, in words. */
export function policyRows(policy: Policy): readonly (readonly [string, string])[] {
  const { signers, lifetime, exportRegistries, programs, identities, items } = policy
  const registries = exportRegistries.map(
    ({ host, tokenHost, allow }) =>
      `${host}${tokenHost === undefined ? '' : ` (tokens from ${tokenHost})`}${allow === undefined ? '' : ', without TLS on this computer'}`,
  )
  return [
    ['Signatures', `${signersText(signers)}, all different people with different keys`],
    ['Lifetime of a waybill', `at most ${count(lifetime, 'day')}`],
    [
      'Export registries',
      registries.length === 0
        ? 'none: no connection at all'
        : `a high desk may connect to these and to nothing else: ${registries.join('; ')}`,
    ],
    ...Object.entries(programs).map(([name, digests]): readonly [string, string] => [
      `Program ${name}`,
      `run to find images, as the very file ${digests.join(' or ')}`,
    ]),
    ...identities.map((identity): readonly [string, string] => [
      `Identity ${identity.name}`,
      identityText(identity),
    ]),
    ...items.map((rule, i): readonly [string, string] => [`Rule ${i + 1} for items`, ruleText(rule)]),
    [
      'Other items',
      items.length === 0
        ? 'evidence is shown; nothing is asked of it'
        : 'an item that no rule is about is refused',
    ],
  ]
}
