import { hexOf } from '../../shared/digest.ts'
import { code, html, table, type Html } from './html.ts'
import type { CrossingRecord } from './record.ts'

/** A number of the report, and the command that gives it again. */
interface Figure {
  readonly name: string
  readonly value: string | number
  readonly command: string
}

const figure = (name: string, value: string | number, command: string): Figure => ({ name, value, command })

const predicate = (path: string, flags = ''): string => `jq ${flags}'.predicate${path}' statement.json`
const canonicalSum = (filter: string, file: string): string => `jq -cjS '${filter}' ${file} | sha256sum`

function counts(record: CrossingRecord): Figure[] {
  const carried = '.blobs[] | select(.state == "carried")'
  const { verdict } = record
  const ofChecks = (name: string, value: number, result: string): Figure =>
    figure(name, value, predicate(`.verdict.checks | map(select(.result == "${result}")) | length`))
  return [
    figure('Items', record.items.length, "jq '.items | length' waybill.json"),
    figure('Blobs carried', record.content.carried, `jq '[${carried}] | length' waybill.json`),
    figure('Bytes carried', record.content.bytes, `jq '[${carried} | .size] | add // 0' waybill.json`),
    figure(
      'Blobs left out',
      record.content.omitted,
      `jq '[.blobs[] | select(.state == "omitted")] | length' waybill.json`,
    ),
    ...(verdict === null
      ? []
      : [
          ofChecks('Checks failed', verdict.counts.fail, 'fail'),
          ofChecks('Checks not run', verdict.counts.notChecked, 'not-checked'),
          ofChecks('Checks overridden', verdict.counts.overridden, 'overridden'),
          ofChecks('Checks with attention', verdict.counts.warn, 'warn'),
          ofChecks('Checks passed', verdict.counts.pass, 'pass'),
        ]),
    figure(
      'Events in the ledger',
      record.ledger.size,
      `${predicate('.ledger.checkpoint', '-r ')} | sed -n 2p`,
    ),
  ]
}

function digests(record: CrossingRecord, digest: string): Figure[] {
  const { waybill, verdict, desk } = record
  const root = `${predicate('.ledger.checkpoint', '-r ')} | sed -n 3p | base64 -d | od -An -v -tx1 | tr -d ' \\n'`
  return [
    figure('Record', digest, canonicalSum('.predicate', 'statement.json')),
    figure('Waybill', waybill.digest, 'sha256sum waybill.json'),
    figure(
      'Request',
      waybill.request.digest,
      `sha256sum content/blobs/sha256/${hexOf(waybill.request.digest)}`,
    ),
    ...(verdict === null
      ? []
      : [
          figure(
            'Verdict',
            verdict.digest,
            canonicalSum('.predicate.verdict | del(.at, .digest, .scope)', 'statement.json'),
          ),
        ]),
    figure('Policy', record.policy.digest, 'jq -j .predicate.policy.source statement.json | sha256sum'),
    figure(
      'Trust',
      record.trust.digest,
      canonicalSum('{format: "sallyport.trust/v1", signers: .predicate.trust.signers}', 'statement.json'),
    ),
    figure('Sender', waybill.sender.id, canonicalSum('.sender', 'waybill.json')),
    figure('Desk', desk.id, canonicalSum('.predicate.desk.card', 'statement.json')),
    figure(
      'Station’s key',
      desk.station,
      `${predicate('.desk.card.station', '-r ')} | base64 -d | sha256sum`,
    ),
    figure('Root of the ledger', record.ledger.root, root),
  ]
}

// Chromium parts the rows of a table body at the end of a page, whatever they ask; blocks it keeps whole.
const rowOf = ({ name, value, command }: Figure) => ({
  cells: [name, code(value)],
  under: [html`<code class="command">${command}</code>`],
})

/** How each number of the report is made again with jq, sha256sum, openssl and tar. */
export function recompute(record: CrossingRecord, digest: string): Html {
  return html`<h2>How to recompute each number</h2>
    <p>
      Needed: this report as signed JSON (report.json), and a medium of the consignment. The statement that
      the station signed, and the content of the bundle:
    </p>
    <pre>
jq -r .dsseEnvelope.payload report.json | base64 -d > statement.json
mkdir content; cat bundle.tar* | tar -x -C content -f -</pre>
    <p>
      The signature under it. station.pub is the key of the station, as PEM; take it from your own records,
      never from the medium:
    </p>
    <pre>
jq -r '.dsseEnvelope.signatures[0].sig' report.json | base64 -d > statement.sig
{ printf 'DSSEv1 28 application/vnd.in-toto+json %d ' "$(wc -c &lt; statement.json)"; cat statement.json; } > statement.pae
openssl dgst -sha256 -verify station.pub -signature statement.sig statement.pae</pre>
    <p>
      What people signed themselves stands whole in it. The first act, by the person whose key has the
      fingerprint of its hint; the others in the same way (Ed25519:
      <code>openssl pkeyutl -verify -rawin</code>, P-384: <code>-sha384</code>):
    </p>
    <pre>
jq '.predicate.statements[0].envelope | fromjson' statement.json > act.bundle
jq -r .dsseEnvelope.payload act.bundle | base64 -d > act.json
jq -r '.dsseEnvelope.signatures[0].sig' act.bundle | base64 -d > act.sig
hint=$(jq -r .verificationMaterial.publicKey.hint act.bundle | base64 -d | od -An -v -tx1 | tr -d ' \\n')
jq -r --arg hint "$hint" '.predicate.people[] | select(.fingerprint == $hint) | .key' statement.json | base64 -d > act.der
{ printf 'DSSEv1 28 application/vnd.in-toto+json %d ' "$(wc -c &lt; act.json)"; cat act.json; } > act.pae
openssl dgst -sha256 -keyform DER -verify act.der -signature act.sig act.pae</pre>
    <p>
      The digest of an item, of a piece of evidence or of a request is the name of its blob:
      <code>sha256sum content/blobs/sha256/*</code>. That of a part: <code>sha256sum bundle.tar*</code>. That
      of the record of a medium: <code>sha256sum medium.json</code>. Keys:
    </p>
    <pre>
jq -r '.predicate | .trust.signers[], .people[] | .key' statement.json | while read -r key; do
  printf %s "$key" | base64 -d | sha256sum; done</pre>
    ${table(['Number', 'As printed here'], [...digests(record, digest), ...counts(record)].map(rowOf), 'facts figures')}`
}
