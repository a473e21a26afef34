import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hexOf, type Digest } from '../../shared/digest.ts'
import type { Verdict } from '../../shared/verdict.ts'
import type { Waybill } from '../../shared/waybill.ts'
import type { EventType, FactsOf } from '../../main/desk/state/facts.ts'
import { signCheckpoint } from '../../main/ledger/checkpoint.ts'
import type { Actor } from '../../main/ledger/event.ts'
import { readLedger } from '../../main/ledger/ledger.ts'
import { leafHash, type Tree } from '../../main/ledger/merkle.ts'
import { digestOf, sha256Hex } from '../../main/platform/hash.ts'
import { canonical } from '../../main/platform/json.ts'
import { openStationKey } from '../../main/sign/key-file.ts'
import type { Signer } from '../../main/sign/signer.ts'
import { signOverVerdict } from '../../main/desk/state/verdict-statement.ts'
import { builtInPolicy } from '../../shared/policy.ts'
import { rulesNow } from '../../shared/rules/version.ts'
import { done } from './command-line.ts'
import { lineOf, signerOfPerson } from './forge.ts'
import { decideBoth, makeBundle, type Crossing, type PersonId } from './desks.ts'

/*
 * Desks with a long history, forged: the events that thousands of crossings would leave, in the desk's own form and with
 * its own key, without doing them. Every file is as the product would have written it.
 */

/** The keys of those who sign and decide: what they are said to have done is what they signed. */
type Signers = Readonly<Record<'bob' | 'carol' | 'dave' | 'erin', Signer>>

interface Grown {
  readonly tree: Tree
  add<Type extends EventType>(
    type: Type,
    at: string,
    facts: FactsOf<Type>,
    by?: PersonId | null,
    more?: { subjects?: Digest[]; outcome?: string; statements?: string[] },
  ): void
  save(): Promise<void>
}

async function grow(crossing: Crossing, folder: string, id: string): Promise<Grown> {
  const read = await readLedger(folder)
  const station = openStationKey(readFileSync(join(folder, 'station.key'), 'utf8'))
  const lines: Uint8Array[] = [readFileSync(join(folder, 'ledger.jsonl'))]
  let { last } = read
  const self: Actor = { kind: 'station', fingerprint: station.key.fingerprint, account: 'test' }
  return {
    tree: read.tree,
    add(type, at, facts, by = null, more = {}) {
      const person: Actor[] =
        by === null ? [] : [{ kind: 'person', id: by, fingerprint: crossing.people[by].fingerprint }]
      const line = canonical({
        format: 'sallyport.event/v1',
        sequence: read.tree.size + 1,
        previous: last,
        type,
        time: { at, source: 'system-clock', certainty: 'not-confirmed' },
        actors: [...person, self],
        subjects: more.subjects ?? [],
        outcome: more.outcome ?? null,
        statements: more.statements ?? [],
        rules: rulesNow,
        facts,
      })
      lines.push(line, Buffer.from('\n'))
      read.tree.append(leafHash(line))
      last = sha256Hex(line)
    },
    async save() {
      writeFileSync(join(folder, 'ledger.jsonl'), Buffer.concat(lines))
      const head = { size: read.tree.size, root: read.tree.root() }
      writeFileSync(join(folder, 'checkpoint'), await signCheckpoint(id, head, station))
    },
  }
}

/** What one honest crossing left: the model of all others. */
export interface Model {
  readonly waybill: Waybill
  readonly signatures: Buffer
  readonly verdict: Verdict
}

const timeAt = (number: number, minutes = 0): string =>
  new Date(Date.UTC(2026, 0, 1) + (number * 10 + minutes) * 60_000).toISOString().replace('.000Z', 'Z')

function recordsAt(desk: string, id: string, files: Readonly<Record<string, Uint8Array>>): void {
  const folder = join(desk, 'consignments', id)
  mkdirSync(folder, { recursive: true })
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes)
}

