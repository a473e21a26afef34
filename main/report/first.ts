import { transferIdOf } from '../../shared/digest.ts'
import { findingsOf } from '../../shared/rules/findings.ts'
import { worst } from '../../shared/rules/worst-first.ts'
import { answerOf, deciders, provenOf, sign } from './answer.ts'
import {
  code,
  facts,
  html,
  id,
  inkRows,
  nothing,
  plural,
  spoken,
  table,
  unbroken,
  type Html,
  type Row,
} from './html.ts'
import type { CrossingRecord } from './record.ts'

// Page 1 has to stay one page: what is more is counted here and told under “Checks” and “Items”.
const most = 5

function summary(record: CrossingRecord): Html {
  const { waybill, verdict, consignment } = record
  const { carried, bytes } = record.content
  const counts = verdict?.counts
  const to = record.desk.side === 'high' ? record.desk.name : plural(waybill.destinations.length, 'desk')
  return facts([
    ['Consignment', `${consignment.name}, from ${waybill.sender.name} to ${to}`],
    ['Transfer id', code(transferIdOf(waybill.digest))],
    ['Waybill', code(waybill.digest)],
    ['Number here', html`${code(consignment.id)}, at ${record.desk.name} alone`],
    ['Content', `${plural(record.items.length, 'item')}, ${plural(carried, 'blob')}, ${bytes} bytes`],
    [
      'Checks',
      counts === undefined
        ? 'none at this desk'
        : `${counts.fail} failed, ${counts.notChecked} not checked, ${counts.overridden} overridden, ${counts.warn} attention, ${counts.pass} passed`,
    ],
  ])
}

function exceptionRows(record: CrossingRecord): Row[] {
  const { verdict, desk, items } = record
  const checks = worst
    .filter((result) => result !== 'pass')
    .flatMap((result) => (verdict?.checks ?? []).filter((check) => check.result === result))
    .map((check) => ({ cells: [sign(check.result), [id(check.id), ` ${check.subject}`], check.means] }))
  const findings = findingsOf(items).map(({ code, detail, items: about }) => {
    const [first = ''] = about
    const whose = about.length < 2 ? first : `${about.length} items, the first ${first}`
    return { cells: [sign('warn'), [id(code), ` ${whose}`], detail] }
  })
  const founding = {
    cells: [
      sign('warn'),
      id('desk.founding'),
      'This desk is still being founded: one person can change people, trust and policy without a key.',
    ],
  }
  const revoked = record.revoked.map((one) => ({
    cells: [
      sign('warn'),
      `Key of ${one.name}`,
      `The key of ${one.name} was revoked here on ${one.at}, after it had signed: ${one.reason}`,
    ],
  }))
  const told = verdict?.checks.some((check) => check.id === 'desk.founding') === true
  return [...revoked, ...checks, ...(desk.founding && !told ? [founding] : []), ...findings]
}

function exceptions(record: CrossingRecord): Html {
  const rows = exceptionRows(record)
  const more = rows.length - most
  return html`<h2>Exceptions</h2>
    ${table(['State', 'What', 'Means'], rows.slice(0, most))}
    ${more > 0 ? html`<p>And ${more} more, told below.</p>` : nothing}`
}

function people(record: CrossingRecord): Html {
  const { request } = record.waybill
  const asked = { cells: [request.requesterName, 'asked for it; named, not proven', '–'] }
  const signed = record.signatures.map((one) => ({
    cells: [`${one.name} (${one.person})`, `signed the waybill: ${one.role}`, unbroken(one.at)],
  }))
  const decided = record.decision.halves.slice(-most).map((half) => ({
    cells: [`${half.name} (${half.person})`, `signed: ${half.outcome}`, unbroken(half.at)],
  }))
  return html`<h2>People</h2>
    ${table(['Person', 'Did', 'Time (UTC, as claimed)'], [asked, ...signed, ...decided])}`
}

function ink(record: CrossingRecord): Html {
  const names = deciders(record).map((half): Row => ({
    cells: [half.name, half.roles.join(', '), nothing, nothing],
  }))
  const rows = names.length > 0 ? names : inkRows(4, 2)
  return html`<div class="whole">
    <h2>Signed by hand</h2>
    <p>I have read this page. It is what I decided, or know to have been decided.</p>
    ${table(['Name', 'Role', 'Signature', 'Date'], rows, 'ink signatures')}
  </div>`
}

/** Page 1, for the officer who signs: the answer, the counts, the people, the exceptions, the signatures in ink. */
export function firstPage(record: CrossingRecord): Html {
  return html`<section class="first">
    <h1>${answerOf(record)}</h1>
    ${provenOf(record).map((sentence) => html`<p>${sentence}</p>`)}
    <div class="answer">${summary(record)} ${spoken(record.waybill.words)}</div>
    ${exceptions(record)} ${people(record)} ${ink(record)}
  </section>`
}
