import { describe, expect, it } from 'vitest'
import { parsePolicy } from '../../../main/policy/parse.ts'
import { builtInRules } from '../../../main/policy/rules.ts'
import type { CameOn } from '../../../shared/rules/media.ts'
import type { ItemEvidence } from '../../../shared/evidence.ts'
import type { Waybill } from '../../../shared/waybill.ts'
import { signatureType } from '../../../main/evidence/judge.ts'
import { generalName, subjectAltName } from '../../support/pki/extensions.ts'
import { sharedKey } from '../../support/authority/scheme.ts'
import { world } from '../../support/authority/world.ts'
import { policyTime } from '../../support/policy-time.ts'
import { byBob, image, judged, results, said } from '../../support/item-policy.ts'
import { subject } from '../../support/attacks/evidence.ts'

/* What a policy asks of a waybill alone, and of how an item was named and signed. */

const key = (kind: 'p256' | 'ed25519'): string => sharedKey(kind).spki.toString('base64')
const waybill = {
  channel: 'releases',
  created: '2026-01-01T00:00:00Z',
  expires: '2026-01-11T00:00:00Z',
  sender: { name: 'Low', station: key('p256') },
  items: [{ name: 'registry.test/app', version: '1.2.0', root: { digest: subject } }],
  blobs: [{ digest: `sha256:${'c'.repeat(64)}` }],
} as unknown as Waybill
const lines = [
  { role: 'prepare', name: 'Alice', key: key('p256') },
  { role: 'release', name: 'Bob', key: key('ed25519') },
]
function outcome(id: string, more: string, of: Partial<Waybill> = {}, signed = lines): string[] {
  const policy = parsePolicy(Buffer.from(`sallyport: policy/v1\nversion: 1\n${more}`))
  return builtInRules(policy, policyTime)
    .waybill({ ...waybill, ...of }, signed)
    .filter((one) => one.id === id)
    .map(({ result, reason, subject: about, found }) => `${result} ${reason} ${about}: ${found}`)
}

describe('a channel', () => {
  const channel = (more: string, name = 'releases'): string => `channels:\n  - {name: ${name}, ${more}}\n`

  it('has a lifetime of its own, never a longer one than all have', () => {
    expect(outcome('policy.lifetime', channel('lifetime: 5'))).toEqual([
      'fail too-long waybill.json: 10 days',
    ])
    expect(outcome('policy.lifetime', channel('lifetime: 5', 'other'))).toEqual([
      'pass as-expected waybill.json: 10 days',
    ])
    expect(outcome('policy.lifetime', `lifetime: 5\n${channel('lifetime: 50')}`)).toEqual([
      'fail too-long waybill.json: 10 days',
    ])
  })

  it('asks for signers of its own', () => {
    const id = 'policy.channel-signers'
    expect(outcome(id, channel('signers: {release: 2, prepare: 1}'))).toEqual([
      'pass as-expected prepare: Alice',
      'fail missing release: Bob',
    ])
    expect(outcome(id, channel('signers: {witness: 1}'))).toEqual(['fail missing witness: nobody'])
    expect(outcome(id, channel('signers: {release: 2}', 'Releases'))).toEqual([])
  })

  it.each([
    ['1.2.0', 'pass as-expected'],
    ['v1.10.0', 'pass as-expected'],
    ['1.2.0-rc.1', 'fail below'],
    ['1.1.9', 'fail below'],
    ['1.2', 'not-checked not-comparable'],
    ['latest', 'not-checked not-comparable'],
    [null, 'not-checked no-version'],
  ])('has floors: version %s', (version, answer) => {
    const items = [{ ...waybill.items[0], version }] as Waybill['items']
    const found = outcome(
      'policy.version-floor',
      channel("floors: [{name: 'Registry.test/*', version: 1.2.0}]"),
      { items },
    )
    expect(found).toEqual([`${answer} registry.test/app: ${version ?? 'no version'}`])
  })

  it('has floors for what they name alone', () => {
    expect(outcome('policy.version-floor', channel('floors: [{name: other, version: 9.0.0}]'))).toEqual([])
    expect(
      outcome('policy.version-floor', channel("floors: [{name: '**', version: 9.0.0}]", 'other')),
    ).toEqual([])
  })
})

