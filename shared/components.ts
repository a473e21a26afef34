import { z } from 'zod'
import { zDigest, zTime, zUuid } from './schema.ts'

/** What can be said of one package: the worst first. */
export const changeKinds = ['bytes', 'added', 'changed', 'removed', 'licences', 'unsaid'] as const
export type ChangeKind = (typeof changeKinds)[number]

/** Why a comparison does not say everything; each is said with its side and how often. */
export const doubtCodes = [
  'no-document',
  'nobody-known',
  'bad',
  'too-large',
  'unreadable',
  'gone',
  'not-found',
  'about-another',
  'repeated-ids',
  'entries-unread',
  'without-purl',
  'other-documents',
  'too-many',
] as const
export type DoubtCode = (typeof doubtCodes)[number]

const zDoubt = z.strictObject({
  side: z.enum(['before', 'now', 'both']),
  code: z.enum(doubtCodes),
  count: z.number(),
  /** Some of what it is about, cleaned. */
  about: z.array(z.string()),
})
export type Doubt = z.infer<typeof zDoubt>

/** One package. Before and now: versions, licences or hashes; none where nothing is said. */
const zChange = z.strictObject({
  kind: z.enum(changeKinds),
  /** Package URL without its version. */
  purl: z.string(),
  before: z.array(z.string()),
  now: z.array(z.string()),
})
export type Change = z.infer<typeof zChange>

const zDocument = z.strictObject({
  side: z.enum(['before', 'now']),
  blob: z.string(),
  /** `null` where it was not read. */
  format: z.string().nullable(),
  components: z.number(),
  /** Who signed it; `null` where nobody known did. */
  by: z.string().nullable(),
  /** Whether it was compared; if not, a doubt says why. */
  compared: z.boolean(),
})

/** What an item is compared with: the last of its name that was released to the same desks, or accepted here. */
const zAgainst = z.strictObject({
  consignment: zUuid,
  name: z.string(),
  waybill: zDigest,
  sequence: z.number().nullable(),
  at: zTime,
  root: zDigest,
})
export type Against = z.infer<typeof zAgainst>

/** What the bills of materials of one item say of what changed inside. */
export const zItemComponents = z.strictObject({
  name: z.string(),
  kind: z.string(),
  root: zDigest,
  /** Ids of the destinations that it is said for; empty on the high side. */
  destinations: z.array(z.string()),
  against: zAgainst.nullable(),
  /**
   * `identical`: the very same digest; `same` only where everything could be compared; `new` where there is nothing
   * earlier.
   */
  answer: z.enum(['new', 'identical', 'same', 'differs', 'not-known']),
  counts: z.record(z.enum(changeKinds), z.number()),
  changes: z.array(zChange),
  /** Changes that were counted and are not listed. */
  left: z.number(),
  doubts: z.array(zDoubt),
  documents: z.array(zDocument),
})
export type ItemComponents = z.infer<typeof zItemComponents>
