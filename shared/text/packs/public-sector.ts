import type { Pack } from './pack.ts'

export const publicSector: Pack = {
  name: 'public-sector',
  about:
    'Hardened images of one repository, as a public body keeps them: signed, described, scanned, with findings judged.',
  page: `Public sector: images that one body hardens, scans and signs for all.

Images come from one registry of hardened images and are signed by the body that hardened them, with a bill of materials
and a scan. A scan may have found what its authority has judged: the authority’s signed statements lower a finding, nobody
else’s do. Above low, what is left open refuses.
Approved algorithms alone, also of those who sign the waybill, and of logs: no Ed25519, so nothing whose log signs with
it, as the public log of Sigstore does in its version 2. It is about algorithms; whether a validated
module computes them, this program cannot say. Two people release, and a waybill lives for 14 days.
Licences that a public body cannot take are forbidden, and every component must say its licence.

Change first: the identities, the registry, the licences. Where the body signs with a key of its own, name the key.
What it does not do: it is evidence for your procedure, never a compliance.`,
  source: `sallyport: policy/v1
version: 2
signers: { prepare: 1, release: 2, witness: 0 }
lifetime: 14
algorithms: fips-approved
# What lands is sealed by both who accepted it, not by a key that lies in the desk's folder.
landing: { signers: deciders }
# Replace: the body that hardens and signs, and the authority that judges findings.
identities:
  - name: hardened
    issuer: https://issuer.example
    identity: signing@hardened.example
  - name: authority
    issuer: https://issuer.example
    identity: findings@authority.example
items:
  - kind: image
    name: registry.example/hardened/**
    pinned: requested
    signedBy: { identities: [hardened], maxAge: 180 }
    sbom: { signedBy: [hardened], fields: [version, supplier, licence, author, created], maxAge: 180 }
    free: { signedBy: [hardened] }
    scan: { signedBy: [hardened], highest: low, maxAge: 14, vex: [authority] }
# Replace: licences that cannot be taken.
forbidden:
  - { licence: AGPL-3.0-only, reason: not to be taken in services of this body, since: 2026-01-01 }
  - { licence: SSPL-1.0, reason: not a free licence, since: 2026-01-01 }
`,
}
