import { sigstoreBundle } from '../../oci/file-evidence.ts'
import type { Json } from '../../platform/json.ts'
import type { ListedSignature } from './listing.ts'

/** As many as are read of one version; registries have one, and two while they change their key. */
const most = 16

/**
 * The signatures of a registry of npm over one version (“ECDSA registry signatures”), in the form in which the core reads
 * keys that are named: it asks for `name@version:integrity` and for the key by its digest.
 *
 * @param text what is signed
 * @param listed `dist.signatures` as it stands in the document
 */
export function registrySignatures(text: string, listed: Json | undefined): ListedSignature[] {
  if (!Array.isArray(listed)) return []
  const over = Buffer.from(text, 'utf8')
  return listed.slice(0, most).flatMap((one) => {
    if (typeof one !== 'object' || one === null || Array.isArray(one)) return []
    const { keyid, sig } = one
    if (typeof keyid !== 'string' || typeof sig !== 'string') return []
    const json = {
      mediaType: sigstoreBundle,
      verificationMaterial: { publicKey: { hint: keyid }, tlogEntries: [] },
      messageSignature: { signature: sig },
    }
    return [{ bundle: Buffer.from(JSON.stringify(json), 'utf8'), over }]
  })
}
