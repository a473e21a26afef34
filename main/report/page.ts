import type { Digest } from '../../shared/digest.ts'
import { notAskedWords } from '../../shared/text/checks.ts'
import type { Check } from '../../shared/verdict.ts'
import { code, facts, html, lines, table, type Html } from './html.ts'
import type { CrossingRecord } from './record.ts'
import { reportStyle } from './style.ts'

const signs: Readonly<Record<Check['result'], string>> = {
  pass: '✓ Passed',
  fail: '✕ Failed',
  warn: '! Attention',
  'not-checked': '? Not checked',
}
const worst: readonly Check['result'][] = ['fail', 'not-checked', 'warn', 'pass']

const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`

/** The answer of the record in one sentence. */
export function answerOf(record: CrossingRecord): string {
  const { verdict, decision, consignment } = record
  const decided = { accept: 'Accepted', reject: 'Rejected', hold: 'Held' }
  if (decision.outcome !== null) {
    const people = decision.halves.filter((half) => half.outcome === decision.outcome).slice(-2)
    return `${decided[decision.outcome]} by ${people.map((half) => half.name).join(' and ')}.`
  }
  if (verdict === null) return `This consignment is ${consignment.state}.`
  const { fail, notChecked } = verdict.counts
  if (verdict.outcome === 'passed')
    return 'Every check that was asked for has passed. Nobody has decided yet.'
  return `Do not accept: ${count(fail, 'check')} failed, ${notChecked} could not be run.`
}

function proven(record: CrossingRecord): string {
  const { verdict, signatures } = record
  const names = signatures.map((signature) => signature.name).join(' and ')
  if (verdict === null) return names === '' ? 'Nobody has signed yet.' : `Signed by ${names}.`
  const bytes = verdict.checks.filter((check) => check.id === 'content.blob')
  const whole = bytes.length > 0 && bytes.every((check) => check.result === 'pass')
  return whole
    ? `The bytes are exactly what ${names} signed.`
    : 'It was not proven that the bytes are what was signed.'
}

function decisionRows(record: CrossingRecord): Html {
  const rows = record.decision.halves.map((half) => [
    `${half.name} (${half.person})`,
    half.roles.join(', '),
    half.outcome,
    half.reason,
    half.at,
  ])
  return table(['Person', 'Roles', 'Outcome', 'Reason', 'Signed (UTC)'], rows)
}

function summary(record: CrossingRecord): Html {
  const { waybill, verdict, consignment } = record
  const counts = verdict?.counts
  const { carried, bytes } = record.content
  return facts([
    ['Consignment', `${waybill.sender.name} → ${record.desk.name}: ${consignment.name}`],
    ['Consignment id', code(consignment.id)],
    ['Waybill', code(waybill.digest)],
    [
      'In words',
      html`<span class="words">${waybill.words.map((word) => html`<span>${word}</span> `)}</span>`,
    ],
    ['Items', `${count(record.items.length, 'item')}, ${count(carried, 'blob')}, ${bytes} bytes`],
    [
      'Checks',
      counts === undefined
        ? 'none at this desk'
        : `${counts.fail} failed, ${counts.notChecked} not checked, ${counts.warn} attention, ${counts.pass} passed`,
    ],
  ])
}

const founding = html`<p>
  <strong>! Attention (desk.founding):</strong> this desk is still being founded. People, trust and policy can
  be changed by one person without a key.
</p>`

const inkRow = html`<tr>
  <td></td>
  <td></td>
  <td></td>
  <td></td>
