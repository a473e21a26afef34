import type { GroundPart } from '../views.ts'

/** What was changed under a verdict, as the middle of a sentence. */
export const groundWords: Readonly<Record<GroundPart, string>> = {
  policy: 'the policy was changed',
  trust: 'trust in a signer was added',
  revocations: 'a key or a root was revoked',
  roots: 'a trusted root was installed',
  people: 'the key of a person was replaced',
}
