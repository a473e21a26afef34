import { setTimeout as wait } from 'node:timers/promises'
import type { Readable } from 'node:stream'
import { Failure } from '../platform/failure.ts'
import { isLoopback } from '../platform/hop.ts'
import { parseStrict } from '../platform/json.ts'
import { limits } from '../platform/limits.ts'
import { drain, type Gate, type GateAnswer, type GateRules, type Spoken } from '../platform/network.ts'
import { readBody } from './body.ts'
import { parseChallenges } from './challenge.ts'
import { credentialFor, type Credentials } from './credentials.ts'
import { apiHost } from './reference.ts'
import { basic, fetchToken } from './token.ts'

export interface RegistryAccess {
  readonly gate: Gate
  readonly rules: GateRules
  readonly credentials: Credentials
  readonly signal?: AbortSignal | undefined
}

export interface Ask {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'PATCH'
  readonly repository: string
  /** Below `/v2/`, or an address that an answer named, with whose that was. */
  readonly path: string | { readonly place: URL; readonly from: Spoken }
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | (() => Readable)
  /** Who asks what, for failures: `host/repository:tag`. */
  readonly subject: string
  /** Statuses that the caller understands; all others become failures. */
  readonly expect: readonly number[]
  /** What changes with each time it is said is not said again. */
  readonly once?: boolean
  readonly push?: boolean
  /** A further repository that must be readable, to mount from it. */
  readonly alsoPull?: string
}

const passing = new Set(['registry-unreachable', 'proxy-unreachable', 'proxy-no-way'])

/** Whether asking once more may help: not where nobody listens, or somebody who does not speak TLS. */
export function isPassing(error: unknown): boolean {
  const lasting = /^(ECONNREFUSED|ENOTFOUND|EPROTO|ERR_SSL|it answers, but)/
  return error instanceof Failure && passing.has(error.code) && !lasting.test(String(error.facts.found ?? ''))
}

const repeated = new Set([408, 429, 500, 502, 503, 504])

/** One registry, over one gate: knows how to prove who we are, and when to ask once more. */
export class Registry {
  readonly host: string
  private readonly access: RegistryAccess
  private readonly base: URL
  /** By scope: the header, or the promise of one, so that many requests ask for one token. */
  private readonly proofs = new Map<string, Promise<string>>()
  /** By scope: what a refusal says of the credential. */
  private readonly said = new Map<string, string>()

