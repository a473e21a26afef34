import { z } from 'zod'
import { Failure } from '../../platform/failure.ts'
import { parseStrict } from '../../platform/json.ts'
import { limits } from '../../platform/limits.ts'
import type { Gate } from '../../platform/network.ts'
import { ask, refused, shapeOf } from './service.ts'

/** Whom tokens for a certificate authority of Sigstore are made out to. */
export const audience = 'sigstore'

/** A token of an identity provider. Who reads it here believes nothing of it: the certificate authority does that. */
export interface Token {
  readonly text: string
  readonly issuer: string
  /** Issuers that the certificate may name: the token's own, or the one behind a provider that federates. */
  readonly issuers: readonly string[]
  readonly email: string | null
  /** What the proof of possession signs: the email where there is one, else the subject. */
  readonly challenge: string
  readonly nonce: string | null
}

const zClaims = z.object({
  iss: z.string().min(1).max(2048),
  sub: z.string().min(1).max(2048),
  aud: z.union([z.string(), z.array(z.string()).max(64)]),
  exp: z.number(),
  nbf: z.number().optional(),
  email: z.string().min(1).max(2048).optional(),
  nonce: z.string().max(2048).optional(),
  federated_claims: z.object({ connector_id: z.string().max(2048).optional() }).optional(),
})

function badToken(found: string, cause?: unknown): Failure {
  return new Failure('token-form', { expected: `an OpenID Connect token for “${audience}”`, found }, cause)
}

function claimsOf(text: string): z.output<typeof zClaims> {
  const [head = '', body = '', signature = '', ...rest] = text.split('.')
  const whole = [head, body, signature].every((part) => /^[A-Za-z0-9_-]+$/.test(part))
  if (!whole || rest.length > 0) throw badToken('text that is not three parts of base64url')
  let value: unknown
  try {
    value = parseStrict(Buffer.from(body, 'base64url'))
  } catch (error) {
    throw badToken('claims that are not JSON', error)
  }
  const parsed = zClaims.safeParse(value)
  if (!parsed.success)
    throw badToken(`claims without a usable “${String(parsed.error.issues[0]?.path[0] ?? '')}”`)
  return parsed.data
}

/**
 * Reads a token far enough to use it and to say early what its authority would refuse without words.
 *
 * @throws Failure `token-form`, `token-expired`
 */
export function readToken(given: string, now: Date): Token {
  const text = given.trim()
  if (text.length > limits.tokenBytes) throw badToken('text that is too long')
  const claims = claimsOf(text)
  if (![claims.aud].flat().includes(audience))
    throw badToken(`one for ${[claims.aud].flat().join(', ').slice(0, 200)}`)
  if (claims.exp * 1000 <= now.getTime()) {
    throw new Failure('token-expired', { found: new Date(claims.exp * 1000).toISOString() })
  }
  const behind = claims.federated_claims?.connector_id
  return {
    text,
    issuer: claims.iss,
    issuers: [claims.iss, ...(behind === undefined ? [] : [behind])],
    email: claims.email ?? null,
    challenge: claims.email ?? claims.sub,
    nonce: claims.nonce ?? null,
  }
}

/** Where a build service keeps its token: given as it is, or to be fetched with a secret of this run. */
export type AmbientToken =
  | { readonly kind: 'given'; readonly text: string }
  | { readonly kind: 'request'; readonly url: URL; readonly secret: string }

/** The address of a request for a token, with its audience. */
export function requestAddress(url: URL): URL {
  const whole = new URL(url.href)
  whole.searchParams.set('audience', audience)
  return whole
}

/**
 * The token of the build service that this runs in.
 *
 * @throws Failure `service-refused`, `service-answer`, of the gate
 */
export async function ambientToken(place: AmbientToken, gate: Gate, signal?: AbortSignal): Promise<string> {
  if (place.kind === 'given') return place.text
  const headers = { authorization: `bearer ${place.secret}`, accept: 'application/json' }
  const reply = await ask(gate, requestAddress(place.url), { headers, signal })
  if (reply.status !== 200) throw refused(reply)
  return shapeOf(reply, z.object({ value: z.string().max(limits.tokenBytes) }), 'a token').value
}
