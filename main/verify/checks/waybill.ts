import { canonical } from '../../platform/json.ts'
import type { Waybill } from '../../../shared/waybill.ts'
import { deskIdOf, parseWaybill, WaybillError, type MadeWaybill } from '../../bundle/waybill.ts'
import { sentenceOf, summaryOf } from '../../bundle/signature-lines.ts'
import { visible } from '../../../shared/names.ts'
import type { CheckList } from '../check.ts'
import type { CountedLine } from './signatures.ts'

/** Parses the waybill, now that it is signed. */
export function checkForm(bytes: Buffer, list: CheckList): MadeWaybill | null {
  try {
    const made = parseWaybill(bytes)
    list.pass('waybill.form', 'waybill.json', 'sallyport.waybill/v1, canonical')
    return made
  } catch (error) {
    const found = error instanceof WaybillError ? error.message : 'something else'
    list.fail('waybill.form', 'waybill.json', 'sallyport.waybill/v1, canonical', visible(found), 'form')
    return null
  }
}

function attestedProblem({ line, signer }: CountedLine, waybill: Waybill): string | null {
  const { predicate } = line
  if (predicate.sentence !== sentenceOf(predicate.role, waybill))
    return `another sentence: ${predicate.sentence}`
  if (!canonical(predicate.summary).equals(canonical(summaryOf(waybill)))) return 'other figures'
  if (predicate.desk !== deskIdOf(waybill.sender)) return `signed at another desk: ${predicate.desk}`
  const person = waybill.people.find((one) => one.id === predicate.person)
  if (person === undefined) return `${predicate.person}, who is not one of the waybill’s people`
  if (person.fingerprint !== signer.fingerprint) return `another key than the waybill names for ${person.id}`
  return null
}

/** What each signer attested must be what the reader computes from the waybill; each must be one of its people. */
export function checkAttested(lines: readonly CountedLine[], waybill: Waybill, list: CheckList): void {
  for (const counted of lines) {
    const { role, person } = counted.line.predicate
    const expected = `the sentence and figures of this waybill, by one of its people`
    const problem = attestedProblem(counted, waybill)
    const subject = `${role} · ${counted.signer.name}`
    const about = { subject, expected, person: counted.signer.name }
    if (problem === null) list.add('waybill.attested', 'pass', { ...about, found: `${person}: as expected` })
    else list.add('waybill.attested', 'fail', { ...about, found: visible(problem), reason: 'differs' })
  }
}

/** Sender and channel limits of the signers. */
export function checkLimits(lines: readonly CountedLine[], waybill: Waybill, list: CheckList): void {
  const sender = deskIdOf(waybill.sender)
  for (const { signer } of lines) {
    const expected = `trusted for sender ${sender}, channel ${waybill.channel}`
    const { senders, channels } = signer
    if (senders !== null && !senders.includes(sender)) {
      list.fail('signers.trust', signer.name, expected, `senders ${senders.join(', ')}`, 'sender')
    } else if (channels !== null && !channels.includes(waybill.channel)) {
      list.fail('signers.trust', signer.name, expected, `channels ${channels.join(', ')}`, 'channel')
    } else if (senders === null || channels === null) {
      const any = [senders === null ? 'any sender' : '', channels === null ? 'any channel' : '']
      const found = `trusted for ${any.filter((word) => word !== '').join(' and ')}`
      list.add('signers.trust', 'warn', { subject: signer.name, expected, found, reason: 'any' })
    } else {
      list.pass('signers.trust', signer.name, expected)
    }
  }
}

/** The releaser must not be the requester. The request is not signed, so a difference is only “named, not proven”. */
export function checkRequester(lines: readonly CountedLine[], waybill: Waybill, list: CheckList): void {
  const { requester } = waybill.request
  const named = waybill.people.find((person) => person.id === requester)
  const expected = `a release by somebody other than ${requester}`
  for (const { line, signer } of lines) {
    if (line.predicate.role !== 'release') continue
    const subject = `release · ${signer.name}`
    if (named === undefined) {
      list.fail('signers.requester', subject, expected, `${requester} is not one of the waybill’s people`)
    } else if (line.predicate.person === requester || named.fingerprint === signer.fingerprint) {
      list.fail('signers.requester', subject, expected, `released by ${requester}`, 'same-person')
    } else {
      const found = `${requester} is named, not proven; released by ${line.predicate.person}`
      list.add('signers.requester', 'warn', { subject, expected, found, reason: 'named-not-proven' })
    }
  }
}

/** Whether this desk is one of the destinations. */
export function checkDestination(waybill: Waybill, here: string, list: CheckList): boolean {
  const desks = waybill.destinations.map((destination) => destination.desk)
  const addressed = desks.includes(here)
  if (addressed) list.pass('destination.here', 'this desk', here)
  else list.fail('destination.here', 'this desk', here, desks.join(', '), 'elsewhere')
  return addressed
}
