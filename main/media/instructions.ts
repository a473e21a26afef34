import type { Digest } from '../../shared/digest.ts'
import { hexOf } from '../../shared/digest.ts'
import type { Waybill } from '../../shared/waybill.ts'
import type { Part } from '../bundle/parts.ts'

/** Who signed which line, for the instructions. */
export interface SignedLine {
  readonly role: string
  readonly person: string
  readonly fingerprint: string
  readonly algorithm: string
}

function joinLines(parts: readonly Part[], media: number): string {
  if (parts.length === 1) return 'The bundle is one file, bundle.tar.'
  const where = media === 1 ? '' : `, on ${media} media. Copy all parts into one folder`
  return `The bundle is cut into ${parts.length} parts${where}. To join them:\n\n  cat ${parts.map((part) => part.name).join(' ')} > bundle.tar`
}

function opensslFor(line: SignedLine, number: number): string {
  const base = `s${number}`
  const prepare = [
    `  sed -n ${number}p waybill.sigstore.jsonl > ${base}.json`,
    `  jq -r .dsseEnvelope.payload ${base}.json | base64 -d > ${base}.payload`,
    `  jq -r '.dsseEnvelope.signatures[0].sig' ${base}.json | base64 -d > ${base}.sig`,
    `  { printf 'DSSEv1 28 application/vnd.in-toto+json %d ' "$(wc -c < ${base}.payload)"; cat ${base}.payload; } > ${base}.pae`,
  ]
  const check =
    line.algorithm === 'ed25519'
      ? `  openssl pkeyutl -verify -pubin -inkey KEY.pub -rawin -in ${base}.pae -sigfile ${base}.sig`
      : `  openssl dgst -${line.algorithm === 'p384' ? 'sha384' : line.algorithm === 'p521' ? 'sha512' : 'sha256'} -verify KEY.pub -signature ${base}.sig ${base}.pae`
  return [
    `Line ${number}: ${line.role}, ${line.person}, ${line.algorithm}. KEY.pub is their public key; its fingerprint must be`,
    `  ${line.fingerprint}`,
    '  (openssl pkey -pubin -in KEY.pub -outform DER | sha256sum)',
    ...prepare,
    check,
    `  jq -r '.subject[0].digest.sha256' ${base}.payload      must be the waybill's digest below`,
  ].join('\n')
}

/**
 * `VERIFY.txt`: exact commands to check a medium with standard tools. It is a help, not evidence: keys must come from
 * somewhere else than this medium.
 *
 * @param parts of all media
 */
export function instructions(
  waybill: Waybill,
  digest: Digest,
  lines: readonly SignedLine[],
  parts: readonly Part[],
  media: number,
): string {
  return `How to check this bundle without Sallyport
===========================================

Bundle      ${waybill.name}, from ${waybill.sender.name}, channel ${waybill.channel}
Waybill     ${digest}
Expires     ${waybill.expires}

Take public keys and fingerprints from paper or from your own records, never from this medium.

1. The files of this medium are as they were written:

  openssl dgst -sha256 -verify station.pub -signature SHA256SUMS.sig.bin SHA256SUMS
  sha256sum -c SHA256SUMS

2. The waybill is the one that was signed. Its SHA-256 must be
   ${hexOf(digest)}

  sha256sum waybill.json

${lines.map((line, i) => opensslFor(line, i + 1)).join('\n\n')}

   A line of a P-256, RSA or Ed25519 key can also be checked with cosign 3:

  cosign verify-blob-attestation --key KEY.pub --type urn:sallyport:waybill:v1 \\
    --insecure-ignore-tlog --bundle s1.json waybill.json

3. ${joinLines(parts, media)}

   Its content is a plain OCI image layout. Every blob must have the digest that is its name, and the waybill must
   list exactly these blobs:

  mkdir content && tar -xf bundle.tar -C content
  (cd content/blobs/sha256 && for f in *; do printf '%s  %s\\n' "$f" "$f"; done | sha256sum -c --quiet)
  ls content/blobs/sha256 | sort > have
  jq -r '.blobs[] | select(.state=="carried") | .digest[7:]' waybill.json | sort > want
  diff have want
  cmp waybill.json content/waybill.json
`
}
