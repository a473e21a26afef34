import type { PersonView, SignerView } from '../../../shared/views.ts'
import { readSpki } from '../../sigstore/public-key.ts'
import { fingerprintOf } from '../../trust/fingerprint.ts'
import type { TrustedSigner } from '../../trust/signers.ts'
import type { Person } from '../state/entries.ts'

/** A person of this desk as both faces show them. */
export function personView(person: Person): PersonView {
  const { id, name, roles, algorithm, fingerprint } = person
  return { id, name, roles, algorithm, fingerprint: fingerprintOf(fingerprint) }
}

/** A trusted signer of the other side as both faces show them. */
export function signerView(signer: TrustedSigner): SignerView {
  const { name, roles, senders, channels, fingerprint } = signer
  const { algorithm } = readSpki(Buffer.from(signer.key, 'base64'))
  return {
    name,
    roles: [...roles],
    senders: senders === null ? null : [...senders],
    channels: channels === null ? null : [...channels],
    fingerprint: fingerprintOf(fingerprint),
    algorithm,
  }
}
