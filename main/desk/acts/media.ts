import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { isDisposition, statesAfter } from '../../../shared/rules/media.ts'
import { Failure } from '../../platform/failure.ts'
import { peopleFor, refuseMediaHalf, signMedia } from '../documents/media-act.ts'
import type { Desk } from '../desk.ts'
import type { RegisterAct } from '../state/media-facts.ts'
import type { Medium, Register } from '../state/register.ts'
import { actWords } from '../views/event-words.ts'
import { mediumLine, mediumView, registerOf } from '../views/register.ts'
import { writable, type Context } from '../work/context.ts'
import { driveName, registrable } from '../work/drives.ts'
import { checkText } from './input.ts'
import { proveKey } from './prove-key.ts'

type Acted = CallOutput<'media.register'>

/** The medium of a label. @throws Failure `media-unknown` */
export function mediumOf(register: Register, label: string): Medium {
  const medium = register.find(label)
  if (medium === null) throw new Failure('media-unknown', { found: label })
  return medium
}

/** `media.list`: the register by label, and what waits for a second person. */
export async function list(context: Context): Promise<CallOutput<'media.list'>> {
  const desk = context.desk()
  const { media, waiting } = registerOf(desk)
  const byLabel = [...media.values()].sort((a, b) => a.label.localeCompare(b.label, 'en', { numeric: true }))
  return {
    media: byLabel.map((medium) => mediumLine(desk, medium)),
    waiting: [...waiting.values()].map(({ number, at, act, first }) => ({
      ...{ number, at, by: first.name },
      sentence: actWords(act),
    })),
  }
}

/** `media.show`: one medium with its history. */
export async function show(
  context: Context,
  { label }: CallInput<'media.show'>,
): Promise<CallOutput<'media.show'>> {
  const desk = context.desk()
  return mediumView(desk, mediumOf(registerOf(desk), label))
}

/** Records an act: at once, or as the first half where the policy asks for two people. */
async function record(
  context: Context,
  desk: Desk,
  act: RegisterAct,
  signer: CallInput<'media.register'>['signer'],
): Promise<Acted> {
  const people = peopleFor(desk, act)
  if (people > 0 !== (signer !== undefined)) {
    const expected = people === 0 ? 'the key of nobody' : people === 1 ? 'the key of one' : 'the keys of two'
    throw new Failure('media-people', { expected, found: signer === undefined ? 'none' : 'one' })
  }
  let signed: Awaited<ReturnType<typeof signMedia>> | null = null
  if (signer !== undefined) {
    refuseMediaHalf(desk.person(signer.person), null)
    signed = await signMedia(desk, act, await proveKey(context, desk, signer))
  }
  const by = signed?.by ?? null
  if (act.deed === 'register') {
    const { label, serial, kind, marking, owner, drive, size } = act
    const facts = { label, serial, kind, marking, owner, drive, size, people, by }
    await desk.record('media.registered', facts, signed?.extra)
  } else {
    const { label, state: wanted, reason, disposition } = act
    const facts = { label, state: wanted, reason, disposition, people, by }
    await desk.record('media.changed', facts, signed?.extra)
  }
  return acted(desk, act.label, people < 2 ? null : desk.lines.size)
}

function acted(desk: Desk, label: string, waiting: number | null): Acted {
  const medium = registerOf(desk).find(label)
  return { waiting, medium: medium === null ? null : mediumView(desk, medium) }
}

function checkFree(register: Register, { label, serial }: Extract<RegisterAct, { deed: 'register' }>): void {
  const named = register.find(label)
  if (named !== null) throw new Failure('media-known', { what: 'label', found: label, subject: named.label })
  const same = register.ofSerial(serial)
  if (same !== null)
    throw new Failure('media-known', { what: 'serial', found: serial ?? '', subject: same.label })
}

/** `media.register`: takes a medium into the register. */
export async function register(context: Context, input: CallInput<'media.register'>): Promise<Acted> {
  const desk = writable(context)
  const { label, which, marking, owner, signer } = input
  if (marking !== undefined) checkText('the marking', marking)
  if (owner !== undefined) checkText('the owner', owner)
  const drive = 'serial' in which ? null : await registrable(context, which)
  const serial = 'serial' in which ? which.serial : (drive?.serial ?? null)
  if ('serial' in which) checkText('the serial', which.serial)
  const usual = drive?.bus === 'usb' ? 'usb-stick' : 'other'
  const act = {
    ...{ deed: 'register' as const, label, serial, kind: input.kind ?? usual },
    ...{ marking: marking ?? null, owner: owner ?? null },
    ...{ drive: driveName(drive), size: drive?.whole ?? null },
  }
  checkFree(registerOf(desk), act)
  return record(context, desk, act, signer)
}

/** `media.state`: what became of a medium. */
export async function state(context: Context, input: CallInput<'media.state'>): Promise<Acted> {
  const desk = writable(context)
  const medium = mediumOf(registerOf(desk), input.label)
  const { state: wanted, reason, disposition, signer } = input
  checkText('the reason', reason)
  checkFollows(medium, wanted)
  if (isDisposition(wanted) !== (disposition !== undefined)) {
    const expected = isDisposition(wanted) ? 'method, tool, how it was verified, place' : 'nothing of that'
    throw new Failure('media-disposition', { expected })
  }
  for (const [what, text] of Object.entries(disposition ?? {})) checkText(`“${what}”`, text)
  const act = {
    deed: 'state' as const,
    label: medium.label,
    state: wanted,
    reason,
    disposition: disposition ?? null,
  }
  return record(context, desk, act, signer)
}

function checkFollows(medium: Medium, wanted: CallInput<'media.state'>['state']): void {
  const next = statesAfter(medium.state)
  if (next.includes(wanted)) return
  const expected = next.length === 0 ? 'nothing any more' : next.join(', ')
  throw new Failure('media-state', { subject: medium.label, found: medium.state, expected })
}

/** `media.sign`: the second person's half. */
export async function sign(context: Context, input: CallInput<'media.sign'>): Promise<Acted> {
  const desk = writable(context)
  const register = registerOf(desk)
  const waits = register.waiting.get(input.number)
  if (waits === undefined) throw new Failure('media-not-waiting', { found: input.number })
  const { act, first } = waits
  const before = desk.state.people.find((one) => one.id === first.person)
  if (before?.fingerprint !== first.fingerprint)
    throw new Failure('media-not-waiting', { found: input.number })
  // What was right for the first may not be any more.
  if (act.deed === 'register') checkFree(register, act)
  else checkFollows(mediumOf(register, act.label), act.state)
  refuseMediaHalf(desk.person(input.person), first)
  const { person, fingerprint } = first
  const second = { number: input.number, first: { person, fingerprint } }
  const { by, extra } = await signMedia(desk, act, await proveKey(context, desk, input), second)
  const facts = { ...second, act, by }
  await desk.record('media.signed', facts, extra)
  return acted(desk, act.label, null)
}