describe('a channel that refuses what is not checked', () => {
  const unchecked = async (
    more: string,
    items: readonly ItemEvidence[],
    of: Partial<Waybill> = {},
    came: CameOn | null = null,
  ): Promise<string[]> => {
    const policy = parsePolicy(
      Buffer.from(`sallyport: policy/v1\nversion: 1\nchannels: [{name: releases, ${more}}]\n`),
    )
    const found = await builtInRules(policy, policyTime).bundle({ ...waybill, ...of }, items, came)
    return found.map(({ id, result, found }) => `${id} ${result}: ${found}`)
  }
  const judgedAs = (result: 'pass' | 'fail' | 'not-checked'): ItemEvidence => ({
    ...{ name: 'app', kind: 'image', root: subject, pieces: [] },
    rules: [{ id: 'policy.scan', result, expected: '', found: '', reason: '', evidence: [] }],
  })

  it('names the rules, of evidence and of versions', async () => {
    const id = 'policy.unchecked'
    expect(await unchecked('notChecked: refuses', [judgedAs('pass'), judgedAs('fail')])).toEqual([
      `${id} pass: all checked`,
    ])
    expect(await unchecked('notChecked: refuses', [judgedAs('not-checked')])).toEqual([
      `${id} fail: policy.scan of app`,
    ])
    expect(await unchecked('notChecked: holds', [judgedAs('not-checked')])).toEqual([])
    const items = [{ ...waybill.items[0], version: 'latest' }] as Waybill['items']
    const floors = "notChecked: refuses, floors: [{name: '**', version: 1.0.0}]"
    expect(await unchecked(floors, [], { items })).toEqual([
      `${id} fail: policy.version-floor of registry.test/app`,
    ])
  })
})

describe('the media of a channel', () => {
  const disc = { label: 'D-1', kind: 'disc' } as const
  const stick = { label: 'M-1', kind: 'usb-stick' } as const
  const whole: CameOn = { media: [disc], of: 1, seal: 'fits' }
  const route = async (
    asks: string,
    came: Partial<CameOn> | null = {},
    more = '',
    name = 'releases',
  ): Promise<string[]> => {
    const policy = `sallyport: policy/v1\nversion: 1\nchannels: [{name: ${name}, media: {${asks}}${more}}]\n`
    const rules = builtInRules(parsePolicy(Buffer.from(policy)), policyTime)
    const all = await rules.bundle(waybill, [], came === null ? null : { ...whole, ...came })
    return all.map(({ id, result, reason, subject: about, found }) =>
      id === 'policy.medium' ? `${result} ${reason} ${about}: ${found}` : `${id} ${result}`,
    )
  }
  const nobody = 'not-checked unregistered the medium: a folder, or a medium that is not in the register'

  it.each([
    ['kinds: [disc]', {}, ['pass as-expected the medium D-1: disc']],
    ['kinds: [disc]', { media: [stick] }, ['fail kind the medium M-1: usb-stick']],
    [
      'kinds: [disc, tape]',
      { media: [disc, stick] },
      ['pass as-expected the medium D-1: disc', 'fail kind the medium M-1: usb-stick'],
    ],
    ['kinds: [disc]', { media: [null] }, [nobody]],
    ['kinds: [disc]', { media: [disc, null] }, ['pass as-expected the medium D-1: disc', nobody]],
    ['registered: true', { media: [stick] }, ['pass as-expected the medium M-1: usb-stick']],
    ['registered: true', { media: [null] }, [nobody]],
    ['registered: false', { media: [null] }, []],
    ['atMost: 2', { of: 2 }, ['pass as-expected all media: laid on 2']],
    ['atMost: 2', { of: 3 }, ['fail too-many all media: laid on 3']],
    ['sealed: true', {}, ['pass as-expected the seal: as expected']],
    ['sealed: true', { seal: null }, ['not-checked seal-not-recorded the seal: no arrival recorded']],
    ['sealed: true', { seal: 'differs' }, ['fail seal the seal: a seal that differs']],
    ['sealed: false', { seal: null }, []],
  ] as const)('%s: %j', async (asks, came, answer) => {
    expect(await route(asks, came as Partial<CameOn>)).toEqual(answer)
  })

  it('are asked in their channel alone, and not of a bundle tar', async () => {
    expect(await route('kinds: [disc]', { media: [null] }, '', 'other')).toEqual([])
    expect(await route('kinds: [disc], atMost: 1, sealed: true', null)).toEqual([])
  })

  it('are among what a channel refuses where it is not checked', async () => {
    const refuses = ', notChecked: refuses'
    expect(await route('registered: true', { media: [null] }, refuses)).toEqual([
      nobody,
      'policy.unchecked fail',
    ])
    expect((await route('registered: true', {}, refuses)).at(-1)).toBe('policy.unchecked pass')
  })

  it.each(['kinds: []', 'kinds: [floppy]', 'atMost: 0', 'encrypted: true', 'registered: 1'])(
    'refuse %s',
    async (asks) => {
      await expect(route(asks)).rejects.toThrow()
    },
  )
})

