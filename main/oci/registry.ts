import type { Ask, RegistryAccess } from './ask.ts'
import { Failure } from '../platform/failure.ts'
import { isLoopback } from '../platform/hop.ts'
import { limits } from '../platform/limits.ts'
import { drain, type GateAnswer, type GateRules } from '../platform/network.ts'
import { readBody } from './body.ts'
import {
  askedPause,
  backOff,
  ownRest,
  passingStatus,
  spreadOut,
  systemPacing,
  type Pacing,
  type Rest,
} from './pacing.ts'
import { Proofs, type Shown } from './proofs.ts'
import { apiHost } from './reference.ts'
import { statedErrors, type StatedErrors } from './stated-errors.ts'
import { warningsIn } from './warnings.ts'

const passing = new Set(['registry-unreachable', 'proxy-unreachable', 'proxy-no-way'])

/** A refusal that may be none the next time, after as long a rest as was asked for. */
class Later extends Failure {}

/** Whether asking once more may help: not where nobody listens, or somebody who does not speak TLS. */
export function isPassing(error: unknown): boolean {
  if (error instanceof Later) return true
  const lasting = /^(ECONNREFUSED|ENOTFOUND|EPROTO|ERR_SSL|it answers, but)/
  return error instanceof Failure && passing.has(error.code) && !lasting.test(String(error.facts.found ?? ''))
}

/** One registry, over one gate: knows how to prove who we are, and when to ask once more. */
export class Registry {
  readonly host: string
  private readonly access: RegistryAccess
  private readonly base: URL
  private readonly proofs: Proofs
  private readonly pacing: Pacing
  private readonly rest: Rest

  constructor(host: string, access: RegistryAccess) {
    this.host = host
    this.access = access
    const api = apiHost(host)
    this.base = new URL(`${speaksPlain(api, access.rules) ? 'http' : 'https'}://${api}/v2/`)
    this.pacing = access.pacing ?? systemPacing
    this.rest = access.rest ?? ownRest()
    this.proofs = new Proofs(host, this.base, access, this.pacing)
  }

  /**
   * Asks, with credentials when challenged, again after 408, 429, 5xx and broken connections.
   *
   * @throws Failure `not-found`, `registry-auth`, `registry-answer`, and those of the gate
   */
  async ask(question: Ask): Promise<GateAnswer> {
    const { path } = question
    const url = typeof path === 'string' ? new URL(path, this.base) : path.place
    for (let attempt = 1; ; attempt += 1) {
      await this.rested()
      const answer = await this.proven(url, question).catch(async (error: unknown) => {
        if (!isPassing(error) || question.once === true || attempt > limits.retries) throw error
        return null
      })
      if (answer === null) await this.backOff(attempt)
      else if (question.expect.includes(answer.status)) return answer
      else {
        const again = passingStatus.has(answer.status) && question.once !== true && attempt <= limits.retries
        const waited = await this.letAlone(answer, again ? attempt : null)
        if (!waited || !again) throw await this.refused(answer, question, waited)
        drain(answer.body)
      }
    }
  }