</tr>`

function first(record: CrossingRecord): Html {
  return html`<section class="first">
    <h1>${answerOf(record)}</h1>
    <p>${proven(record)}</p>
    <div class="answer">${summary(record)}</div>
    ${record.desk.founding ? founding : html``}
    <h2>Decision</h2>
    ${decisionRows(record)}
    <h2>Signed by hand</h2>
    <table class="ink">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Role</th>
          <th scope="col">Signature</th>
          <th scope="col">Date</th>
        </tr>
      </thead>
      <tbody>
        ${inkRow}${inkRow}
      </tbody>
    </table>
  </section>`
}

function checks(record: CrossingRecord): Html {
  const { verdict } = record
  if (verdict === null)
    return html`<h2>Checks</h2>
      <p>This desk makes no verdict on what it sends.</p>`
  const sorted = worst.flatMap((result) => verdict.checks.filter((check) => check.result === result))
  const rows = sorted.map((check) => [
    signs[check.result],
    [code(check.id), html`<br />${check.subject}`],
    [
      html`<strong>Expected</strong> `,
      code(check.expected),
      html`<br /><strong>Found</strong> `,
      code(check.found),
    ],
    [html`${check.means}`, html`<br /><em>${check.result === 'pass' ? '' : check.next}</em>`],
  ])
  const skipped = verdict.notAsked.map((one) => [code(one.id), notAskedWords[one.reason] ?? one.reason])
  return html`<h2>Checks</h2>
    <p>
      Verdict ${code(verdict.digest)}, made ${verdict.at} on a ${verdict.scope}:
      <strong>${verdict.outcome}</strong>.
    </p>
    ${table(['State', 'Check and subject', 'Expected and found', 'Means, do next'], rows)}
    <h2>Not asked</h2>
    ${table(['Check', 'Why'], skipped)}`
}

function items(record: CrossingRecord): Html {
  const rows = record.items.map((item) => [
    item.kind,
    [code(item.reference), html`<br />${item.platforms.join(', ')}`],
    code(item.root.digest),
    item.root.size,
    `${count(item.evidence.length, 'piece')} of evidence`,
    item.findings.length === 0 ? 'none' : item.findings.map((finding) => finding.detail).join('; '),
  ])
  return html`<h2>Items</h2>
    <p>References are stated by the signers; the digest is what was carried.</p>
    ${table(['Kind', 'Reference', 'Digest', 'Bytes', 'Evidence carried', 'Findings'], rows)}`
}

function people(record: CrossingRecord): Html {
  const signatures = record.signatures.map((one) => [
    one.role,
    `${one.name} (${one.person})`,
    code(one.fingerprint),
    one.at,
    `“${one.sentence}”`,
  ])
  const here = record.people.map((one) => [
    `${one.name} (${one.id})`,
    one.roles.join(', '),
    code(one.fingerprint),
  ])
  const { request } = record.waybill
  return html`<h2>People and keys</h2>
    ${facts([
      ['Requester', `${request.requesterName} (${request.requester}): named, not proven`],
      ['Reason', request.reason],
      ['Request', code(request.digest)],
    ])}
    ${table(['Role', 'Signed the waybill', 'Key (SHA-256 of SPKI)', 'Time as claimed', 'Attested'], signatures)}
    <p>People of this desk:</p>
    ${table(['Person', 'Roles', 'Key (SHA-256 of SPKI)'], here)}`
}

function media(record: CrossingRecord): Html {
  const written = record.media.flatMap((one) =>
    one.parts.map((part) => [
      one.at,
      one.folder,
      one.copy,
      part.name,
      part.size,
      code(part.digest),
      one.readBack ?? 'not read back',
    ]),
  )
  const exported = record.exports.flatMap((one) =>
    one.written.map((entry) => [one.at, code(one.target), code(entry.reference), code(entry.digest)]),
  )
  return html`<h2>Media</h2>
    ${table(['Written (UTC)', 'Folder', 'Copy', 'Part', 'Bytes', 'Digest', 'Read back'], written)}
    <h2>Exports</h2>
    ${table(['Exported (UTC)', 'Target', 'Reference', 'Digest, compared afterwards'], exported)}`
}

function ground(record: CrossingRecord): Html {
  const signers = record.trust.signers.map((one) => [
    one.name,
    one.roles.join(', '),
    one.senders === null ? 'any' : one.senders.map(code),
    one.channels === null ? 'any' : one.channels.join(', '),
    code(one.fingerprint),
  ])
  return html`<h2>Policy and trust in force</h2>
    ${facts([
      ['Policy', [html`version ${record.policy.version}, `, code(record.policy.digest)]],
      ['Trust', code(record.trust.digest)],
      ['Policy of the sender', code(record.waybill.policy)],
      ['Trust of the sender', code(record.waybill.trust)],
    ])}
    <pre>${lines(record.policy.source)}</pre>
    ${table(['Trusted signer', 'Roles', 'Senders', 'Channels', 'Key (SHA-256 of SPKI)'], signers)}`
}

function recompute(record: CrossingRecord): Html {
  return html`<h2>How to recompute this</h2>
    <p>
      The signed record is the JSON report. Its predicate in canonical form (RFC 8785) has the digest at the
      foot of each page:
    </p>
    <pre>
jq -r .dsseEnvelope.payload report.json | base64 -d > statement.json
jq -cS .predicate statement.json | tr -d '\\n' | sha256sum
jq '.predicate.verdict.checks | group_by(.result) | map({(.[0].result): length}) | add' statement.json
sha256sum waybill.json        # ${record.waybill.digest}</pre>
    <p>Signature of the station ${code(record.desk.station)}:</p>
    <pre>
jq -r '.dsseEnvelope.signatures[0].sig' report.json | base64 -d > statement.sig
{ printf 'DSSEv1 28 application/vnd.in-toto+json %d ' "$(wc -c < statement.json)"; cat statement.json; } > statement.pae
openssl dgst -sha256 -verify station.pub -signature statement.sig statement.pae</pre>
    <p>Head of the ledger when this was made:</p>
    <pre>${lines(record.ledger.checkpoint)}</pre>`
}

/** The report as a page: a pure function of the record and its digest. No script, no link, nothing from outside. */
export function reportPage(record: CrossingRecord, digest: Digest): string {
  const { desk, waybill } = record
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>Report on ${record.consignment.name}</title>
        <style>
          ${{ html: reportStyle }}
        </style>
      </head>
      <body>
        <p class="marking">${record.marking}</p>
        <main>
          ${first(record)} ${checks(record)} ${items(record)} ${people(record)} ${media(record)}
          ${ground(record)}
          <h2>This record</h2>
          ${facts([
            ['Record (SHA-256)', code(digest)],
            ['As of', `${record.asOf} (${record.clock})`],
            ['Desk', [html`${desk.name}, ${desk.side}, `, code(desk.id)]],
            ['Station', code(desk.station)],
            ['Sender', [html`${waybill.sender.name}, `, code(waybill.sender.id)]],
            [
              'Channel',
              `${waybill.channel}, epoch ${waybill.epoch}, number ${waybill.destinations.map((one) => one.sequence).join(', ')}`,
            ],
            ['Made by the sender', `${waybill.created}, expires ${waybill.expires}`],
            ['Ledger', [html`${record.ledger.size} events, root `, code(record.ledger.root)]],
            ['Software', `${record.verifier.name} ${record.verifier.version}`],
          ])}
          ${recompute(record)}
          <p>
            This report is evidence for a transfer procedure. It is not a statement that anything complies
            with anything.
          </p>
        </main>
        <p class="marking">${record.marking}</p>
      </body>
    </html>`
  return page.html
}