describe('tombstones', () => {
  const dead = (digest: string): string =>
    `tombstones:\n  - {digest: '${digest}', reason: a stolen key, since: 2026-01-01}\n`
  it('refuse an item, and whatever holds the content', async () => {
    for (const digest of [subject, `sha256:${'c'.repeat(64)}`])
      expect(outcome('policy.tombstone', dead(digest))).toEqual([
        `fail withdrawn ${digest}: a stolen key, since 2026-01-01`,
      ])
    expect(outcome('policy.tombstone', dead(`sha256:${'d'.repeat(64)}`))).toEqual([
      'pass as-expected all contents: none of 1',
    ])
    expect(outcome('policy.tombstone', '')).toEqual([])
  })
})

describe('approved algorithms', () => {
  const fips = 'algorithms: fips-approved\n'
  it('are asked of all who signed the bundle, and of its station', async () => {
    expect(outcome('policy.algorithms', fips)).toEqual([
      'pass as-expected prepare · Alice: as expected',
      'fail not-approved release · Bob: the signature: Ed25519',
      'pass as-expected the station of Low: as expected',
    ])
    expect(outcome('policy.algorithms', fips, {}, [{ role: 'prepare', name: 'X', key: 'AAAA' }])[0]).toBe(
      'fail not-approved prepare · X: a key of another kind',
    )
    expect(outcome('policy.algorithms', '')).toEqual([])
  })

  it('are asked of what those whom the policy names say, with logs and times', async () => {
    const id = 'policy.algorithms'
    const signed = said(signatureType, {}, { logs: [world.one] })
    const asks = 'nothing: true'
    expect(await results([signed], id, { asks, more: fips })).toEqual(['pass as-expected'])
    expect(await judged([{ ...signed, logs: [world.two] }], id, { asks, more: fips })).toEqual([
      ['fail not-approved', 'the log https://log-two.test: Ed25519'],
    ])
    expect(
      await judged([said(signatureType, {}, { signer: 'key', kind: 'ed25519', logs: [], stamps: [] })], id, {
        asks,
        more: fips,
      }),
    ).toEqual([['fail not-approved', 'the signature: Ed25519']])
    const names = [subjectAltName([generalName.email('stranger@priv.test')])]
    const stranger = said(signatureType, {}, { leaf: { names }, logs: [world.two] })
    expect(await results([stranger], id, { more: fips })).toEqual([])
    expect(
      await results([said(signatureType, {}, { ...byBob, logs: [world.two] })], id, { more: fips }),
    ).toEqual(['fail not-approved'])
    expect(await results([signed], id, { asks })).toEqual([])
    expect(await results([], id, { asks, more: fips })).toEqual([])
  })
})

describe('an item by its digest', () => {
  const byDigest = { reference: `registry.test/app:v1@${subject}` }
  it.each([
    ['requested', byDigest, 'pass as-expected'],
    ['requested', {}, 'fail by-name'],
    ['requested', { reference: `registry.test/app@sha256:${'b'.repeat(64)}` }, 'fail by-name'],
    ['resolved', byDigest, 'pass as-expected'],
    ['resolved', {}, 'pass as-expected'],
  ])('%s: %j', async (asked, item, answer) => {
    expect(await results([], 'policy.pinned', { asks: `pinned: ${asked}`, item })).toEqual([answer])
  })

  it('is said, also where a tag was asked for', async () => {
    expect(await judged([], 'policy.pinned', { asks: 'pinned: resolved' })).toEqual([
      ['pass as-expected', `asked for as ${image.reference}, pinned to ${subject} when it was collected`],
    ])
  })
})
