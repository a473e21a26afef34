import { readSpki } from '../../sigstore/public-key.ts'
import { deskCard, keyCard, landingCard, type DeskOnPaper, type KeyOnPaper } from '../../report/cards.ts'
import { fingerprintOf } from '../../trust/fingerprint.ts'
import { Failure } from '../../platform/failure.ts'
import type { Desk } from '../desk.ts'
import { landingKeyOf } from '../disk/landing-keys.ts'
import { marksNow, type PaperPage } from './papers.ts'

function onPaper(desk: Desk): DeskOnPaper {
  const { card, marking } = desk.state
  // Of the newest event, not of this minute: one state of a desk is one paper.
  const asOf = desk.lines.at(desk.lines.size - 1)?.time.at ?? card.created
  return { name: card.name, side: card.side, marking, asOf }
}

/** A person's key as the desk knows it: that of a person who works here, else the last one of theirs that was revoked. */
function keyOf({ state }: Desk, id: string): KeyOnPaper {
  const person = state.people.find((one) => one.id === id)
  if (person !== undefined) {
    const { name, roles, algorithm, fingerprint } = person
    const revoked = state.revoked.get(fingerprint) ?? null
    return { id, name, roles, algorithm, fingerprint: fingerprintOf(fingerprint), revoked }
  }
  const revoked = [...state.revoked.values()].filter((one) => one.person === id).at(-1)
  if (revoked === undefined) throw new Failure('person-unknown', { person: id })
  const { name, fingerprint } = revoked
  return { id, name, roles: [], algorithm: null, fingerprint: fingerprintOf(fingerprint), revoked }
}

/** The key card of a person of this desk. @throws Failure `person-unknown` */
export function keyCardOf(desk: Desk, id: string): PaperPage & { readonly person: string } {
  const key = keyOf(desk, id)
  const { name } = key
  const marks = `Key card of ${name} · ${desk.state.card.name}`
  return { html: keyCard(key, onPaper(desk)), marks: marksNow(desk, marks), person: name }
}

/** The card of the landing key in force. @throws Failure `wrong-side`, `landing-none` */
export function landingCardOf(desk: Desk): PaperPage {
  desk.need('high')
  const { fingerprint, locked, at, by } = landingKeyOf(desk)
  const html = landingCard(onPaper(desk), { fingerprint: fingerprintOf(fingerprint), locked, at, by })
  return { html, marks: marksNow(desk, `Landing card of ${desk.state.card.name}`) }
}

/** The card of this desk, for paper. */
export function deskCardOf(desk: Desk): PaperPage {
  const { card, seal } = desk.state
  const { fingerprint } = readSpki(Buffer.from(card.station, 'base64'))
  const html = deskCard(onPaper(desk), {
    id: fingerprintOf(desk.id),
    station: fingerprintOf(fingerprint),
    seal: seal?.digest ?? null,
    created: card.created,
  })
  return { html, marks: marksNow(desk, `Desk card of ${card.name}`) }
}
