import { describe, expect, it } from 'vitest'
import { Failure } from '../../../main/platform/failure.ts'
import { parseNewPolicy, parsePolicy } from '../../../main/policy/parse.ts'
import { identities } from '../../support/item-policy.ts'

/* Policies that say what could never count, or what nobody means: refused when they are set, and named. */

const text = (more: string): Buffer =>
  Buffer.from(`sallyport: policy/v1\nversion: 2\nidentities:${identities}${more}\n`)

function refused(more: string, parse = parseNewPolicy): string {
  try {
    parse(text(more))
    return 'taken'
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'policy-form') throw error
    const { expected, found } = error.facts
    return `${String(expected)}; found ${String(found)}`
  }
}
const item = (asks: string, kind = 'image'): string => `items: [{kind: ${kind}, name: '**', ${asks}}]`
const why = 'reason: x, since: 2026-01-01'
const until = 'since: 2026-01-01, until: 2026-01-31'
const exception = (...entries: readonly string[]): string =>
  `exceptions: [${entries.map((one) => `{${one}}`).join(', ')}]`
const two = 'reason: x, approvers: [a, b]'

describe('what could never count', () => {
  it.each([
    [
      item('signedBy: {identities: [alice, alice], least: 2}'),
      'items.0.signedBy.least: no more than there are identities; found something else',
    ],
    [
      item('sbom: {format: syft, signedBy: [alice], fields: [created]}'),
      'items.0.sbom.fields: what documents of Syft say; found created',
    ],
    [
      item('sbom: {signedBy: [alice], fields: [version], unversioned: 3}'),
      'items.0.sbom.unversioned: 0, or fields without version; found both',
    ],
    [item('pinned: requested', 'file'), 'items.0.pinned: a kind that is requested by a digest; found file'],
    [
      item('free: {signedBy: [alice]}'),
      'items.0.free: something that the policy forbids; found nothing in forbidden',
    ],
    [
      `algorithms: fips-approved\n${item('signedBy: {identities: [ed]}')}`,
      'items.0.signedBy.identities.0: a key with an approved algorithm; found ed',
    ],
    [
      `forbidden: [{purl: 'pkg:npm/a@1', ${why}}]`,
      'forbidden.0.purl: pkg:TYPE/NAME without a version; found pkg:npm/a@1',
    ],
    [
      `forbidden: [{purl: 'pkg:npm', ${why}}]`,
      'forbidden.0.purl: pkg:TYPE/NAME without a version; found pkg:npm',
    ],
    [
      `forbidden: [{purl: 'pkg:npm/a', versions: '>2.0.0 <1.0.0', ${why}}]`,
      'forbidden.0.versions: a range that some version is in; found >2.0.0 <1.0.0',
    ],
    [
      `forbidden: [{purl: 'pkg:npm/a', versions: '1.x', ${why}}]`,
      'forbidden.0.versions: a range of versions of npm, >=1.0.0 <2.0.0; found 1.x',
    ],
    [
      `forbidden: [{purl: 'pkg:maven/a/b', versions: '<1.0.0', ${why}}]`,
      'forbidden.0.versions: no versions: those of maven cannot be compared here; found <1.0.0',
    ],
    [
      `forbidden: [{purl: 'pkg:swift/a', versions: '<1.0.0', ${why}}]`,
      'forbidden.0.versions: no versions: those of swift cannot be compared here; found <1.0.0',
    ],
    [
      `forbidden: [{licence: 'MIT OR Apache-2.0', ${why}}]`,
      'forbidden.0.licence: one licence by its SPDX id; found MIT OR Apache-2.0',
    ],
    [
      `forbidden: [{licence: 'GPL v2', ${why}}]`,
      'forbidden.0.licence: one licence by its SPDX id; found GPL v2',
    ],
    [
      `forbidden: [{licence: MIT, ${why}}, {licence: MIT, ${why}}]`,
      /^forbidden\.1\.reason: a ban that stands once/,
    ],
    [
      `tombstones: [{digest: 'sha256:${'a'.repeat(64)}', ${why}}, {digest: 'sha256:${'a'.repeat(64)}', ${why}}]`,
      /^tombstones\.1\.digest: a digest that stands once/,
    ],
    ['channels: [{name: a, lifetime: 91}]', 'channels.0.lifetime: at most 90, as for all; found 91'],
    [
      'signers: {prepare: 1, release: 2, witness: 0}\nchannels: [{name: a, signers: {release: 1}}]',
      'channels.0.signers.release: at least 2, as for all; found 1',
    ],
    [
      "channels: [{name: a, floors: [{name: x, version: '1.2'}]}]",
      'channels.0.floors.0.version: a version such as 1.2.3; found 1.2',
    ],
    [
      'media: {kinds: [disc, tape]}\nchannels: [{name: a, media: {kinds: [tape, card]}}]',
      'channels.0.media.kinds.1: one of disc, tape, as for all; found card',
    ],
    ['channels: [{name: a}, {name: a}]', 'channels.1.name: a channel that stands once; found a'],
    [
      exception(`check: policy.nonsense, ${two}, ${until}`),
      'exceptions.0.check: a check of a policy; found policy.nonsense',
    ],
    [
      exception(`check: policy.sbom, ${two}, since: 2026-02-01, until: 2026-01-01`),
      'exceptions.0.until: a day from 2026-02-01 on; found 2026-01-01',
    ],
    [
      exception(`check: policy.sbom, ${two}, since: 2026-01-01, until: 2026-04-01`),
      'exceptions.0.until: at most 90 days, as a waybill lives; found 91 days',
    ],
    [
      exception(`check: policy.sbom, reason: x, approvers: [a, a], ${until}`),
      'exceptions.0.approvers: two different people; found a',
    ],
    [
      exception(`check: policy.sbom, ${two}, ${until}`, `check: policy.sbom, subject: app, ${two}, ${until}`),
      'exceptions.1.check: one exception at a time from a check of a subject; found two of policy.sbom, which overlap from 2026-01-01',
    ],
  ] as const)('%s', (more, answer) => {
    if (typeof answer === 'string') expect(refused(more)).toBe(answer)
    else expect(refused(more)).toMatch(answer)
  })

  it('stays a policy where an older desk took it', () => {
    expect(refused('channels: [{name: a, lifetime: 91}]', parsePolicy)).toBe('taken')
  })
})