const shortOf = (digest: Digest): string => hexOf(digest).slice(0, 16)

interface Made {
  readonly id: string
  readonly number: number
  readonly waybill: Waybill
  readonly bytes: Buffer
  readonly digest: Digest
  readonly previous: Digest | null
  readonly head: { readonly size: number; readonly root: string }
}

async function addLow(low: Grown, crossing: Crossing, made: Made, signers: Signers): Promise<void> {
  const { id, number, waybill, digest, previous, head } = made
  const { name, channel, epoch, created, expires, marking } = waybill
  const { requester, reason } = waybill.request
  const about = { consignment: id, waybill: digest }
  const subjects = [digest]
  const stream = { sender: crossing.lowId, channel, destination: crossing.highId, sequence: number, previous }
  low.add('collect.started', created, { consignment: id, name, request: waybill.request.digest })
  const sealed = {
    ...about,
    name,
    channel,
    epoch,
    created,
    expires,
    requester,
    reason,
    marking,
    evidence: null,
  }
  low.add(
    'waybill.sealed',
    created,
    {
      ...sealed,
      items: waybill.items.length,
      bytes: 1000 + number,
      destinations: [stream],
      head,
      voids: [],
      replaces: null,
    },
    null,
    { subjects },
  )
  for (const [by, role] of [
    ['bob', 'prepare'],
    ['carol', 'release'],
  ] as const) {
    const facts = { ...about, role, person: by, at: created, released: role === 'release' }
    const claim = { role, person: by, signer: signers[by] }
    const line = (await lineOf(crossing, waybill, made.bytes, claim)).toString('utf8')
    low.add('approval.signed', created, facts, by, { subjects, outcome: role, statements: [line] })
  }
}

async function addHigh(
  high: Grown,
  crossing: Crossing,
  made: Made,
  verdict: Verdict,
  waits: boolean,
  signers: Signers,
): Promise<void> {
  const { id, number, waybill, digest, previous, head } = made
  const { name, channel, epoch, created, expires, marking } = waybill
  const { requester, reason } = waybill.request
  const about = { consignment: id, waybill: digest }
  const subjects = [digest]
  const stream = { sender: crossing.lowId, channel, destination: crossing.highId, sequence: number, previous }
  const destinations = [crossing.highId]
  const seen = { ...about, name, senderName: waybill.sender.name, epoch, created, expires, marking }
  const at = timeAt(number, 3)
  high.add(
    'waybill.seen',
    at,
    {
      ...seen,
      stream,
      items: waybill.items.length,
      bytes: 1000 + number,
      requester,
      reason,
      destinations,
      voids: [],
      head,
      signers: [],
      counted: true,
    },
    null,
    { subjects },
  )
  const { outcome, counts } = verdict
  const kept = digestOf(canonical(verdict))
  high.add(
    'verify.done',
    at,
    {
      ...about,
      scope: 'medium',
      outcome,
      counts,
      verdict: kept,
      evidence: null,
      media: null,
      joined: null,
      drive: null,
      again: false,
    },
    null,
    {
      subjects: [digest, kept],
      outcome,
    },
  )
  if (waits) return
  const decided = number % 10 === 9 ? 'reject' : 'accept'
  for (const [by, role] of [
    ['dave', 'transfer-agent'],
    ['erin', 'witness'],
  ] as const) {
    const { name: person } = crossing.people[by]
    const half = { ...about, verdict: kept, outcome: decided, person: by, name: person, at } as const
    const end = by === 'erin' ? decided : null
    const why = decided === 'reject' ? 'As agreed' : null
    const statement = await signOverVerdict(signers[by], digest, 'urn:sallyport:decision:v1', {
      ...{ outcome: decided, person: by, roles: [role], desk: crossing.highId, reason: why, causes: [] },
      ...{ verdict: kept, policy: digestOf(builtInPolicy), time: at },
      ledger: { size: high.tree.size, root: high.tree.root().toString('base64') },
    })
    high.add('decision.signed', at, { ...half, roles: [role], reason: why, causes: [], decided: end }, by, {
      subjects: [digest, kept],
      outcome: decided,
      statements: [statement],
    })
  }
  if (decided === 'accept') high.add('content.moved', at, { ...about, blobs: 4, bytes: 1000 + number })
}

