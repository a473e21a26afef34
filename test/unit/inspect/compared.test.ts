import { describe, expect, it } from 'vitest'
import { compared, type Side } from '../../../main/inspect/compared.ts'
import type { Doubt, ItemComponents } from '../../../shared/components.ts'
import { reasonView } from '../../../shared/reason.ts'
import { answerWords, doubtWords } from '../../../shared/text/components.ts'
import { assessed, subject } from '../../support/attacks/evidence.ts'
import type { BundlePlan } from '../../support/authority/bundle.ts'
import { said } from '../../support/item-policy.ts'

/* What the evidence of two items comes to: only what somebody known signed is compared, and what cannot be is said. */

const cyclonedx = 'https://cyclonedx.org/bom'
const cdx = (components: readonly unknown[], more: object = {}): BundlePlan =>
  said(cyclonedx, { bomFormat: 'CycloneDX', specVersion: '1.6', components, ...more })
const a = (version: string): object => ({ name: 'a', version, purl: `pkg:npm/a@${version}` })

const side = async (plans: readonly BundlePlan[], more: Partial<Side> = {}): Promise<Side> => ({
  assessed: await assessed(plans),
  gone: [],
  unread: 0,
  ...more,
})
const about = { name: 'app', kind: 'image', root: subject, destinations: [] }
const against = {
  consignment: '3fa3083b-7d3f-46ab-89d3-c38f88cab6ca',
  name: 'earlier',
  waybill: subject,
  sequence: 1,
  at: '2026-01-01T00:00:00Z',
  root: `sha256:${'b'.repeat(64)}` as const,
}
const compare = (before: Side, now: Side): ItemComponents =>
  compared(about, { against, side: before }, now, true)
const codes = (doubts: readonly Doubt[]): string[] =>
  doubts.map(({ side: where, code, count }) => `${where} ${code} ${count}`)

describe('an answer', () => {
  it('is “the same” where both were signed by somebody known and nothing is left open', async () => {
    const one = compare(await side([cdx([a('1')])]), await side([cdx([a('1')])]))
    expect({ answer: one.answer, doubts: one.doubts }).toEqual({ answer: 'same', doubts: [] })
    expect(answerWords(one)).toBe('The same packages, versions and licences')
    expect(one.documents.map(({ side: where, by, compared: is }) => `${where} ${by} ${is}`)).toEqual([
      'now alice@priv.test, vouched for by https://issuer.priv.test true',
      'before alice@priv.test, vouched for by https://issuer.priv.test true',
    ])
  })

  it('says what differs, by whom, across forms', async () => {
    const spdx = said('https://spdx.dev/Document', {
      spdxVersion: 'SPDX-2.3',
      packages: [
        { name: 'a', versionInfo: '2', externalRefs: [{ referenceLocator: 'pkg:npm/a@2' }] },
        { name: 'b', versionInfo: '1', externalRefs: [{ referenceLocator: 'pkg:npm/b@1' }] },
      ],
    })
    const one = compare(await side([cdx([a('1')])]), await side([spdx]))
    expect(one.answer).toBe('differs')
    expect(codes(one.doubts)).toEqual(['both other-documents 1'])
    expect(answerWords(one)).toBe('1 added, 1 changed; not all could be compared')
  })

  it('is “identical” where it is the very same item, whatever its documents say', async () => {
    const bare = await side([])
    const one = compared(about, { against: { ...against, root: subject }, side: bare }, bare, true)
    expect({ answer: one.answer, words: answerWords(one) }).toEqual({
      answer: 'identical',
      words: 'The very same item, byte for byte',
    })
    const [was, is] = [await side([cdx([a('1')])]), await side([cdx([a('2')])])]
    const two = compared(about, { against: { ...against, root: subject }, side: was }, is, true)
    expect(answerWords(two)).toBe('The very same item, byte for byte; its documents differ: 1 changed')
  })

  it('is “new” where there is nothing earlier, and not known where not all was looked through', async () => {
    const now = await side([cdx([a('1')])])
    expect(compared(about, null, now, true)).toMatchObject({ answer: 'new', against: null, doubts: [] })
    const one = compared(about, null, now, false)
    expect({ answer: one.answer, doubts: codes(one.doubts) }).toEqual({
      answer: 'not-known',
      doubts: ['before not-found 1'],
    })
  })
})

