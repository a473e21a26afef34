import { transferIdOf, type Digest } from '../../shared/digest.ts'
import { driveLine, outWords } from '../../shared/text/drives.ts'
import { answerWords, changeWords, doubtWords } from '../../shared/text/components.ts'
import { mediumName } from '../../shared/text/medium-name.ts'
import { cell } from '../platform/csv-cell.ts'
import { answerOf } from './answer.ts'
import type { CrossingRecord } from './record.ts'

const columns = [
  'row',
  'record',
  'transfer',
  'time',
  'name',
  'role',
  'state',
  'subject',
  'reference',
  'digest',
  'bytes',
  'expected',
  'found',
  'detail',
] as const
type Column = (typeof columns)[number]
type Line = Readonly<Partial<Record<Column, string | number | null>>> & {
  readonly row:
    | 'crossing'
    | 'item'
    | 'evidence'
    | 'inside'
    | 'check'
    | 'person'
    | 'medium'
    | 'handed'
    | 'arrived'
    | 'export'
    | 'sealed'
    | 'unfinished'
}

function crossing(record: CrossingRecord): Line {
  const { consignment, waybill, content } = record
  return {
    row: 'crossing',
    time: record.asOf,
    name: consignment.name,
    role: record.desk.side,
    state: consignment.state,
    subject: `${waybill.sender.name} → ${record.desk.name}`,
    reference: `${waybill.channel} ${waybill.epoch}.${waybill.destinations.map((one) => one.sequence).join('/')}`,
    digest: waybill.digest,
    bytes: content.bytes,
    found: answerOf(record),
    detail: waybill.request.reason,
  }
}

function itemLines(record: CrossingRecord): Line[] {
  return record.items.flatMap((item): Line[] => [
    {
      row: 'item',
      name: item.name,
      role: item.kind,
      reference: item.reference,
      digest: item.root.digest,
      bytes: item.root.size,
      detail: item.findings.map((finding) => finding.detail).join('; '),
    },
    ...item.evidence.map((one): Line => ({
      row: 'evidence',
      name: item.name,
      role: one.artifactType ?? one.mediaType,
      subject: one.subject,
      digest: one.digest,
      bytes: one.size,
    })),
  ])
}

function checkLines({ verdict }: CrossingRecord): Line[] {
  return (verdict?.checks ?? []).map((check) => ({
    row: 'check',
    time: verdict?.at ?? null,
    name: check.id,
    state: check.result,
    subject: check.subject,
    expected: check.expected,
    found: check.found,
    detail: check.means,
  }))
}

/** What changed inside items: what it comes to, what is not known, each package. */
function insideLines({ components }: CrossingRecord): Line[] {
  return components.flatMap((item): Line[] => {
    const about = { row: 'inside', name: item.name, digest: item.root } as const
    const since = item.against === null ? null : `since ${item.against.waybill}`
    return [
      { ...about, state: item.answer, reference: since, detail: answerWords(item) },
      ...item.doubts.map((doubt): Line => ({ ...about, state: 'not known', detail: doubtWords(doubt) })),
      ...item.changes.map(({ kind, purl, before, now }): Line => ({
        ...about,
        state: changeWords[kind],
        subject: purl,
        expected: before.join(' '),
        found: now.join(' '),
      })),
    ]
  })
}

function personLines({ signatures, decision }: CrossingRecord): Line[] {
  return [
    ...signatures.map((one): Line => ({
      row: 'person',
      time: one.at,
      name: `${one.name} (${one.person})`,
      role: one.role,
      state: 'signed',
      digest: `sha256:${one.fingerprint}`,
      detail: one.sentence,
    })),
    ...decision.halves.map((half): Line => ({
      row: 'person',
      time: half.at,
      name: `${half.name} (${half.person})`,
      role: half.roles.join(', '),
      state: half.outcome,
      digest: `sha256:${half.fingerprint}`,
      detail: half.reason,
    })),
  ]
}

function mediumLines({ media, exports, landings = [], unfinished = [] }: CrossingRecord): Line[] {
  return [
    ...media.flatMap((one) =>
      one.parts.map((part): Line => ({
        row: 'medium',
        time: one.at,
        name: mediumName(one),
        state: one.readBack ?? 'not read back',
        subject: one.record,
        reference: `${one.folder}/${part.name}`,
        digest: part.digest,
        bytes: part.size,
        detail: [driveLine(one.drive), one.readBack === null ? null : outWords[one.out ?? 'not-shown']]
          .filter((said) => said !== null)
          .join('; '),
      })),
    ),
    ...exports.flatMap((one) =>
      one.written.map((entry): Line => ({
        row: 'export',
        time: one.at,
        name: one.target,
        state: one.seals ?? null,
        reference: entry.reference,
        digest: entry.digest,
      })),
    ),
    ...landings.map((one): Line => ({
      row: 'sealed',
      time: one.at,
      name: one.target,
      role: one.by,
      subject: one.keys.join(' '),
      detail: `${one.count} manifests`,
    })),
    ...unfinished.map((one): Line => ({
      row: 'unfinished',
      time: one.at,
      name: one.target,
      state: one.code,
      detail: one.missing.join('; '),
    })),
  ]
}

function custodyLines({ custody }: CrossingRecord): Line[] {
  return [
    ...custody.handed.flatMap((one) =>
      one.media.map((medium): Line => ({
        row: 'handed',
        time: one.at,
        name: medium.label ?? `copy ${medium.copy}`,
        subject: `${one.from} → ${one.to}`,
        reference: medium.seal,
        expected: one.expected,
        detail: [one.place, one.purpose].filter((said) => said !== null).join('; '),
      })),
    ),
    ...custody.arrivals.map((one): Line => ({
      row: 'arrived',
      time: one.at,
      name: one.label,
      state: one.fits ? 'fits' : 'DIFFERS',
      subject: one.from,
      expected: one.seal.sheet,
      found: `${one.seal.bag}${one.seal.whole ? '' : ', NOT WHOLE'}`,
      detail: one.by,
    })),
  ]
}

/** The report as one table for a log book: a head, then rows of ten types, each with the digest of the record. */
export function reportTable(record: CrossingRecord, digest: Digest): string {
  const all = [
    crossing(record),
    ...itemLines(record),
    ...insideLines(record),
    ...checkLines(record),
    ...personLines(record),
    ...mediumLines(record),
    ...custodyLines(record),
  ]
  const rows = all.map((line) => {
    const whole: Line = { ...line, record: digest, transfer: transferIdOf(record.waybill.digest) }
    return columns.map((column) => cell(whole[column])).join(',')
  })
  return [columns.map(cell).join(','), ...rows].map((row) => `${row}\r\n`).join('')
}
