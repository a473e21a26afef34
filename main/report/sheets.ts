import { transferIdOf, type Digest } from '../../shared/digest.ts'
import { driveLine, outWords } from '../../shared/text/drives.ts'
import { mediumName } from '../../shared/text/medium-name.ts'
import { documentOf } from './document.ts'
import {
  code,
  facts,
  html,
  inkRows,
  named,
  nothing,
  plural,
  spoken,
  table,
  unbroken,
  type Html,
  type Row,
} from './html.ts'
import type { CrossingRecord } from './record.ts'

/** The copies that may leave: read back, and exactly what was written. */
export function leaving(record: CrossingRecord): CrossingRecord['media'] {
  return record.media.filter((one) => one.readBack === 'passed')
}

/** What is written on a medium: which one it is, of how many. */
function labelName(one: CrossingRecord['media'][number], copies: number): string {
  return one.of === 1 ? `Copy ${one.copy} of ${copies}` : mediumName(one)
}

/** Which drive it is, where that is known. */
function driveRow(drive: CrossingRecord['media'][number]['drive']): [string, string][] {
  const line = driveLine(drive)
  return line === null ? [] : [['Drive', line]]
}

type Medium = CrossingRecord['media'][number]

/** What the register and the last hand-over say of a medium: its label, and the number of its seal. */
function knownOf({ custody }: CrossingRecord, { run, drive }: Medium) {
  const handed = custody.handed
    .flatMap(({ media }) => media)
    .filter((one) => one.run === run)
    .at(-1)
  const byDrive = custody.register.find(({ serial }) => serial !== null && serial === drive?.serial)
  return { label: handed?.label ?? byDrive?.label ?? null, seal: handed?.seal ?? null }
}

function labelRow(record: CrossingRecord, one: Medium): [string, string][] {
  const { label } = knownOf(record, one)
  return label === null ? [] : [['Medium', label]]
}

/** Labels for the media of a consignment, one a copy: whose they are and how to compare them, nothing of what is on them. */
export function labelSheet(record: CrossingRecord): string {
  const { media, waybill, marking, ledger } = record
  const labels = leaving(record).map(
    (one) =>
      html`<section class="box">
        <p class="marking">${marking}</p>
        <p class="number">${labelName(one, media.length)}</p>
        ${facts([
          ...labelRow(record, one),
          ['Written', `${one.at} (UTC)`],
          ...driveRow(one.drive),
          ['Transfer id', code(transferIdOf(waybill.digest))],
          [`Ledger, ${plural(ledger.size, 'event')}`, code(ledger.root)],
        ])}
        ${spoken(waybill.words)}
        <p>Seal ${knownOf(record, one).seal ?? '____________________'}</p>
      </section>`,
  )
  return documentOf(`Labels of transfer ${transferIdOf(waybill.digest)}`, marking, html`${labels}`)
}

function mediaTable(record: CrossingRecord): Html {
  const { media } = record
  const rows = leaving(record).map((one) => ({
    cells: [
      labelName(one, media.length),
      unbroken(one.at),
      one.drive?.serial ?? nothing,
      knownOf(record, one).seal ?? nothing,
    ],
    under: [
      ...labelRow(record, one).map(([, label]) => html`<b>Medium</b> ${label}`),
      ...driveRow(one.drive).map(([, line]) => html`<b>Drive</b> ${line}`),
      html`<b>Read back</b> ${outWords[one.out ?? 'not-shown']}`,
      named('Record of the medium', one.record),
      ...one.parts.map((part) => html`${named(part.name, part.digest)} ${part.size} bytes`),
    ],
  }))
  return table(['Medium', 'Written (UTC)', 'Serial of the medium', 'Number of the seal'], rows)
}

/** Where media go: a bundle to the desks that it is for; accepted content to wherever its people write down. */
function whereTo({ desk, waybill }: CrossingRecord): (readonly [string, Html])[] {
  if (desk.side === 'high') return [['To', html`______________________________`]]
  return waybill.destinations.map((one) => [`To, number ${one.sequence}`, code(one.desk)] as const)
}

/** When the last of them should be there, where somebody said so. */
function dueRow({ custody }: CrossingRecord): (readonly [string, string])[] {
  const expected = custody.handed.at(-1)?.expected ?? null
  return expected === null ? [] : [['Expected by', expected]]
}

/** Hand-overs that the ledger has, then rows for ink: whoever is named there still signs. */
function handOverRows({ custody }: CrossingRecord, columns: number): Row[] {
  const known = custody.handed.map(({ at, from, to }) => ({ cells: [from, to, unbroken(at), nothing] }))
  return [...known, ...inkRows(columns, Math.max(3, 6 - known.length))]
}

function statements(): Html {
  return html`<h2>What each person signs for</h2>
    <p>
      <b>Released by:</b> I handed over the media listed here, in the bag with the seal listed here, and kept
      none of them.
    </p>
    <p>
      <b>Received by:</b> I received the media listed here. I compared the number of the seal with this sheet,
      and marked whether it was whole. If it was not, I stopped and called the security officer.
    </p>`
}

/** The sheet that goes along with the media: what they are, and rows in which each hand-over is signed in ink. */
export function custodySheet(record: CrossingRecord, digest: Digest): string {
  const { waybill, desk, ledger } = record
  const heads = [
    'Released by: name, signature',
    'Received by: name, signature',
    'Date, time (UTC)',
    'Seal whole?',
  ]
  const main = html`<h1>
      ${plural(leaving(record).length, 'medium', 'media')} of transfer ${transferIdOf(waybill.digest)}
    </h1>
    <div class="answer">
      ${facts([
        ['From', desk.name],
        ['', code(desk.id)],
        ...whereTo(record),
        ...dueRow(record),
        ['Waybill', code(waybill.digest)],
        ['Record', code(digest)],
        [`Ledger, ${plural(ledger.size, 'event')}`, code(ledger.root)],
      ])}
      ${spoken(waybill.words)}
    </div>
    <h2>Media</h2>
    <p>Each was read back and held exactly what was written. A copy that is not listed may not leave.</p>
    ${mediaTable(record)} ${statements()}
    <h2>Hand-overs</h2>
    ${table(heads, handOverRows(record, heads.length), 'ink')}`
  return documentOf(`Custody sheet of transfer ${transferIdOf(waybill.digest)}`, record.marking, main)
}