  /**
   * Asks, and reads the answer whole, up to a limit; one that breaks off is asked for again.
   *
   * @throws Failure `too-large`, and as `ask`
   */
  async read(question: Ask, most: number): Promise<{ readonly answer: GateAnswer; readonly bytes: Buffer }> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.ask(question)
      try {
        return { answer, bytes: await readBody(answer.body, most, this.host, question.subject) }
      } catch (error) {
        if (!isPassing(error) || attempt > limits.retries) throw error
      }
      await this.backOff(attempt)
    }
  }

  /** Waits as long as is usual before the next attempt, from 1. @throws Failure `cancelled` */
  backOff(attempt: number): Promise<void> {
    return this.pause(backOff(attempt, this.pacing.chance()))
  }

  async pause(milliseconds: number): Promise<void> {
    await this.pacing.wait(milliseconds, this.access.signal).catch(() => {
      throw new Failure('cancelled')
    })
  }

  get cancelled(): boolean {
    return this.access.signal?.aborted === true
  }

  /**
   * Lets the host alone for as long as it asks for, and with it all others who ask this host; where it does not say, this
   * question alone waits.
   *
   * @param attempt `null` where the question is not asked again
   * @returns `false` where it asks for longer than is ever waited
   */
  private async letAlone(answer: GateAnswer, attempt: number | null): Promise<boolean> {
    if (!passingStatus.has(answer.status)) return true
    const { clock } = this.pacing
    const asked = askedPause(answer, clock.now())
    if (asked === Infinity) return false
    if (asked !== null) this.rest.extend(clock.now().getTime() + asked)
    else if (attempt !== null) await this.backOff(attempt)
    return true
  }

  // However often others make it longer: whoever waited so often asks, and is told himself.
  private async rested(): Promise<void> {
    for (let times = 0; times <= limits.retries; times += 1) {
      const left = this.rest.until() - this.pacing.clock.now().getTime()
      if (left <= 0) return
      // The clock may have been put back meanwhile.
      await this.pause(spreadOut(Math.min(left, limits.retryAfter * 1000), this.pacing.chance()))
    }
  }

  private async proven(url: URL, question: Ask): Promise<GateAnswer> {
    const shown = await this.proofs.known(question)
    const first = await this.send(url, question, shown)
    if (first.status !== 401) return first
    drain(first.body)
    return this.send(url, question, await this.proofs.wanted(first, question, shown))
  }

  private async send(url: URL, question: Ask, shown: Shown | null): Promise<GateAnswer> {
    const { path } = question
    // Upload addresses may lie elsewhere: our proof is for the registry alone.
    const mine = shown !== null && url.origin === this.base.origin
    const answer = await this.access.gate.request(url, {
      method: question.method,
      headers: { ...question.headers, ...(mine ? { authorization: shown.header } : {}) },
      ...(question.body === undefined ? {} : { body: question.body }),
      ...(typeof path === 'string' ? {} : { from: path.from }),
      signal: question.signal ?? this.access.signal,
    })
    this.heed(answer)
    return answer
  }

  // What other places say that it sends us on to is no word of the registry.
  private heed(answer: GateAnswer): void {
    if (answer.url.origin !== this.base.origin) return
    for (const text of warningsIn(answer))
      this.access.warnings?.add({ host: this.host, text: this.proofs.hide(text) })
  }

  private async refused(answer: GateAnswer, question: Ask, waited: boolean): Promise<Failure> {
    const refusal = await this.refusal(answer, question)
    const later = waited && question.once === true && passingStatus.has(answer.status)
    return later ? new Later(refusal.code, refusal.facts) : refusal
  }

  private async refusal(answer: GateAnswer, question: Ask): Promise<Failure> {
    const stated = await errorsOf(answer, this.host)
    const found = this.proofs.hide(stated.found)
    const missing = stated.missing.length === 0 ? {} : { missing: stated.missing.join(', ') }
    const facts = { host: this.host, subject: question.subject, status: answer.status, ...missing }
    if (answer.status === 401 || answer.status === 403)
      return new Failure('registry-auth', { ...facts, sent: this.proofs.saidOf(question) })
    if (answer.status === 404) return new Failure('not-found', { ...facts, found })
    if (answer.status === 429) {
      const after = (answer.headers['retry-after'] ?? 'it does not say').replace(/[^\x20-\x7e]/g, '?')
      const when = /^\d+$/.test(after) ? `in ${after} seconds` : after.slice(0, 60)
      return new Failure('registry-limit', { ...facts, found: this.proofs.hide(when) })
    }
    return new Failure('registry-answer', { ...facts, found })
  }
}

function speaksPlain(api: string, rules: GateRules): boolean {
  const listed =
    rules.plainHttp.some((host) => host.toLowerCase() === api) ||
    (rules.hosts !== 'any' && rules.hosts.some((rule) => rule.plainHttp && rule.host.toLowerCase() === api))
  return listed && isLoopback(api)
}

async function errorsOf(answer: GateAnswer, host: string): Promise<StatedErrors> {
  const bytes = await readBody(answer.body, 64 * 1024, host, 'an error').catch(() => Buffer.alloc(0))
  return statedErrors(bytes)
}
