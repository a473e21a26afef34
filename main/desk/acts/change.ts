import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { Failure } from '../../platform/failure.ts'
import { settleLandingKeys } from '../disk/landing-keys.ts'
import { signChange } from '../state/change-statement.ts'
import { officersOf } from '../state/check-change.ts'
import { changeView } from '../views/trust.ts'
import { writable, type Context } from '../work/context.ts'
import { changeOf, checkPending, completeChange } from './make-change.ts'
import { proveKey } from './prove-key.ts'

/** `change.list`: the newest first. */
export async function list(context: Context): Promise<CallOutput<'change.list'>> {
  const desk = context.desk()
  return { changes: desk.state.changes.map((one) => changeView(desk, one)).reverse() }
}

/** `change.show`. */
export async function show(
  context: Context,
  input: CallInput<'change.show'>,
): Promise<CallOutput<'change.show'>> {
  const desk = context.desk()
  return changeView(desk, changeOf(desk, input.number))
}

/** `change.sign`: the second officer; with this the change is in force. */
export async function sign(
  context: Context,
  input: CallInput<'change.sign'>,
): Promise<CallOutput<'change.sign'>> {
  const one = changeOf(context.desk(), input.number)
  const desk = writable(context, one.document.change.kind === 'desk.restored')
  const touched = await completeChange(context, desk, one, input)
  return { ...changeView(desk, one), ...touched }
}

/** `change.withdraw`: any officer may; what was signed of it is void. */
export async function withdraw(
  context: Context,
  input: CallInput<'change.withdraw'>,
): Promise<CallOutput<'change.withdraw'>> {
  const desk = writable(context)
  const one = changeOf(desk, input.number)
  checkPending(one)
  const { document, digest } = one
  const asked = desk.person(input.person)
  if (!officersOf(desk.state).includes(asked)) {
    const found = asked.roles.join(', ')
    throw new Failure('role-missing', { person: asked.name, expected: 'security-officer', found })
  }
  const { person, signer } = await proveKey(context, desk, input)
  const at = desk.now()
  const { number } = document
  const statement = await signChange(signer, { act: 'withdraw', document, person: person.id, time: at })
  await desk.record(
    'change.withdrawn',
    { number, person: person.id, at },
    { subjects: [digest], statements: [statement], person, outcome: 'withdrawn' },
  )
  if (document.change.kind === 'landing.key') await settleLandingKeys(desk)
  return changeView(desk, one)
}