  constructor(host: string, access: RegistryAccess) {
    this.host = host
    this.access = access
    const api = apiHost(host)
    this.base = new URL(`${speaksPlain(api, access.rules) ? 'http' : 'https'}://${api}/v2/`)
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
      const answer = await this.proven(url, question).catch(async (error: unknown) => {
        if (!isPassing(error) || question.once === true || attempt > limits.retries) throw error
        return null
      })
      if (answer !== null) {
        if (question.expect.includes(answer.status)) return answer
        const again = repeated.has(answer.status) && question.once !== true && attempt <= limits.retries
        const pause = again ? retryAfter(answer, attempt) : null
        if (pause === null) throw await this.refusal(answer, question)
        drain(answer.body)
        await this.pause(pause)
      } else await this.pause(backOff(attempt))
    }
  }

  async pause(milliseconds: number): Promise<void> {
    await wait(milliseconds, undefined, this.signalOption()).catch(() => {
      throw new Failure('cancelled')
    })
  }

  private signalOption(): { signal?: AbortSignal } {
    return this.access.signal === undefined ? {} : { signal: this.access.signal }
  }

  private async proven(url: URL, question: Ask): Promise<GateAnswer> {
    const scopes = scopesOf(question)
    const key = scopes.join(' ')
    const known = this.proofs.get(key)
    const first = await this.send(url, question, known === undefined ? null : await known)
    if (first.status !== 401) return first
    drain(first.body)
    // Another request may have renewed it meanwhile.
    if (known !== undefined && this.proofs.get(key) === known) this.proofs.delete(key)
    let proof = this.proofs.get(key)
    if (proof === undefined) {
      proof = this.prove(first, question, scopes)
      this.proofs.set(key, proof)
      proof.catch(() => this.proofs.delete(key))
    }
    return this.send(url, question, await proof)
  }

  private send(url: URL, question: Ask, proof: string | null): Promise<GateAnswer> {
    const { path } = question
    // Upload addresses may lie elsewhere: our proof is for the registry alone.
    const mine = proof !== null && url.origin === this.base.origin
    return this.access.gate.request(url, {
      method: question.method,
      headers: { ...question.headers, ...(mine ? { authorization: proof } : {}) },
      ...(question.body === undefined ? {} : { body: question.body }),
      ...(typeof path === 'string' ? {} : { from: path.from }),
      signal: this.access.signal,
    })
  }

  private async prove(answer: GateAnswer, question: Ask, scopes: string[]): Promise<string> {
    const { host } = this
    const refused = (sent: string): Failure =>
      new Failure('registry-auth', { host, subject: question.subject, status: 401, sent })
    // The challenge counts only where the credential belongs: not from a place we were sent on to.
    if (answer.url.origin !== this.base.origin)
      throw refused(`none was sent, because ${answer.url.host} asked for it in the place of ${host}`)
    const challenges = parseChallenges([answer.headers['www-authenticate']].flat().join(', '))
    const { credential, said } = credentialFor(this.access.credentials, host, question.repository)
    const bearer = challenges.find((challenge) => challenge.scheme === 'bearer')
    this.said.set(scopes.join(' '), said)
    if (bearer !== undefined) {
      const { gate, signal } = this.access
      const asked = { gate, challenge: bearer, asked: answer, scopes, credential, said, signal }
      return `Bearer ${await fetchToken(asked)}`
    }
    if (!challenges.some((challenge) => challenge.scheme === 'basic'))
      throw refused(`none was sent, because ${host} did not say how it wants one`)
    if (credential === null) throw refused(said)
    if ('username' in credential) return basic(credential)
    throw refused(`none was sent, because ${host} takes a user and a password, and there is a token`)
  }

  private async refusal(answer: GateAnswer, question: Ask): Promise<Failure> {
    const facts = { host: this.host, subject: question.subject, status: answer.status }
    const sent =
      this.said.get(scopesOf(question).join(' ')) ??
      `none was sent to ${this.host}, because it did not ask for one`
    const found = await messageOf(answer, this.host)
    if (answer.status === 401 || answer.status === 403)
      return new Failure('registry-auth', { ...facts, sent })
    if (answer.status === 404) return new Failure('not-found', { ...facts, found })
    if (answer.status === 429) {
      const after = (answer.headers['retry-after'] ?? 'it does not say').replace(/[^\x20-\x7e]/g, '?')
      const when = /^\d+$/.test(after) ? `in ${after} seconds` : after.slice(0, 60)
      return new Failure('registry-limit', { ...facts, found: when })
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

function scopesOf(question: Ask): string[] {
  const own = `repository:${question.repository}:${question.push === true ? 'pull,push' : 'pull'}`
  return question.alsoPull === undefined ? [own] : [own, `repository:${question.alsoPull}:pull`]
}

function backOff(attempt: number): number {
  return 200 * 2 ** (attempt - 1)
}

// The date form is measured against the answer's own clock, so that ours does not matter.
function retryAfter(answer: GateAnswer, attempt: number): number | null {
  const text = answer.headers['retry-after']
  if (text === undefined) return backOff(attempt)
  const span = Date.parse(text) - Date.parse(answer.headers.date ?? '')
  const seconds = /^\d+$/.test(text) ? Number(text) : span / 1000
  if (Number.isNaN(seconds)) return backOff(attempt)
  return seconds > limits.retryAfter ? null : Math.max(0, seconds) * 1000
}

/** What a registry says about an error: the code of its first entry, nothing longer. */
async function messageOf(answer: GateAnswer, host: string): Promise<string> {
  try {
    const body = parseStrict(await readBody(answer.body, 64 * 1024, host, 'an error')) as {
      errors?: { code?: unknown; message?: unknown }[]
    }
    const first = body.errors?.[0]
    const text = [first?.code, first?.message].filter((part) => typeof part === 'string').join(', ')
    return text === '' ? 'no explanation' : text.replace(/[^\x20-\x7e]/g, '?').slice(0, 200)
  } catch {
    return 'no explanation'
  }
}
