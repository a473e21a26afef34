import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Digest } from '../../shared/digest.ts'
import type { CheckId } from '../../shared/text/checks.ts'
import type { Waybill } from '../../shared/waybill.ts'
import { summaryOf } from '../../main/bundle/signature-lines.ts'
import { createKey } from '../../main/sign/key-file.ts'
import { digestOf } from '../../main/platform/hash.ts'
import { canonical as canonicalOf } from '../../main/platform/json.ts'
import { sallyport } from '../support/command-line.ts'
import { makeBundle, makeCrossing, type Crossing } from '../support/desks.ts'
import { forge, honestContent, honestWaybill, type Claim, type Forgery } from '../support/forge.ts'
import { expectRefused } from '../support/refusal.ts'

const noDigest = `sha256:${'0'.repeat(64)}`

describe('a signed waybill that is not as it must be', () => {
  let crossing: Crossing
  let base: Waybill
  let content: Map<Digest, Buffer>
  let count = 0
  beforeAll(async () => {
    crossing = await makeCrossing()
    const { folder } = await makeBundle(crossing, 'medium')
    base = await honestWaybill(folder)
    content = await honestContent(folder)
  })
  afterAll(() => crossing.dispose())

  const forged = (forgery: Omit<Forgery, 'content'>): Promise<string> =>
    forge(crossing, base, { content, ...forgery }, `forged-${++count}`)
  const refused = async (id: CheckId, forgery: Omit<Forgery, 'content'>, found = ''): Promise<void> => {
    const said = await expectRefused(crossing, await forged(forgery), 3, id)
    expect(said.checks.find((check) => check.id === id && check.result === 'fail')?.found).toContain(found)
  }
  const asText = (change: (text: string) => string) => ({
    bytes: (bytes: Buffer): Buffer => {
      const changed = Buffer.from(change(bytes.toString('utf8')))
      expect(changed.equals(bytes)).toBe(false)
      return changed
    },
  })
  const lie = (change: (waybill: Waybill) => object) => ({
    change: (waybill: Waybill) => ({ ...waybill, ...change(waybill) }) as Waybill,
  })

  it('passes when it tells the truth', async () => {
    const ended = await sallyport(['verify', await forged({}), '--desk', crossing.high], crossing.clock)
    expect(ended.json.checks.filter((check) => check.result === 'fail')).toEqual([])
    expect(ended.code).toBe(0)
  })

  const forms: readonly (readonly [string, (text: string) => string])[] = [
    ['a duplicate key', (text) => text.replace('"channel":', '"channel":"x","channel":')],
    ['a duplicate key, escaped', (text) => text.replace('"channel":', '"\\u0063hannel":"x","channel":')],
    ['an unknown field', (text) => text.replace('"channel":', '"chanel":"x","channel":')],
    ['an unknown field inside', (text) => text.replace('"early":', '"earlx":1,"early":')],
    ['a missing field', (text) => text.replace(/"marking":"[^"]*",/, '')],
    ['a blank', (text) => text.replace('":', '": ')],
    ['a line end', (text) => `${text}\n`],
    ['a byte order mark', (text) => `\ufeff${text}`],
    ['something behind it', (text) => `${text}{}`],
    [
      'keys in another order',
      (text) => text.replace(/^\{"attachments":(\[.*?\]),/, '{').replace(/\}$/, ',"attachments":[]}'),
    ],
    ['a number written otherwise', (text) => text.replace('"epoch":1', '"epoch":1.0')],
    ['2⁵³', (text) => text.replace('"epoch":1', '"epoch":9007199254740992')],
    ['2⁵³ as a size', (text) => text.replace(/"size":\d+/, '"size":9007199254740992')],
    ['a negative number', (text) => text.replace(/"size":\d+/, '"size":-1')],
    ['-0', (text) => text.replace('"epoch":1', '"epoch":-0')],
    ['a fraction', (text) => text.replace('"epoch":1', '"epoch":1.5')],
    ['a prototype', (text) => text.replace('{"attach', '{"__proto__":{},"attach')],
    ['bytes that are no text', (text) => text.replace('"epoch":1', '"epoch":\u0000')],
    ['deep nesting', () => '['.repeat(100_000)],
    ['nothing', () => ''],
  ]
  for (const [what, change] of forms) {
    it(`form: ${what}`, () => refused('waybill.form', asText(change)))
  }

  it('a newer format is refused by name', () =>
    refused(
      'waybill.form',
      lie(() => ({ format: 'sallyport.waybill/v2' })),
      'format',
    ))

  const lies: readonly (readonly [string, (waybill: Waybill) => object])[] = [
    ['a blob twice', ({ blobs }) => ({ blobs: [...blobs, blobs.at(-1)] })],
    ['blobs out of order', ({ blobs }) => ({ blobs: [...blobs].reverse() })],
    [
      'a digest in capitals',
      ({ blobs }) => ({ blobs: blobs.map((b) => ({ ...b, digest: b.digest.toUpperCase() })) }),
    ],
    ['an attachment missing', ({ attachments }) => ({ attachments: attachments.slice(1) })],
    [
      'an attachment of one role twice',
      ({ attachments }) => ({ attachments: [...attachments, attachments[0]] }),
    ],
    [
      'an attachment that is no blob',
      ({ attachments }) => ({ attachments: attachments.map((a) => ({ ...a, digest: noDigest })) }),
    ],
    [
      'an attachment of another size',
      ({ attachments }) => ({ attachments: attachments.map((a) => ({ ...a, size: 1 })) }),
    ],
    ['another request than the attached', ({ request }) => ({ request: { ...request, digest: noDigest } })],
    ['another index', ({ index }) => ({ index: { ...index, digest: noDigest } })],
    ['an index of another size', ({ index }) => ({ index: { ...index, size: index.size + 1 } })],
    ['a sender on the high side', ({ sender }) => ({ sender: { ...sender, side: 'high' } })],
    ['a destination twice', ({ destinations }) => ({ destinations: [...destinations, ...destinations] })],
    ['no destination', () => ({ destinations: [] })],
    ['number 0', ({ destinations }) => ({ destinations: destinations.map((d) => ({ ...d, sequence: 0 })) })],
    ['two people of one id', ({ people }) => ({ people: [...people, people[0]] })],
    ['an item twice', ({ items }) => ({ items: [...items, ...items] })],
    ['no item', () => ({ items: [] })],
    ['an end before the beginning', ({ created }) => ({ expires: created })],
    ['a time with fractions', () => ({ created: '2026-11-22T09:00:00.5Z' })],
    ['a time in another zone', () => ({ created: '2026-11-22T09:00:00+01:00' })],
    ['a day that there is not', () => ({ created: '2026-02-30T09:00:00Z' })],
    ['a name that is a path', () => ({ name: 'a b' })],
    ['a name that is too long', () => ({ name: 'a'.repeat(201) })],
    ['a marking that is only blanks', () => ({ marking: ' ' })],
    ['a marking with a tag', () => ({ marking: 'OFFICIAL\u{e0041}' })],
    ['a marking with a filler', () => ({ marking: 'OFFICIAL\u3164' })],
    ['a marking with a private character', () => ({ marking: 'OFFICIAL\ue000' })],
    ['a sender whose name is only blanks', ({ sender }) => ({ sender: { ...sender, name: '\u00a0' } })],
    ['zero-width text', () => ({ marking: 'OFF\u200bICIAL' })],
    ['bidirectional text', () => ({ marking: 'OFFICIAL \u202eTERCES' })],
    ['a control character', () => ({ marking: 'OFFICIAL\u0007' })],
    ['text that is not composed', () => ({ marking: 'Cafe\u0301' })],
    ['text that is too long', () => ({ marking: 'a'.repeat(501) })],
    ['a reason with a line end', ({ request }) => ({ request: { ...request, reason: 'a\nb' } })],
    [
      '65 pieces of evidence',
      ({ items }) => ({
        items: items.map((item) => ({
          ...item,
          evidence: Array.from({ length: 65 }, () => ({
            digest: noDigest,
            size: 1,
            mediaType: 'text/plain',
            artifactType: null,
            subject: item.root.digest,
          })),
        })),
      }),
    ],
    [
      '100,001 blobs',
      () => ({
        blobs: Array.from({ length: 100_001 }, (_, i) => ({
          digest: `sha256:${i.toString(16).padStart(64, '0')}`,
          size: 0,
          state: 'omitted',
          early: false,
        })),
      }),
    ],
    ['a station key that is none', ({ sender }) => ({ sender: { ...sender, station: 'AAAA' } })],
  ]
  for (const [what, change] of lies) {
    it(`content: ${what}`, async () => {
      // The layout is made for the honest waybill: the reader must refuse long before it.
      const honest = lie(change)
      let bytes: Buffer = Buffer.alloc(0)
      const path = await forged({
        bytes: (same) => {
          const parsed = JSON.parse(same.toString('utf8')) as Waybill
          bytes = canonicalOf(honest.change(parsed))
          return bytes
        },
      })
      const said = await expectRefused(crossing, path, 3, 'waybill.form')
      expect(said.waybill).toBe(digestOf(bytes))
      expect(said.checks.filter((check) => check.result === 'fail')).toHaveLength(1)
    })
  }

  it('more than 16 MiB are not read', async () => {
    const path = await forged({ bytes: () => Buffer.alloc(16 * 1024 * 1024 + 1, ' ') })
    await expectRefused(crossing, path, 3, 'signatures.form')
  })

  describe('what the signers attested', () => {
    const claim = (change: (claim: Claim) => Claim) => ({
      claims: (honest: Claim[]) => honest.map((one) => (one.role === 'release' ? change(one) : one)),
    })
    it('another sentence', () =>
      refused(
        'waybill.attested',
        claim((one) => ({ ...one, sentence: 'I looked at nothing.' })),
        'another sentence',
      ))
    it('other figures', () =>
      refused(
        'waybill.attested',
        claim((one) => ({ ...one, more: { summary: { ...summaryOf(base), items: 2 } } })),
        'other figures',
      ))
    it('a person that the waybill does not name', () =>
      refused(
        'waybill.attested',
        claim((one) => ({ ...one, person: 'zoe' })),
        'zoe',
      ))
    it('a person whom the waybill names with another key', () =>
      refused(
        'waybill.attested',
        lie(({ people }) => ({
          people: people.map((one) => (one.id === 'carol' ? { ...one, fingerprint: 'a'.repeat(64) } : one)),
        })),
        'another key',
      ))
    it('the requester released it', () =>
      refused(
        'signers.requester',
        lie(({ request }) => ({ request: { ...request, requester: 'carol' } })),
      ))
    it('the requester, under another name but with the same key, released it', () =>
      refused(
        'signers.requester',
        lie(({ people }) => ({
          people: people.map((one) =>
            one.id === 'alice' ? { ...one, fingerprint: crossing.people.carol.fingerprint } : one,
          ),
        })),
      ))
    it('a requester that the waybill does not name', () =>
      refused(
        'signers.requester',
        lie(({ request }) => ({ request: { ...request, requester: 'zoe' } })),
      ))
    it('a field more in the predicate stops the reading', async () => {
      const path = await forged(claim((one) => ({ ...one, more: { also: 'this' } })))
      await expectRefused(crossing, path, 3, 'signatures.form')
    })
    it('another desk than the sender', () =>
      refused(
        'waybill.attested',
        claim((one) => ({ ...one, more: { desk: 'b'.repeat(64) } })),
      ))
    it('a signature over another waybill', async () => {
      const stranger = (await createKey('p256', 'x')).signer
      const path = await forged(claim((one) => ({ ...one, signer: stranger })))
      await expectRefused(crossing, path, 3, 'signatures.line')
    })
  })
})
