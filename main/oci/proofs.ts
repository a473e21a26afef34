import { Failure } from '../platform/failure.ts'
import { limits } from '../platform/limits.ts'
import { drain, type GateAnswer, type Spoken } from '../platform/network.ts'
import type { Ask, RegistryAccess } from './ask.ts'
import { parseChallenges, type Challenge } from './challenge.ts'
import { credentialFor, secretsOf } from './credentials.ts'
import type { Pacing } from './pacing.ts'
import { isRepository } from './reference.ts'
import { basic, fetchToken } from './token.ts'

/** The value of an `Authorization` header, and from when on (`Clock.ticks`) it is better asked for anew. */
interface Proof {
  readonly header: string
  readonly renewAt: number
}

/** What a registry said it wants, and who said so. */
interface Demand {
  readonly bearer: Challenge | null
  readonly asked: Spoken
}

interface Kept {
  readonly proof: Promise<Proof>
  readonly demand: Demand
}

/** What a question is asked with: kept to know afterwards which proof it was that did not do. */
export interface Shown {
  readonly header: string
  readonly kept: Kept
}

/** What may be done with a proof for a question, and no more. */
function actionsOf({ push, method }: Ask): string[] {
  return ['pull', ...(push === true ? ['push'] : []), ...(method === 'DELETE' ? ['delete'] : [])]
}

function scopesOf(question: Ask): string[] {
  const own = `repository:${question.repository}:${actionsOf(question).join(',')}`
  return question.alsoPull === undefined ? [own] : [own, `repository:${question.alsoPull}:pull`]
}

const challengesOf = ({ headers }: GateAnswer): Challenge[] =>
  parseChallenges([headers['www-authenticate']].flat().join(', '))

/**
 * How one registry is shown who we are (OCI distribution-spec; the token protocol of the distribution project): a proof
 * for each set of scopes, asked for once however many wait for it, and renewed before its time is over.
 */
export class Proofs {
  private readonly host: string
  private readonly base: URL
  private readonly access: RegistryAccess
  private readonly pacing: Pacing
  private readonly kept = new Map<string, Kept>()
  /** By scopes: what a refusal says of the credential. */
  private readonly said = new Map<string, string>()
  /** By the scopes of a question: those that the registry said it needs for it. */
  private readonly wider = new Map<string, string[]>()
  private readonly secrets = new Set<string>()

  constructor(host: string, base: URL, access: RegistryAccess, pacing: Pacing) {
    this.host = host
    this.base = base
    this.access = access
    this.pacing = pacing
  }

  /** The proof that is there for a question, renewed where its time is over; `null` before the registry wanted one. */
  async known(question: Ask): Promise<Shown | null> {
    const kept = this.kept.get(keyOf(question))
    if (kept === undefined) return null
    const { header, renewAt } = await kept.proof
    if (this.pacing.clock.ticks() < renewAt) return { header, kept }
    return this.anew(question, kept, kept.demand)
  }

  /**
   * A new proof after the registry did not take the one that was shown, or wanted one at all.
   *
   * @throws Failure `registry-auth`, `registry-answer`, `realm-refused`, and those of the gate
   */
  async wanted(answer: GateAnswer, question: Ask, shown: Shown | null): Promise<Shown> {
    // The challenge counts only where the credential belongs: not from a place we were sent on to.
    if (answer.url.origin !== this.base.origin)
      throw this.refused(
        question,
        `none was sent, because ${answer.url.host} asked for it in the place of ${this.host}`,
      )
    const current = this.kept.get(keyOf(question))
    // Another request may have renewed it meanwhile.
    if (current !== undefined && current !== shown?.kept)
      return { header: (await current.proof).header, kept: current }
    const challenges = challengesOf(answer)
    const [demanded, asked] = challenges.length > 0 ? [challenges, answer] : await this.ping(question)
    const bearer = demanded.find(({ scheme }) => scheme === 'bearer') ?? null
    if (bearer === null && !demanded.some(({ scheme }) => scheme === 'basic'))
      throw this.refused(question, `none was sent, because ${this.host} did not say how it wants one`)
    if (shown !== null && bearer?.parameters.error === 'insufficient_scope') this.widen(question, bearer)
    return this.anew(question, shown?.kept, { bearer, asked })
  }

