import { cp, rm } from 'node:fs/promises'
import type { CallInput, CallName, CallOutput, LongName, LongResult } from '../../../shared/contract.ts'
import { resultOf } from '../../../shared/contract.ts'
import { zStarted } from '../../../shared/calls/call.ts'
import { openSession, type Session } from '../../../main/desk/session.ts'
import { keptHeads } from '../../../main/ledger/kept-head.ts'
import type { Clock } from '../../../main/platform/clock.ts'
import { asFailure } from '../../../main/platform/failure.ts'
import { openGate } from '../../../main/platform/network.ts'

/** What a call came to: its value, or the code and the next step of its failure. */
export type Came<Value> =
  | { readonly code: 'ok'; readonly value: Value; readonly said: '' }
  | { readonly code: string; readonly value: null; readonly said: string }

async function came<Value>(of: Promise<Value>): Promise<Came<Value>> {
  try {
    return { code: 'ok', value: await of, said: '' }
  } catch (error) {
    const { code, happened, next } = asFailure(error).view()
    return { code, value: null, said: `${happened} ${next}` }
  }
}

/** Somebody who signs: their id at a desk and their key file. */
export interface Signs {
  readonly id: string
  readonly key: string
}

/** A real desk behind the contract: its folder, and the session that has it open. */
export class RealDesk {
  readonly folder: string
  private readonly session: Session
  private readonly passphrase: string
  private readonly officers: readonly [Signs, Signs]

  constructor(
    where: { readonly folder: string; readonly account: string },
    clock: Clock,
    secret: string,
    officers: readonly [Signs, Signs],
  ) {
    this.folder = where.folder
    this.session = openSession({ clock, network: openGate, heads: keptHeads(where.account) })
    this.passphrase = secret
    this.officers = officers
  }

  place(purpose: Parameters<Session['place']>[0], path: string): string {
    return this.session.place(purpose, path)
  }

  by({ id, key }: Signs): CallInput<'change.sign'> extends infer Of ? Omit<Of & object, 'number'> : never {
    return { person: id, by: { file: this.place('key', key), passphrase: this.passphrase } }
  }

  call<Name extends CallName>(name: Name, input: CallInput<Name>): Promise<Came<CallOutput<Name>>> {
    return came(this.session.call(name, input))
  }

  /** The same for what must be answered. */
  async ask<Name extends CallName>(name: Name, input: CallInput<Name>): Promise<CallOutput<Name>> {
    return this.session.call(name, input)
  }

  /** Long work, to its end. */
  async work<Name extends LongName>(name: Name, input: CallInput<Name>): Promise<Came<LongResult<Name>>> {
    const started = await this.call(name, input)
    if (started.value === null) return { code: started.code, value: null, said: started.said }
    const { job } = zStarted.parse(started.value)
    const ended = await this.session.call('job.wait', { job })
    if (ended.state === 'done') return { code: 'ok', value: resultOf(name, ended.result), said: '' }
    const failure = ended.failure
    const said = `${failure?.happened ?? ''} ${failure?.next ?? ''}`
    return { code: failure?.code ?? ended.state, value: null, said }
  }

  /** Two officers ask for the same; gives the first answer that is not `ok`. */
  async officersAsk<Name extends 'stream.release' | 'stream.epoch' | 'trust.revoke' | 'desk.restored'>(
    name: Name,
    input: Omit<CallInput<Name>, 'officer'>,
  ): Promise<string> {
    const [first, second] = this.officers
    const asked = await this.call(name, { ...input, officer: this.by(first) } as CallInput<Name>)
    if (asked.value === null) return asked.code
    const { pending } = asked.value as { pending: { number: number } | null }
    if (pending === null) return 'in force after one'
    const signed = await this.call('change.sign', { number: pending.number, ...this.by(second) })
    return signed.code
  }

  async open(): Promise<void> {
    await this.session.call('desk.open', { place: this.place('desk', this.folder), mode: 'write' })
  }

  async close(): Promise<void> {
    await this.session.call('desk.close', {})
  }

  async end(): Promise<void> {
    await this.session.close()
  }

  /** A copy of the folder, as a backup takes it. */
  async backUp(to: string): Promise<void> {
    await cp(this.folder, to, { recursive: true, filter: (path) => !path.endsWith('desk.lock') })
  }

  /** The backup is put back, and two officers record it; gives what that came to. */
  async putBack(from: string): Promise<string> {
    await this.close()
    await rm(this.folder, { recursive: true })
    await cp(from, this.folder, { recursive: true })
    await this.open()
    return this.officersAsk('desk.restored', {})
  }

  /** Everything that the desk shows of itself. */
  async shown(): Promise<unknown> {
    const { clock, recovered, ...desk } = await this.ask('desk.show', {})
    const list = await this.ask('consignment.list', {})
    const each: unknown[] = []
    for (const { id } of list.consignments) each.push(await this.ask('consignment.show', { id }))
    return { desk, floor: clock.floor, recovered, each, changes: await this.ask('change.list', {}) }
  }
}