describe('what nobody means', () => {
  it.each([
    ['an unknown member', item('sbom: {signedBy: [alice], agee: 3}')],
    ['an unknown member beside it', 'forbiden: []'],
    ['an age in words', item('signedBy: {identities: [alice], maxAge: 30d}')],
    ['an age in hours', item('signedBy: {identities: [alice], maxAge: 0.5}')],
    ['an age of nothing', item('signedBy: {identities: [alice], maxAge: 0}')],
    ['an age below nothing', item('signedBy: {identities: [alice], maxAge: -1}')],
    ['a severity that is none', item('scan: {signedBy: [alice], highest: severe}')],
    [
      'a level in small letters',
      item("summary: [{verifier: v, signedBy: alice, resource: r, levels: ['slsa 3']}]"),
    ],
    ['a summary without levels', item('summary: [{verifier: v, signedBy: alice, resource: r, levels: []}]')],
    ['an identity that is none, of a scan', item('scan: {signedBy: [nobody], highest: low}')],
    [
      'an identity that is none, of statements about findings',
      item('scan: {signedBy: [alice], highest: low, vex: [nobody]}'),
    ],
    [
      'an identity that is none, of a summary',
      item('summary: [{verifier: v, signedBy: nobody, resource: r, levels: [A]}]'),
    ],
    [
      'an identity that is none, of what is free',
      `forbidden: [{licence: MIT, ${why}}]\n${item('free: {signedBy: [nobody]}')}`,
    ],
    [
      'a digest in capitals',
      item(
        `provenance: [{builder: b, signedBy: alice, materials: [{uri: u, digest: 'sha256:${'A'.repeat(64)}'}]}]`,
      ),
    ],
    ['a ban without a reason', 'forbidden: [{licence: MIT, since: 2026-01-01}]'],
    ['a ban without a day', 'forbidden: [{licence: MIT, reason: x}]'],
    ['a ban of two things', `forbidden: [{licence: MIT, purl: 'pkg:npm/a', ${why}}]`],
    ['a day that is none', 'forbidden: [{licence: MIT, reason: x, since: 2026-02-30}]'],
    ['an exception without an end', exception(`check: policy.sbom, ${two}, since: 2026-01-01`)],
    ['an exception by one person', exception(`check: policy.sbom, reason: x, approvers: [a], ${until}`)],
    ['an exception from a signature of the waybill', exception(`check: signatures.line, ${two}, ${until}`)],
    ['an exception without a reason', exception(`check: policy.sbom, approvers: [a, b], ${until}`)],
    ['one person who accepts', 'channels: [{name: a, approvals: {accept: 1}}]'],
    ['five people who accept', 'channels: [{name: a, approvals: {accept: 5}}]'],
    ['approvals of nothing', 'channels: [{name: a, approvals: {}}]'],
    ['three people who reject', 'channels: [{name: a, approvals: {accept: 3, reject: 3}}]'],
    ['algorithms by another name', 'algorithms: fips'],
    ['an alias', 'channels: [&a {name: x}, *a]'],
  ])('%s', (_, more) => {
    expect(refused(more)).not.toBe('taken')
  })

  it('but what is meant is taken', () => {
    const digest = `sha256:${'a'.repeat(64)}`
    const whole = `
algorithms: fips-approved
forbidden:
  - {digest: '${digest}', ${why}}
  - {purl: 'pkg:npm/a', versions: '<1.0.0 || >=2.0.0 <2.1.0', ${why}}
  - {licence: 'AGPL-3.0-only', ${why}}
tombstones: [{digest: '${digest}', ${why}}]
channels: [{name: a, lifetime: 30, signers: {release: 2}, approvals: {accept: 4}, floors: [{name: '**', version: 1.2.3}]}]
exceptions:
  - {check: policy.sbom, subject: app, ${two}, ${until}}
  - {check: policy.sbom, subject: app, ${two}, since: 2026-02-01, until: 2026-02-02}
items:
  - kind: image
    name: '**'
    signedBy: {identities: [alice], maxAge: 30}
    provenance: [{builder: b, signedBy: builder, maxAge: 3, parameters: {a: {b: [1, true, null]}}, otherParameters: refused, materials: [{uri: 'git+**'}], pinnedMaterials: true}]
    sbom: {signedBy: [alice], fields: [purl, licence], unversioned: 0, maxAge: 9}
    free: {signedBy: [alice]}
    scan: {signedBy: [alice], highest: medium, maxAge: 7, databaseMaxAge: 9, vex: [bob]}
    summary: [{verifier: v, signedBy: bob, resource: 'pkg:oci/*', levels: [SLSA_BUILD_LEVEL_3], maxAge: 9}]
    pinned: requested
`
    expect(refused(whole)).toBe('taken')
  })
})