  /** What a refusal says of the credential for a question. */
  saidOf(question: Ask): string {
    return this.said.get(keyOf(question)) ?? `none was sent to ${this.host}, because it did not ask for one`
  }

  /** Takes what proves us out of words that somebody else wrote. */
  hide(text: string): string {
    let hidden = text
    for (const secret of this.secrets) hidden = hidden.replaceAll(secret, '…')
    return hidden
  }

  // Some registries say how they want it only at the address that is there to ask for just that.
  private async ping(question: Ask): Promise<[Challenge[], Spoken]> {
    const { gate } = this.access
    const signal = question.signal ?? this.access.signal
    const answer = await gate.request(this.base, { method: 'GET', signal })
    drain(answer.body)
    const own = answer.status === 401 && answer.url.origin === this.base.origin
    return [own ? challengesOf(answer) : [], answer]
  }

  private anew(question: Ask, old: Kept | undefined, demand: Demand): Promise<Shown> {
    const key = keyOf(question)
    let kept = this.kept.get(key)
    if (kept === undefined || kept === old) {
      const made: Kept = { proof: this.prove(question, demand), demand }
      this.kept.set(key, made)
      made.proof.catch(() => {
        if (this.kept.get(key) === made) this.kept.delete(key)
      })
      kept = made
    }
    const current = kept
    return current.proof.then(({ header }) => ({ header, kept: current }))
  }

  private async prove(question: Ask, { bearer, asked }: Demand): Promise<Proof> {
    const { host, access, pacing } = this
    const { credential, said } = credentialFor(access.credentials, host, question.repository)
    const key = keyOf(question)
    this.said.set(key, said)
    for (const secret of secretsOf(credential)) this.secrets.add(secret)
    const lasting = (header: string): Proof => ({ header, renewAt: Infinity })
    if (bearer !== null) {
      if (credential !== null && 'registryToken' in credential)
        return lasting(`Bearer ${credential.registryToken}`)
      const { gate } = access
      const signal = question.signal ?? access.signal
      const scopes = this.wider.get(key) ?? scopesOf(question)
      const request = { gate, challenge: bearer, asked, scopes, credential, said, signal }
      const { token, lifetime } = await fetchToken(request)
      this.secrets.add(token)
      return { header: `Bearer ${token}`, renewAt: pacing.clock.ticks() + lifetime }
    }
    if (credential === null) throw this.refused(question, said)
    if ('username' in credential) return lasting(basic(credential))
    throw this.refused(
      question,
      `none was sent, because ${host} takes a user and a password, and there is a token`,
    )
  }

  /**
   * Adds what the registry says is missing (RFC 6750, 3.1), as far as it is about repositories and what the question is
   * there for: nobody is asked for leave to write where something is only read.
   */
  private widen(question: Ask, { parameters }: Challenge): void {
    const key = keyOf(question)
    const scopes = this.wider.get(key) ?? scopesOf(question)
    const useful = actionsOf(question)
    const named = (parameters.scope ?? '').split(' ').flatMap((scope) => {
      const [, repository = '', actions = ''] = /^repository:([^:\s]+):([a-z,*]+)$/.exec(scope) ?? []
      const wanted = useful.filter((action) => actions.split(',').includes(action))
      if (!isRepository(repository) || wanted.length === 0) return []
      return [`repository:${repository}:${wanted.join(',')}`]
    })
    this.wider.set(key, [...new Set([...scopes, ...named])].slice(0, limits.tokenScopes))
  }

  private refused(question: Ask, sent: string): Failure {
    return new Failure('registry-auth', { host: this.host, subject: question.subject, status: 401, sent })
  }
}

function keyOf(question: Ask): string {
  return scopesOf(question).sort().join(' ')
}
