import type { Digest } from '../../shared/digest.ts'
import { Failure } from '../platform/failure.ts'
import type { GateAnswer } from '../platform/network.ts'
import type { Registry } from './registry.ts'

/** What a registry has under another digest than was sent. */
export function changedDigest(registry: Registry, subject: string, expected: Digest, found: string): Failure {
  return new Failure('registry-changed-digest', {
    host: registry.host,
    subject,
    expected,
    found: found.slice(0, 200),
  })
}

/**
 * Holds the digest that a registry acknowledges, where it names one, against what was sent.
 *
 * @throws Failure `registry-changed-digest`
 */
export function checkAcknowledged(
  registry: Registry,
  subject: string,
  expected: Digest,
  { headers }: Pick<GateAnswer, 'headers'>,
): void {
  const found = headers['docker-content-digest']
  if (typeof found === 'string' && found !== expected) throw changedDigest(registry, subject, expected, found)
}
