import { grouped, hexOf, type Digest } from '../../shared/digest.ts'
import type { Role } from '../../shared/schema.ts'
import type { Fingerprint } from '../../shared/views.ts'
import { landingKeyWarning } from '../../shared/text/landing.ts'
import { documentOf } from './document.ts'
import { code, facts, html, nothing, spoken, type Html } from './html.ts'
import { qrCode } from './qr.ts'

/** A desk, as its papers name it. */
export interface DeskOnPaper {
  readonly name: string
  readonly side: 'low' | 'high'
  readonly marking: string
  /** The time of its newest event. */
  readonly asOf: string
}

/** The key of a person. Of one who was revoked, roles and algorithm are not known any more. */
export interface KeyOnPaper {
  readonly id: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly algorithm: string | null
  readonly fingerprint: Fingerprint
  readonly revoked: { readonly at: string; readonly reason: string } | null
}

const sideText = { low: 'low (connected)', high: 'high (no network)' } as const

// All that is typed or compared: words to say, digits in groups for the eye, in one piece to be copied, and by camera.
function toCompare(value: Fingerprint, what: string): Html {
  return html`<div class="large">${spoken(value.words)}</div>
    <div class="compare">
      <div>
        <p>These 16 words stand for 128 of the 256 bits. All 64 digits:</p>
        <p class="groups">${code(grouped(value.hex))}</p>
        <p>In one piece: ${code(value.hex)}</p>
      </div>
      ${qrCode(value.hex, `The 64 digits of ${what} as a QR code`)}
    </div>`
}

const openly =
  'It holds nothing secret: nobody can sign anything with it. Carry it yourself, and never with a medium that carries a bundle.'

function revokedBox(revoked: KeyOnPaper['revoked']): Html {
  if (revoked === null) return nothing
  return html`<div class="answer revoked">
    <p class="number">REVOKED</p>
    <p>Revoked on ${revoked.at} (UTC): ${revoked.reason}</p>
    <p>Nobody may trust this key any more. Do not type it anywhere.</p>
  </div>`
}

/** The key of a person, for the paper that the other side types it from. */
export function keyCard(key: KeyOnPaper, desk: DeskOnPaper): string {
  const { name, id, roles, algorithm, fingerprint, revoked } = key
  const title = `${revoked === null ? 'Key card' : 'REVOKED: key card'} of ${name}`
  const purpose =
    revoked === null
      ? html`<p>
          When the other side is to trust this key, somebody there types these words, or all the digits, from
          this paper. ${openly}
        </p>`
      : nothing
  const main = html`<h1>${title}</h1>
    ${revokedBox(revoked)} ${purpose}
    ${facts([
      ['Name', `${name} (${id})`],
      ['Roles', roles.length === 0 ? 'none' : roles.map((role) => role.replace('-', ' ')).join(', ')],
      ['Desk', `${desk.name}, ${sideText[desk.side]}`],
      ...(algorithm === null ? [] : ([['Kind of key', algorithm]] as const)),
      ['As of', `${desk.asOf} (UTC)`],
    ])}
    <h2>The fingerprint of this key</h2>
    ${toCompare(fingerprint, 'the fingerprint')}`
  return documentOf(title, desk.marking, main)
}

function sealOf(seal: Digest | null): Html {
  if (seal === null)
    return html`<p>
      This desk is not sealed yet: one person alone can still change its people and trust. Print this card
      again once it is sealed.
    </p>`
  return html`<p>Its digits are typed besides the id when the desks are paired.</p>
    <p class="groups">${code(grouped(hexOf(seal)))}</p>
    <p>In one piece: ${code(seal)}</p>`
}

/** A desk, for the paper that the other side compares its card with. */
export function deskCard(
  desk: DeskOnPaper,
  of: {
    readonly id: Fingerprint
    readonly station: Fingerprint
    readonly seal: Digest | null
    readonly created: string
  },
): string {
  const title = `Desk card of ${desk.name}`
  const main = html`<h1>${title}</h1>
    <p>
      When the other side takes the card of this desk from its file, somebody there types these words, or all
      the digits, from this paper, or compares them with it. ${openly}
    </p>
    ${facts([
      ['Desk', desk.name],
      ['Side', sideText[desk.side]],
      ['Marking', desk.marking],
      ['Made', `${of.created} (UTC)`],
      ['As of', `${desk.asOf} (UTC)`],
    ])}
    <h2>The id of this desk</h2>
    ${toCompare(of.id, 'the id')}
    <h2>The seal of this desk</h2>
    ${sealOf(of.seal)}
    <h2>The key of its station</h2>
    <p>The card holds it, so it follows from the id. It never counts as a person.</p>
    ${spoken(of.station.words)}
    <p class="groups">${code(grouped(of.station.hex))}</p>`
  return documentOf(title, desk.marking, main)
}

/** The landing key, for the paper that those who install it on the far side compare its file with. */
export function landingCard(
  desk: DeskOnPaper,
  key: {
    readonly fingerprint: Fingerprint
    readonly locked: boolean
    readonly at: string
    readonly by: readonly string[]
  },
): string {
  const title = `Landing card of ${desk.name}`
  const main = html`<h1>${title}</h1>
    <p><strong>${landingKeyWarning}.</strong></p>
    <p>
      Whoever installs the public half of this key on the far side compares it with these words, or all the
      digits: ${code('openssl pkey -pubin -in landing.pub -outform DER | sha256sum')} prints them. ${openly}
    </p>
    ${facts([
      ['Desk', `${desk.name}, ${sideText[desk.side]}`],
      ['In force since', `${key.at} (UTC)`],
      ['By', key.by.length === 0 ? 'whoever set up this desk, before it was sealed' : key.by.join(' and ')],
      ['Its file', key.locked ? 'has a passphrase' : 'has NO passphrase'],
      ['As of', `${desk.asOf} (UTC)`],
    ])}
    <h2>The fingerprint of this key</h2>
    ${toCompare(key.fingerprint, 'the fingerprint')}`
  return documentOf(title, desk.marking, main)
}
