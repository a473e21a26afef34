import { hexOf, type Digest } from '../../shared/digest.ts'

/** What the instructions on a medium of accepted content speak of. */
export interface OutInstructions {
  readonly transfer: string
  readonly waybill: Digest
  readonly form: 'folder' | 'layout'
  /** SHA-256 of the station's public key, hex. */
  readonly station: string
  readonly desk: string
}

const forms: Readonly<Record<OutInstructions['form'], string>> = {
  folder: `content/ holds files as they are in files/, charts/, manifests/, folders/, git/ and models/, and
   images and other artifacts as one OCI image layout in images/:

  skopeo inspect oci:content/images:REFERENCE
  skopeo copy oci:content/images:REFERENCE docker://REGISTRY/NAME:TAG`,
  layout: `content/ is one OCI image layout:

  skopeo inspect oci:content:REFERENCE
  skopeo copy oci:content:REFERENCE docker://REGISTRY/NAME:TAG`,
}

/**
 * `VERIFY.txt`: exact commands to check a medium of accepted content with standard tools. It is a help, not evidence: the
 * station's fingerprint must come from somewhere else than this medium.
 */
export function outInstructions({ transfer, waybill, form, station, desk }: OutInstructions): string {
  return `How to check this medium without Sallyport
==========================================

Content     accepted by ${desk} as transfer ${transfer}
Waybill     ${waybill}

This is no bundle: the desk named above took it in, checked it and hands it on. What is said here is said by that
desk's station and by nobody else. Take the fingerprint of the station from paper, never from this medium.

1. The key is that station's. Its SHA-256 must be
   ${station}

  openssl pkey -pubin -in station.pub -outform DER | sha256sum

2. The files are as they were written:

  openssl dgst -sha256 -verify station.pub -signature SHA256SUMS.sig.bin SHA256SUMS
  sha256sum -c --quiet SHA256SUMS

3. Nothing else lies here:

  find . -type f ! -name SHA256SUMS ! -name SHA256SUMS.sig.bin | sed 's|^\\./||' | LC_ALL=C sort > have
  cut -c67- SHA256SUMS | LC_ALL=C sort > want
  diff have want

   (run it elsewhere than on this medium, or the lists lie here too)

4. ${forms[form]}

   export.json lists every file, and names the waybill whose SHA-256 is
   ${hexOf(waybill)}
`
}
