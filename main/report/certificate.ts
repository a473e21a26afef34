import type { MediumView } from '../../shared/media.ts'
import { kindWords, serialWords } from '../../shared/text/media.ts'
import { size } from '../../shared/units.ts'
import { documentOf } from './document.ts'
import { code, facts, html, inkRows, table, type Html } from './html.ts'

/** The desk that certifies, and the event that its ledger has of it. */
export interface Certifying {
  readonly name: string
  readonly id: string
  readonly marking: string
  readonly size: number
  readonly root: string
}

type Disposed = MediumView & { readonly disposition: NonNullable<MediumView['disposition']> }

/** What no method changes, by the kind of medium (ISM-0360, ISM-0350). */
function limitsOf({ kind, disposition }: Disposed): Html[] {
  const flash = ['usb-stick', 'card', 'drive'].includes(kind)
  const optical = ['disc', 'rewritable-disc'].includes(kind)
  return [
    ...(flash && disposition.state === 'sanitised'
      ? [
          html`<p>
            Flash memory: sanitising does not lower its classification (ISM-0360). Handle it as before.
          </p>`,
        ]
      : []),
    ...(optical && disposition.state === 'sanitised'
      ? [
          html`<p>
            Optical discs are destroyed, not sanitised (ISM-0350). This disc has still to be destroyed.
          </p>`,
        ]
      : []),
  ]
}

/** The certificate of a medium that was sanitised or destroyed (fields of NIST SP 800-88, 4.8), signed by two in ink. */
export function dispositionCertificate(medium: Disposed, desk: Certifying): string {
  const { label, serial, kind, marking, owner, drive, size: bytes, disposition } = medium
  const { state, at, method, tool, verified, place, reason, by } = disposition
  const heads = ['Name', 'Role', 'Signature', 'Date']
  const known = by.map((name) => ({ cells: [name, '', '', ''] }))
  const main = html`<h1>Medium ${label} was ${state}</h1>
    ${limitsOf(medium)}
    <h2>The medium</h2>
    ${facts([
      ['Register number', label],
      ['Kind', kindWords[kind]],
      ['Maker', drive?.maker ?? 'not known'],
      ['Model', drive?.model ?? 'not known'],
      ['Serial', serial ?? 'none'],
      ['Size', bytes === null ? 'not known' : size(bytes)],
      ['Marking before', marking ?? 'not stated'],
      ['Owner', owner ?? 'not stated'],
    ])}
    <p>${serialWords}</p>
    <h2>What was done</h2>
    ${facts([
      ['State', state],
      ['Method', method],
      ['Tool and version', tool],
      ['Verified by', verified],
      ['Reason', reason],
      ['Date, place', `${at} (UTC, as claimed), ${place}`],
      ['Signed with a key by', by.length === 0 ? 'nobody: the policy does not ask for it' : by.join(', ')],
    ])}
    <p>Stated by people. Sallyport did not see it being done.</p>
    <div class="whole">
      <h2>Signed by hand</h2>
      <p>I did this, or saw it being done, and saw that it was verified as stated.</p>
      ${table(heads, [...known, ...inkRows(4, 2 - known.length)], 'ink signatures')}
    </div>
    ${facts([
      ['Desk', desk.name],
      ['', code(desk.id)],
      [`Ledger, ${desk.size} events`, code(desk.root)],
    ])}`
  return documentOf(`Disposition of medium ${label}`, desk.marking, main)
}
