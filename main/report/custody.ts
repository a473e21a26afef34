import { capacityWords, kindWords, serialWords, stateWords } from '../../shared/text/media.ts'
import { facts, html, named, table, unbroken, type Html } from './html.ts'
import type { CrossingRecord } from './record.ts'

type Disposition = NonNullable<CrossingRecord['custody']['register'][number]['disposition']>

function dispositionLine(one: Disposition): string {
  const { state, at, method, tool, verified, place, by } = one
  const who = by.length === 0 ? '' : `, by ${by.join(' and ')}`
  return `${state} ${at}: ${method} with ${tool}, verified by ${verified}, at ${place}${who}`
}

/** The register, hand-overs and arrivals of the media. */
export function custody({ custody: said }: CrossingRecord): Html {
  const { register, writings, handed, arrivals, procedure, retainUntil } = said
  const media = register.map((one) => ({
    cells: [one.label, kindWords[one.kind], one.serial ?? '–', stateWords[one.state]],
    under: [
      ...(one.marking === null ? [] : [html`<b>Marking</b> ${one.marking}`]),
      ...(one.owner === null ? [] : [html`<b>Owner</b> ${one.owner}`]),
      html`<b>Capacity</b>
        ${one.capacity === null ? 'not tested' : `${one.capacity.at}: ${capacityWords(one.capacity)}`}`,
      ...(one.disposition === null ? [] : [html`<b>Disposition</b> ${dispositionLine(one.disposition)}`]),
    ],
  }))
  const written = writings.map(({ began, ended, account }) => ({
    cells: [began === null ? '–' : unbroken(began), unbroken(ended), account ?? '–'],
  }))
  const left = handed.map((one) => ({
    cells: [unbroken(one.at), one.from, one.to, one.place ?? '–', one.expected ?? '–'],
    under: [
      ...(one.purpose === null ? [] : [html`<b>Purpose</b> ${one.purpose}`]),
      ...one.media.map(
        ({ copy, label, seal }) => html`<b>Copy ${copy}</b> ${label ?? 'no label'}, ${named('seal', seal)}`,
      ),
    ],
  }))
  const came = arrivals.map((one) => ({
    cells: [
      unbroken(one.at),
      one.seal.sheet,
      one.seal.bag,
      one.seal.whole ? 'yes' : 'NO',
      one.fits ? 'fits' : 'DIFFERS',
    ],
    under: one.by === null ? [] : [html`<b>Signed by</b> ${one.by}`],
  }))
  const none = 'None.'
  return html`<h2>Custody</h2>
    ${facts([
      ['Procedure', procedure ?? 'none is named by the policy'],
      ['Retain until', retainUntil ?? 'no time is named by the policy'],
    ])}
    <p><b>Media in the register</b></p>
    ${
      media.length === 0
        ? html`<p class="none">${none}</p>`
        : html`<p>${serialWords}</p>
            ${table(['Label', 'Kind', 'Serial', 'State'], media)}`
    }
    <p><b>Written</b></p>
    ${table(['Began (UTC)', 'Ended (UTC)', 'Account, as claimed'], written)}
    <p><b>Handed over</b></p>
    ${table(['Time (UTC)', 'From', 'To', 'Place', 'Expected by'], left)}
    <p><b>Arrived</b></p>
    ${table(['Time (UTC)', 'Seal on the sheet', 'Seal on the bag', 'Whole', 'State'], came)}`
}
