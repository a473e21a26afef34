import type { z } from 'zod'
import { readBody } from '../../oci/body.ts'
import { Failure } from '../../platform/failure.ts'
import { isLoopback } from '../../platform/hop.ts'
import { JsonError, parseStrict } from '../../platform/json.ts'
import { limits } from '../../platform/limits.ts'
import type { Gate, GateRules, Spoken } from '../../platform/network.ts'
import { shown } from '../../sigstore/refusal.ts'

/** What a service is asked; without a body it is a GET. */
export interface Question {
  readonly body?: { readonly type: string; readonly bytes: Buffer }
  readonly headers?: Readonly<Record<string, string>>
  /** Whose answer named the address. */
  readonly from?: Spoken | undefined
  readonly signal?: AbortSignal | undefined
}

/** What it answered, whole. */
export interface Reply {
  readonly host: string
  /** Who answered. */
  readonly by: Spoken
  readonly status: number
  readonly type: string
  readonly location: string | null
  readonly body: Buffer
}

/** The rules of a gate to these addresses and to nothing else; plain http only on this computer. */
export function rulesTo(
  urls: readonly URL[],
  way: Pick<GateRules, 'ca' | 'proxying'> = { ca: {} },
): GateRules {
  const hosts = urls.map((url) => ({
    host: url.host,
    plainHttp: url.protocol === 'http:' && isLoopback(url.host),
  }))
  return { hosts, plainHttp: [], ...way }
}

/** JSON as the body of a question. */
export function json(value: unknown): { readonly type: string; readonly bytes: Buffer } {
  return { type: 'application/json', bytes: Buffer.from(JSON.stringify(value), 'utf8') }
}

/** A form as the body of a question. */
export function form(fields: Readonly<Record<string, string>>): {
  readonly type: string
  readonly bytes: Buffer
} {
  const text = new URLSearchParams(fields).toString()
  return { type: 'application/x-www-form-urlencoded', bytes: Buffer.from(text, 'latin1') }
}

/**
 * Asks a service and reads its answer, up to the limit.
 *
 * @throws Failure of the gate, `too-large`
 */
export async function ask(gate: Gate, url: URL, question: Question): Promise<Reply> {
  const { body, headers, from, signal } = question
  const answer = await gate.request(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...(body === undefined ? {} : { 'content-type': body.type }), ...headers },
    ...(body === undefined ? {} : { body: body.bytes }),
    from,
    signal,
  })
  return {
    host: url.host,
    by: { url: answer.url, zone: answer.zone },
    status: answer.status,
    type: (answer.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '',
    location: answer.headers.location ?? null,
    body: await readBody(answer.body, limits.serviceBytes, url.host, `the answer of ${url.host}`),
  }
}

/** An answer that refuses: its status, and what it says for a reason, cut and cleaned. */
export function refused(reply: Reply): Failure {
  const text = shown(reply.body.toString('utf8').slice(0, 300))
  return new Failure('service-refused', { host: reply.host, found: `${reply.status} ${text}`.trim() })
}

/** An answer that is not what was asked for. */
export function unexpected(reply: Reply, expected: string, found: string, cause?: unknown): Failure {
  return new Failure('service-answer', { host: reply.host, expected, found: shown(found) }, cause)
}

/**
 * Takes an answer as JSON of a shape.
 *
 * @throws Failure `service-answer`
 */
export function shapeOf<Shape extends z.ZodType>(
  reply: Reply,
  shape: Shape,
  expected: string,
): z.output<Shape> {
  let value: unknown
  try {
    value = parseStrict(reply.body)
  } catch (error) {
    throw unexpected(reply, expected, error instanceof JsonError ? error.message : 'not JSON', error)
  }
  const parsed = shape.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw unexpected(reply, expected, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'another shape'}`)
}

/** An address below a base address. */
export function below(base: URL, path: string): URL {
  return new URL(path, base.href.endsWith('/') ? base : `${base.href}/`)
}
