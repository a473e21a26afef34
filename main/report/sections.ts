import { driveLine, outWords } from '../../shared/text/drives.ts'
import { notAskedWords } from '../../shared/text/checks.ts'
import type { Rendered } from '../../shared/rendered.ts'
import { renderedSentence } from '../../shared/rules/rendered.ts'
import { worstFirst } from '../../shared/rules/worst-first.ts'
import { lookedIntoSentences } from '../../shared/rules/looked-into.ts'
import { mediumName } from '../../shared/text/medium-name.ts'
import { sign } from './answer.ts'
import { code, facts, html, id, lines, named, plural, table, unbroken, type Html } from './html.ts'
import type { CrossingRecord } from './record.ts'

/** What the low side found in an item that travels bit for bit; nothing for all others. */
function insideOf(record: CrossingRecord, reference: string): Html[] {
  const looked = record.archives.find((one) => one.reference === reference)
  if (looked === undefined) return []
  const sentences = lookedIntoSentences(looked).join(' ')
  return [
    html`<b>Inside, as its signers were told</b> ${sentences}`,
    ...looked.items.map(({ kind, name, digest }) => html`${named(kind, digest)} ${name ?? 'without a name'}`),
  ]
}

/** Whom the low side asked; nothing where that was not told. */
const renderedLines = (rendered: readonly Rendered[]): Html[] =>
  rendered.map((one) => html`<p>${renderedSentence(one)}</p>`)

const hostLines = (hosts: readonly string[]): Html[] =>
  hosts.length === 0
    ? []
    : [html`<p>Asked for it on the low side, as its signers were told: ${hosts.join(', ')}.</p>`]

/** What was carried: each item with its digest and its evidence. */
export function items(record: CrossingRecord): Html {
  const rows = record.items.map((item) => ({
    cells: [
      item.kind,
      code(item.reference),
      item.platforms.length === 0 ? '–' : item.platforms.join(', '),
      item.findings.length === 0 ? 'none' : item.findings.map((finding) => finding.detail).join('; '),
    ],
    under: [
      html`${named('Digest', item.root.digest)} ${item.root.mediaType}, ${item.root.size} bytes`,
      ...insideOf(record, item.reference),
      ...item.evidence.map(
        (one) => html`${named('Evidence', one.digest)} ${one.mediaType}, ${one.size} bytes`,
      ),
    ],
  }))
  const { carried, bytes, omitted } = record.content
  return html`<h2>Items</h2>
    <p>
      ${plural(record.items.length, 'item')}, ${plural(carried, 'blob')} carried (${bytes} bytes), ${omitted}
      left out. References are stated by the signers; the digest is what was carried.
    </p>
    ${hostLines(record.hosts)} ${renderedLines(record.rendered)}
    ${table(['Kind', 'Reference', 'Platforms', 'Findings'], rows)}`
}

const results = { proven: 'proven', bad: 'BAD', unknown: 'NOT CHECKED' } as const

/** Who signed what, which build, which bill of materials: as this desk judged it, by its own trust. */
export function evidence(record: CrossingRecord): Html {
  const { evidence: judged } = record
  if (judged === null)
    return html`<h2>Evidence</h2>
      <p>No evidence was judged at this desk.</p>`
  const rows = judged.items.flatMap((item) =>
    item.pieces.length === 0
      ? [{ cells: [code(item.name), 'no evidence', '–', '–'] }]
      : item.pieces.map((piece) => ({
          cells: [
            code(item.name),
            results[piece.result],
            piece.kind === 'signature' ? 'signature' : (piece.type ?? 'statement of unknown kind'),
            piece.signer ?? (piece.reason === null ? '–' : id(piece.reason)),
          ],
          under: [
            named('Blob', piece.blob),
            named('About', piece.subject),
            ...piece.times.map((time) => named('Signed', time)),
            ...(piece.build === null ? [] : [named('Built', piece.build)]),
            ...(piece.sbom === null ? [] : [named('Materials', piece.sbom)]),
            ...(piece.says === undefined ? [] : [named('Says', piece.says)]),
            ...piece.notChecked.map((sentence) => html`<b>Not checked</b> ${sentence}`),
          ],
        })),
  )
  return html`<h2>Evidence</h2>
    <p>
      Judged by the trusted roots and the policy of this desk. Lists of evidence are not signed by anybody:
      what is not listed may still exist. An attestation is no signature.
    </p>
    ${table(['Item', 'State', 'What', 'Signed by'], rows)}`
}

