import type { BundleJson, MadeBundle } from './authority/bundle.ts'

/* One bundle as other tools write it. What was signed stands in each byte for byte. */

const text = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))
const pemOf = (rawBytes = ''): string =>
  `-----BEGIN CERTIFICATE-----\n${(rawBytes.match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`

/** As PyPI keeps it (PEP 740). */
export const pypiObject = ({ verificationMaterial, dsseEnvelope }: BundleJson): object => ({
  version: 1,
  verification_material: {
    certificate: verificationMaterial.certificate?.rawBytes,
    transparency_entries: verificationMaterial.tlogEntries,
  },
  envelope: { statement: dsseEnvelope?.payload, signature: dsseEnvelope?.signatures[0]?.sig },
})

/** As cosign wrote it before version 3, from a bundle of version 0.1. */
export function cosignBundle({ json, rawEnvelope }: MadeBundle, write = (pem: string) => pem): object {
  const { verificationMaterial, messageSignature } = json
  const [leaf] = verificationMaterial.x509CertificateChain?.certificates ?? []
  const [entry] = verificationMaterial.tlogEntries
  return {
    base64Signature: messageSignature?.signature ?? rawEnvelope.toString('base64'),
    ...(leaf !== undefined && { cert: write(pemOf(leaf.rawBytes)) }),
    rekorBundle:
      entry === undefined
        ? null
        : {
            SignedEntryTimestamp: entry.inclusionPromise?.signedEntryTimestamp,
            Payload: {
              body: entry.canonicalizedBody,
              integratedTime: Number(entry.integratedTime),
              logIndex: Number(entry.logIndex),
              logID: Buffer.from(entry.logId.keyId, 'base64').toString('hex'),
            },
          },
  }
}

const stranger = { mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json', verificationMaterial: {} }

/** A bundle around which something else was written, by name. */
export function wrappings(json: BundleJson): Readonly<Record<string, Buffer>> {
  const one = JSON.stringify(json)
  return {
    'one line with its end': Buffer.from(`${one}\n`),
    'lines, the good one last': Buffer.from(`${JSON.stringify(stranger)}\n${one}\n`),
    'lines of Windows': Buffer.from(`\r\n${one}\r\n${JSON.stringify(stranger)}\r\n`),
    'lines of which one is no JSON': Buffer.from(`${one}\n# made by the build\n`),
    'lines of which one is cut off': Buffer.from(`${one.slice(0, 400)}\n${one}\n`),
    'a byte order mark': Buffer.from(`\ufeff${one}`),
    'UTF-16': Buffer.from(`\ufeff${one}`, 'utf16le'),
    'UTF-16, the other way round': Buffer.from(`\ufeff${one}`, 'utf16le').swap16(),
    'UTF-16 without a mark': Buffer.from(one, 'utf16le'),
    'UTF-16 lines': Buffer.from(`\ufeff${JSON.stringify(stranger)}\r\n${one}\r\n`, 'utf16le'),
    base64: Buffer.from(Buffer.from(one).toString('base64')),
    'wrapped base64': Buffer.from(`${Buffer.from(one).toString('base64').replace(/.{76}/g, '$&\n')}\n`),
    'an answer of npm': text({ attestations: [{ predicateType: 'x', bundle: stranger }, { bundle: json }] }),
    'an answer of GitHub': text({ attestations: [{ bundle: json, repository_id: 1, bundle_url: '' }] }),
    'an answer of gh': text([{ attestation: { bundle: json }, verificationResult: {} }]),
    'a list': text([stranger, json]),
  }
}