describe('it never says that nothing changed', () => {
  const byStranger: BundlePlan = { signer: 'key', logs: [], stamps: [] }
  it.each<[string, readonly BundlePlan[], Partial<Side>, string[]]>([
    ['without a document', [], {}, ['now no-document 1']],
    [
      'by a document that nobody known signed',
      [{ ...cdx([a('1')]), ...byStranger }],
      {},
      ['now nobody-known 1'],
    ],
    [
      'by one that is not what it says it is',
      [said(cyclonedx, { bomFormat: 'Other' })],
      {},
      ['now unreadable 1'],
    ],
    ['where evidence is gone', [], { gone: [subject] }, ['now gone 1']],
    ['where there were too many to read', [], { unread: 3 }, ['now too-many 3']],
  ])('%s', async (_name, plans, more, doubts) => {
    const one = compare(await side([cdx([a('1')])]), await side(plans, more))
    expect({ answer: one.answer, doubts: codes(one.doubts), changes: one.changes }).toEqual({
      answer: 'not-known',
      doubts,
      changes: [],
    })
    expect(answerWords(one)).toBe('Not known what changed inside')
  })

  const nameless = { name: 'b', version: '1' }
  const twice = { ...a('1'), 'bom-ref': 'x' }
  const other = { metadata: { component: { name: `sha256:${'b'.repeat(64)}` } } }
  it.each<[string, BundlePlan, string]>([
    ['with a component that names no package', cdx([a('1'), nameless]), 'now without-purl 1'],
    ['with an entry that cannot be read', cdx([a('1'), 5]), 'now entries-unread 1'],
    ['with an id that stands twice', cdx([twice, twice]), 'now repeated-ids 1'],
    ['by a document about another thing', cdx([a('1')], other), 'now about-another 1'],
  ])('%s', async (_name, plan, doubt) => {
    const one = compare(await side([cdx([a('1')])]), await side([plan]))
    expect({ answer: one.answer, doubts: codes(one.doubts) }).toEqual({
      answer: 'not-known',
      doubts: [doubt],
    })
    expect(answerWords(one)).toBe('No difference in what could be compared; not all could be')
  })

  it('with a package whose version nobody says', async () => {
    const bare = cdx([{ name: 'a', purl: 'pkg:npm/a' }])
    expect(compare(await side([bare]), await side([bare]))).toMatchObject({ answer: 'not-known', doubts: [] })
  })

  it('beside a document that nobody known signed', async () => {
    const one = compare(
      await side([cdx([a('1')])]),
      await side([cdx([a('1')]), { ...cdx([]), ...byStranger }]),
    )
    expect({ answer: one.answer, doubts: codes(one.doubts) }).toEqual({
      answer: 'not-known',
      doubts: ['now nobody-known 1'],
    })
  })

  it('by one that somebody known contradicts', async () => {
    const [held] = await assessed([cdx([a('1')])])
    if (held === undefined) throw new Error('nothing was judged')
    const bad = {
      ...held,
      bill: null,
      view: { ...held.view, result: 'bad' as const, sbom: null, proven: null },
    }
    const one = compare(await side([cdx([a('1')])]), { assessed: [bad], gone: [], unread: 0 })
    expect({ answer: one.answer, doubts: codes(one.doubts) }).toEqual({
      answer: 'not-known',
      doubts: ['now bad 1'],
    })
  })

  it('by one that is too large to be read whole', async () => {
    const [held] = await assessed([cdx([a('1')])])
    if (held === undefined) throw new Error('nothing was judged')
    const unreadable = reasonView({ code: 'statement.too-large', expected: 'less', found: 'more' })
    const large = { ...held, bill: null, view: { ...held.view, sbom: null, unreadable } }
    const now: Side = { assessed: [large], gone: [], unread: 0 }
    const one = compare(await side([cdx([a('1')])]), now)
    expect(codes(one.doubts)).toEqual(['now too-large 1'])
    expect(one.doubts.map(doubtWords)).toEqual(['Now: 1 bill of materials too large to compare'])
  })
})

describe('what is no bill of materials', () => {
  it('is neither compared nor missed', async () => {
    const signature = said('https://sigstore.dev/cosign/sign/v1', {})
    const one = compare(await side([cdx([a('1')]), signature]), await side([signature, cdx([a('1')])]))
    expect({ answer: one.answer, documents: one.documents.length }).toEqual({ answer: 'same', documents: 2 })
  })
})