/** Every check that was made, worst first, and those that were not asked for. */
export function checks({ verdict }: Pick<CrossingRecord, 'verdict'>): Html {
  if (verdict === null)
    return html`<h2>Checks</h2>
      <p>This desk makes no verdict on what it sends.</p>`
  const sorted = worstFirst(verdict.checks)
  const rows = sorted.map((check) => ({
    cells: [sign(check.result), [id(check.id), ` ${check.subject}`], check.means],
    under: [
      named('Expected', check.expected),
      named('Found', check.found),
      ...(check.result === 'pass' ? [] : [html`<b>Do next</b> ${check.next}`]),
    ],
  }))
  const skipped = verdict.notAsked.map((one) => ({
    cells: [id(one.id), notAskedWords[one.reason] ?? one.reason],
  }))
  return html`<h2>Checks</h2>
    <p>Verdict: <b>${verdict.outcome}</b>, made ${verdict.at} on a ${verdict.scope}.</p>
    <p>${code(verdict.digest)}</p>
    ${table(['State', 'Check and subject', 'Means'], rows)}
    <h2>Not asked</h2>
    ${table(['Check', 'Why'], skipped)}`
}

/** What a read-back came to, and how far the medium is known to have been out before it. */
export function readBackLine({
  readBack,
  out,
}: Pick<CrossingRecord['media'][number], 'readBack' | 'out'>): string {
  return readBack === null ? 'not read back' : `${readBack}; ${outWords[out ?? 'not-shown']}`
}

/** Of a bundle on several media: which were read, and when. */
function mediaRead({ read }: CrossingRecord): { readonly cells: (string | Html)[] }[] {
  return read.map((one) => ({
    cells: [mediumName(one), unbroken(one.at), driveLine(one.drive) ?? 'not known'],
  }))
}

/** The media that were written, with their parts. */
export function media(record: CrossingRecord): Html {
  const written = record.media.map((one) => ({
    cells: [mediumName(one), unbroken(one.at), one.folder, readBackLine(one)],
    under: [
      html`<b>Drive</b> ${driveLine(one.drive) ?? 'not known'}`,
      named('Record of the medium', one.record),
      ...one.parts.map((part) => html`${named(part.name, part.digest)} ${part.size} bytes`),
    ],
  }))
  const scope = record.verdict?.scope
  return html`<h2>Media and custody</h2>
    ${
      scope === undefined
        ? table(['Copy', 'Written (UTC)', 'Folder', 'Read back'], written)
        : html`<p>
            Read here from a ${scope}, on ${driveLine(record.drive) ?? 'a drive that is not known'}. Who
            carried it is on the custody sheet that came with it.
          </p>`
    }
    ${record.read.length === 0 ? '' : table(['Medium', 'Read (UTC)', 'Drive'], mediaRead(record))}`
}

