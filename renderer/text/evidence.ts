import type { Evidence } from '../../shared/waybill.ts'

/** What a piece of evidence claims to be, by the type that its maker gave it. Nothing of it is proven by that. */
export function evidenceName({ artifactType, mediaType }: Evidence): string {
  const type = artifactType ?? mediaType
  if (/sigstore\.bundle/.test(type)) return 'Sigstore bundle (signature or attestation)'
  if (/cosign|simplesigning/.test(type)) return 'cosign signature'
  if (/notary/.test(type)) return 'Notary signature'
  if (/in-toto|dsse/.test(type)) return 'attestation'
  if (/spdx|cyclonedx|sbom/.test(type)) return 'SBOM'
  return 'other evidence'
}