/**
 * Adds `count` crossings to both desks of `crossing`, numbered on from the model's; the last `waiting` of them wait for a
 * decision on the high side.
 *
 * @param proofs how many earlier heads each waybill proves; a real one proves 64
 */
export async function forgeMany(
  crossing: Crossing,
  model: Model,
  count: number,
  { proofs = 64, waiting = 3 }: { readonly proofs?: number; readonly waiting?: number } = {},
): Promise<void> {
  const low = await grow(crossing, crossing.low, crossing.lowId)
  const high = await grow(crossing, crossing.high, crossing.highId)
  const station = openStationKey(readFileSync(join(crossing.low, 'station.key'), 'utf8'))
  const signers: Signers = {
    bob: await signerOfPerson(crossing, 'bob'),
    carol: await signerOfPerson(crossing, 'carol'),
    dave: await signerOfPerson(crossing, 'dave'),
    erin: await signerOfPerson(crossing, 'erin'),
  }
  const [, size = '', root = ''] = model.waybill.ledger.checkpoint.split('\n')
  const heads: Made['head'][] = [{ size: Number(size), root }]
  let previous: Digest | null = digestOf(canonical(model.waybill))
  for (let i = 1; i <= count; i++) {
    const number = (model.waybill.destinations[0]?.sequence ?? 1) + i
    const now = { size: low.tree.size, root: low.tree.root() }
    const head = { size: now.size, root: now.root.toString('base64') }
    const waybill: Waybill = {
      ...model.waybill,
      name: `payments-${String(number).padStart(5, '0')}`,
      created: timeAt(number),
      expires: timeAt(number + 4000),
      destinations: [{ desk: crossing.highId, sequence: number, previous, base: null }],
      ledger: {
        checkpoint: await signCheckpoint(crossing.lowId, now, station),
        witnessed: [],
        proofs: heads.slice(-proofs).map((one) => ({
          ...one,
          hashes: low.tree.proof(one.size).map((hash) => hash.toString('base64')),
        })),
      },
    }
    const bytes = canonical(waybill)
    const made: Made = { id: randomUUID(), number, waybill, bytes, digest: digestOf(bytes), previous, head }
    heads.push(head)
    previous = made.digest
    const file = { [`waybill-${shortOf(made.digest)}.json`]: bytes }
    await addLow(low, crossing, made, signers)
    recordsAt(crossing.low, made.id, file)
    await addHigh(high, crossing, made, model.verdict, i > count - waiting, signers)
    const verdict = canonical(model.verdict)
    recordsAt(crossing.high, made.id, {
      ...file,
      'waybill.sigstore.jsonl': model.signatures,
      [`verdict-${shortOf(digestOf(verdict))}.json`]: verdict,
    })
  }
  await low.save()
  await high.save()
}

/** One honest crossing of `crossing`, accepted: the model for `forgeMany`. */
export async function modelOf(crossing: Crossing): Promise<Model> {
  const { folder } = await makeBundle(crossing, 'model')
  const said = await done(['verify', folder, '--desk', crossing.high], crossing.clock)
  await decideBoth(crossing, said.id, 'accept')
  const records = join(crossing.high, 'consignments', said.id)
  const named = (start: string): Buffer => {
    const name = readdirSync(records).find((one) => one.startsWith(start)) ?? start
    return readFileSync(join(records, name))
  }
  return {
    waybill: JSON.parse(readFileSync(join(folder, 'waybill.json'), 'utf8')) as Waybill,
    signatures: named('waybill.sigstore.jsonl'),
    verdict: JSON.parse(named('verdict-').toString('utf8')) as Verdict,
  }
}