/** Who signed with which key, and who works at this desk. */
export function people(record: CrossingRecord): Html {
  const signatures = record.signatures.map((one) => ({
    cells: [one.role, `${one.name} (${one.person})`, unbroken(one.at), `“${one.sentence}”`],
    under: [named('Key', one.fingerprint)],
  }))
  const halves = record.decision.halves.map((half) => ({
    cells: [
      `${half.name} (${half.person})`,
      half.roles.join(', '),
      half.outcome,
      half.reason,
      unbroken(half.at),
    ],
    under: [named('Key', half.fingerprint)],
  }))
  const here = record.people.map((one) => ({
    cells: [`${one.name} (${one.id})`, one.roles.join(', ')],
    under: [named('Key', one.fingerprint)],
  }))
  const revoked = record.revoked.map((one) => ({
    cells: [one.name, `was revoked ${one.at}`, one.reason],
    under: [named('Key', one.fingerprint)],
  }))
  const acts = record.officers.map((one) => ({
    cells: [unbroken(one.at), one.by.length === 0 ? 'nobody: the desk was founding' : one.by.join(', ')],
    under: [html`${one.sentence}.`],
  }))
  const officers =
    acts.length === 0
      ? html``
      : html`<p><b>Officers about this stream</b></p>
          ${table(['Time (UTC)', 'Officers'], acts)}`
  const { request } = record.waybill
  return html`<h2>People and keys</h2>
    ${facts([
      ['Requester', `${request.requesterName} (${request.requester}): named, not proven`],
      ['Reason', request.reason],
      ['Request', code(request.digest)],
    ])}
    <p>A key is told by the SHA-256 of its public half (SPKI, DER). Times are as claimed by who signed.</p>
    <p><b>Signed the waybill</b></p>
    ${table(['Role', 'Person', 'Time (UTC)', 'Attested'], signatures)}
    <p><b>Revoked since</b></p>
    ${table(['Person', 'Revoked (UTC)', 'Reason'], revoked)}
    <p><b>Signed a decision</b></p>
    ${table(['Person', 'Roles', 'Outcome', 'Reason', 'Time (UTC)'], halves)} ${officers}
    <p><b>Work at this desk</b></p>
    ${table(['Person', 'Roles'], here)}`
}

/** The rules that were in force when this was made. */
export function ground(record: CrossingRecord): Html {
  const signers = record.trust.signers.map((one) => ({
    cells: [one.name, one.roles.join(', '), one.channels === null ? 'any' : one.channels.join(', ')],
    under: [
      named('Key', one.fingerprint),
      ...(one.senders === null
        ? [html`<b>Senders</b> any`]
        : one.senders.map((sender) => named('Sender', sender))),
    ],
  }))
  return html`<h2>Policy and trust in force</h2>
    ${facts([
      ['Policy', `version ${record.policy.version}`],
      ['', code(record.policy.digest)],
      ['Trust', code(record.trust.digest)],
      ['Sender’s policy', code(record.waybill.policy)],
      ['Sender’s trust', code(record.waybill.trust)],
    ])}
    <pre>${lines(record.policy.source)}</pre>
    ${table(['Trusted signer', 'Roles', 'Channels'], signers)}`
}

/** What this record is of: the desk, its software, its ledger's head, the waybill's place in its stream. */
export function origin(record: CrossingRecord, digest: string): Html {
  const { desk, waybill, ledger } = record
  const numbers = waybill.destinations.map((one) => one.sequence).join(', ')
  return html`<h2>This record</h2>
    ${facts([
      ['Record', code(digest)],
      ['As of', `${record.asOf} (${record.clock})`],
      ['Desk', `${desk.name}, ${desk.side}`],
      ['', code(desk.id)],
      ['Station’s key', code(desk.station)],
      ['Seal', desk.seal === null ? 'none: this desk is still being founded' : code(desk.seal)],
      ['Sender', waybill.sender.name],
      ['', code(waybill.sender.id)],
      ['Channel', `${waybill.channel}, epoch ${waybill.epoch}, number ${numbers}`],
      ['Made', `${waybill.created}, expires ${waybill.expires}`],
      ['Ledger', `${plural(ledger.size, 'event')}, root`],
      ['', code(ledger.root)],
      ['Software', `${record.verifier.name} ${record.verifier.version}`],
    ])}
    <p>Head of the ledger, signed by the station:</p>
    <pre>${lines(ledger.checkpoint)}</pre>`
}
