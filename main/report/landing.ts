import { landedLine, landedOf } from '../../shared/rules/landed.ts'
import { sealLine } from '../../shared/text/landing.ts'
import { code, html, named, plural, table, unbroken, type Html } from './html.ts'
import type { CrossingRecord } from './record.ts'

type Exported = CrossingRecord['exports'][number]

const writtenIn = ({ written }: Exported) =>
  written.map(({ from, reference, digest }) => ({ from: from ?? null, reference, digest }))

// Each thing that was promised, and where it lies: what was carried is held against what was read at the target.
function thingsAt(record: CrossingRecord, one: Exported): Html {
  const written = writtenIn(one)
  const rows = record.items.map(({ reference, root }) => {
    const places = written.filter(
      ({ from, digest }) => from === reference || (from === null && digest === root.digest),
    )
    return {
      cells: [code(reference), 'yes', places.length === 0 ? 'NOT THERE' : 'yes'],
      under: [named('Carried', root.digest), ...places.map((place) => named(place.reference, place.digest))],
    }
  })
  return table(['Promised', 'Carried', 'Landed'], rows)
}

function exportPart(record: CrossingRecord, one: Exported): Html {
  const landed = landedOf(record.items, writtenIn(one))
  const { moved = [], seals, found } = one
  return html`<p>
      <b>${unbroken(one.at)}</b> ${code(one.target)}: ${plural(one.blobs, 'blob')}, ${one.bytes} bytes,
      compared afterwards. ${landedLine(landed)}
    </p>
    ${landed.missing.map((sentence) => html`<p>${sentence}</p>`)} ${thingsAt(record, one)}
    ${moved.map((tag) => html`<p>${code(tag.reference)} was moved; it held ${code(tag.before)} before.</p>`)}
    ${
      found === undefined
        ? ''
        : html`<p>
            The target was read again as its readers read it: ${plural(found, 'thing')}, all there. Layers
            were asked for by digest and size, and not fetched again.
          </p>`
    }
    ${seals === undefined ? '' : html`<p>${sealLine(seals, one.target)}</p>`}`
}

/** Where the content went: what was promised, carried and landed, who sealed it, and what failed. */
export function landing(record: CrossingRecord): Html {
  const { exports, landings = [], unfinished = [] } = record
  const sealed = landings.map((one) => ({
    cells: [
      unbroken(one.at),
      code(one.target),
      one.by === 'station' ? 'the landing key of the desk' : 'those who accepted it',
      plural(one.count, 'manifest'),
    ],
    under: one.keys.map((key) => named('Key', key)),
  }))
  const failed = unfinished.map((one) => ({
    cells: [unbroken(one.at), code(one.target), code(one.code)],
    under: one.missing.map((sentence) => html`${sentence}`),
  }))
  return html`<h2>Exports</h2>
    ${exports.length === 0 ? html`<p class="none">None.</p>` : exports.map((one) => exportPart(record, one))}
    ${failed.length === 0 ? '' : html`<p><b>Not finished</b></p>`}
    ${failed.length === 0 ? '' : table(['Failed (UTC)', 'Target', 'Reason'], failed)}
    ${sealed.length === 0 ? '' : html`<p><b>Seals that engines read there</b></p>`}
    ${sealed.length === 0 ? '' : table(['Sealed (UTC)', 'Target', 'By', 'About'], sealed)}`
}
