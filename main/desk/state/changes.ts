import type { Digest } from '../../../shared/digest.ts'
import { deskIdOf } from '../../bundle/waybill.ts'
import { asFailure, Failure } from '../../platform/failure.ts'
import { officerObstacle } from '../../../shared/rules/officer.ts'
import type { Keyholder } from '../../../shared/rules/roles.ts'
import { rulesNow } from '../../../shared/rules/version.ts'
import { digestOf } from '../../platform/hash.ts'
import { canonical } from '../../platform/json.ts'
import { changeDigest, needsOfficers, type Change, type ChangeDocument } from './change.ts'
import { problemOfChange } from './change-statement.ts'
import type { Person } from './entries.ts'
import type { FactsOf, Recorded } from './facts.ts'
import { checkChange, officersOf } from './check-change.ts'
import { noteGround } from './ground.ts'
import { putInForce } from './put-in-force.ts'
import { personHere, type Around, type ChangeState, type DeskState } from './state.ts'

/** The digest of everything that changes are about: what the next change starts from. */
export function stateDigest(state: DeskState): Digest {
  const { people, trust, roots, packages, peers, landing, revoked, policy, seal, version, card } = state
  return digestOf(
    canonical({
      format: 'sallyport.desk-state/v1',
      desk: deskIdOf(card),
      version,
      seal: seal?.digest ?? null,
      people,
      trust,
      roots: roots.map(({ name, digest }) => ({ name, digest })),
      peers,
      // Not there where there is none: digests of before stay what they were.
      ...(landing === null ? {} : { landing: landing.fingerprint }),
      packages: [...packages].map(([name, { versions }]) => ({ name, versions })),
      revoked: [...revoked.keys()],
      policy: policy.digest,
    }),
  )
}

/** Whether a change still starts from the state that is in force. */
export function isCurrent(state: DeskState, { document }: Pick<ChangeState, 'document'>): boolean {
  return document.version === state.version + 1 && document.before === stateDigest(state)
}

/** The key that a change takes away: it is neither needed for the change nor taken for it. */
function takenAway(state: DeskState, change: Change): string | null {
  if (change.kind === 'trust.revoke') return change.fingerprint
  if (change.kind !== 'person.key') return null
  return state.people.find((one) => one.id === change.id)?.fingerprint ?? null
}

/**
 * Whether this person may sign this change: a security officer whose own key it does not take away.
 *
 * @throws Failure `role-missing`, `own-key`, `same-person`
 */
export function checkOfficer(
  state: DeskState,
  person: Person,
  change: Change,
  first: Keyholder | null,
  rules = rulesNow,
): void {
  const { name, roles } = person
  switch (officerObstacle(personHere(person), takenAway(state, change), first, rules)) {
    case 'role-missing':
      throw new Failure('role-missing', {
        person: name,
        expected: 'security-officer',
        found: roles.join(', '),
      })
    case 'own-key':
      throw new Failure('own-key', { person: name })
    case 'same-person':
      throw new Failure('same-person', { person: name })
    case null:
  }
}

/** Whether this person may sign this change as the second officer. */
export function maySignSecond(state: DeskState, officer: Person, one: ChangeState): boolean {
  const first = state.people.find((person) => person.id === one.proposed.person)
  const proposer = first === undefined ? null : personHere(first)
  return officerObstacle(personHere(officer), takenAway(state, one.document.change), proposer) === null
}

function damaged(around: Around, found: string): Failure {
  return new Failure('ledger-damaged', {
    expected: 'changes signed by two security officers of this desk, in their order',
    found: `event ${around.sequence}: ${found}`,
    line: around.sequence,
  })
}

function officerIn(state: DeskState, id: string, around: Around): Person {
  const person = officersOf(state).find((one) => one.id === id)
  if (person === undefined) throw damaged(around, `${id}, who is no security officer`)
  return person
}

// A rule that is broken in the ledger itself is damage, whatever its own words.
function hold(around: Around, rule: () => void): void {
  try {
    rule()
  } catch (error) {
    throw damaged(around, asFailure(error).code)
  }
}

// What came into force under older rules stays; what newer ones would not have allowed is said.
function flagNewer(state: DeskState, change: Change, { sequence, rules }: Around): void {
  if (rules >= rulesNow) return
  try {
    checkChange(state, change)
  } catch {
    const sentence = `The change “${change.kind}” was allowed by the rules of that time; it would not be today`
    state.flags.push({ sequence, sentence })
  }
}

