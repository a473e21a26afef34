import { Failure } from '../platform/failure.ts'
import { drain, type Gate } from '../platform/network.ts'

/**
 * Asks how large a file of the web is, without taking it.
 *
 * @returns bytes; `null` where its server does not say, or does not answer such a question
 * @throws Failure `not-found`, and those of the gate
 */
export async function webSize(asked: {
  readonly url: URL
  readonly gate: Gate
  readonly signal: AbortSignal
}): Promise<number | null> {
  const { url, gate, signal } = asked
  const answer = await gate.request(url, { method: 'HEAD', headers: {}, signal })
  drain(answer.body)
  const { status, headers } = answer
  if (status === 404 || status === 410) throw new Failure('not-found', { subject: url.href, status })
  const length = headers['content-length'] ?? ''
  return status === 200 && /^\d{1,15}$/.test(length) ? Number(length) : null
}