function propose(state: DeskState, facts: FactsOf<'change.proposed'>, around: Around): void {
  const { number, version, before, change, person: id, at } = facts
  const document: ChangeDocument = { desk: deskIdOf(state.card), number, version, before, change }
  if (number !== state.changes.length + 1) throw damaged(around, `change number ${number}`)
  if (!isCurrent(state, { document })) throw damaged(around, 'a change of another state')
  if (state.founding && change.kind !== 'desk.seal') throw damaged(around, 'a change before the seal')
  const officer = officerIn(state, id, around)
  hold(around, () => {
    checkOfficer(state, officer, change, null, around.rules)
    checkChange(state, change, around.rules)
  })
  const claim = { act: 'sign' as const, document, person: id, time: at }
  const problem = problemOfChange(around.statements[0], claim, officer)
  if (problem !== null) throw damaged(around, problem)
  const proposed = { person: id, name: officer.name, at }
  const digest = changeDigest(document)
  state.changes.push({ document, digest, proposed, signed: null, withdrawn: null })
}

function pendingIn(state: DeskState, number: number, around: Around): ChangeState {
  const one = state.changes[number - 1]
  if (one === undefined || one.signed !== null || one.withdrawn !== null) {
    throw damaged(around, `change ${number}, which is not pending`)
  }
  return one
}

function sign(state: DeskState, facts: FactsOf<'change.signed'>, around: Around): void {
  const { number, person: id, at } = facts
  const one = pendingIn(state, number, around)
  const { document, proposed } = one
  if (!isCurrent(state, one)) throw damaged(around, `change ${number}, which starts from another state`)
  const officer = officerIn(state, id, around)
  const first = officerIn(state, proposed.person, around)
  hold(around, () => {
    checkOfficer(state, first, document.change, null, around.rules)
    checkOfficer(state, officer, document.change, personHere(first), around.rules)
    checkChange(state, document.change, around.rules)
  })
  const problem = problemOfChange(
    around.statements[0],
    { act: 'sign', document, person: id, time: at },
    officer,
  )
  if (problem !== null) throw damaged(around, problem)
  one.signed = { person: id, name: officer.name, at }
  flagNewer(state, document.change, around)
  putInForce(state, document.change, {
    at,
    by: [first.name, officer.name],
    digest: one.digest,
    rules: around.rules,
  })
  noteGround(state, document.change, around)
  state.version = document.version
}

function withdraw(state: DeskState, facts: FactsOf<'change.withdrawn'>, around: Around): void {
  const { number, person: id, at } = facts
  const one = pendingIn(state, number, around)
  const officer = officerIn(state, id, around)
  const claim = { act: 'withdraw' as const, document: one.document, person: id, time: at }
  const problem = problemOfChange(around.statements[0], claim, officer)
  if (problem !== null) throw damaged(around, problem)
  one.withdrawn = { person: id, name: officer.name, at }
}

/** The changes that one person makes while the desk is founding, in the shape that officers sign later. */
function foundingChange(recorded: Recorded): Change | null {
  switch (recorded.type) {
    case 'person.added':
      return { kind: 'person.add', ...recorded.facts }
    case 'trust.added':
      return { kind: 'trust.add', ...recorded.facts }
    case 'policy.set':
      return { kind: 'policy.set', ...recorded.facts }
    case 'change.made':
      return recorded.facts.change
    default:
      return null
  }
}

/** The events that change people, trust, policy and peers. @throws Failure `ledger-damaged` */
export function foldChanges(state: DeskState, recorded: Recorded, around: Around): boolean {
  const unsigned = foundingChange(recorded)
  if (unsigned !== null) {
    if (!state.founding || needsOfficers(unsigned)) throw damaged(around, 'a change that nobody signed')
    // The first policy is the built-in one that a desk is made with; it follows no other.
    const builtIn = unsigned.kind === 'policy.set' && state.policy.source === ''
    if (!builtIn) {
      hold(around, () => checkChange(state, unsigned, around.rules))
      flagNewer(state, unsigned, around)
    }
    putInForce(state, unsigned, { at: around.at, by: [], digest: null, rules: around.rules })
    noteGround(state, unsigned, around)
    return true
  }
  switch (recorded.type) {
    case 'change.proposed':
      propose(state, recorded.facts, around)
      return true
    case 'change.signed':
      sign(state, recorded.facts, around)
      return true
    case 'change.withdrawn':
      withdraw(state, recorded.facts, around)
      return true
    default:
      return false
  }
}
