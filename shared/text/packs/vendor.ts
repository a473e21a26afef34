import type { Pack } from './pack.ts'

export const vendor: Pack = {
  name: 'vendor',
  about: 'One signer: what one maker signs comes in, and nothing else.',
  page: `Vendor: one maker, one key.

Everything must be signed by the one maker whom you name. With a certificate, as it stands here, a known log and a known
time must vouch for it. With a key, which many makers use, neither is asked; how old something is can then not be proven,
so no age is asked.
The ordinary signers of a waybill stay: one who prepares, one who releases.

Change first: the identity. For a key, write name, key (the PEM) and fingerprint instead of issuer and identity, and
compare the fingerprint with the maker over another way.
What it does not do: it asks for no build, no bill of materials and no scan. Who steals a key of the maker signs
anything, and without a log it does not show.`,
  source: `sallyport: policy/v1
version: 2
# Replace: the one maker. With a key: { name: maker, key: |PEM, fingerprint: 64 hex digits }.
identities:
  - name: maker
    issuer: https://issuer.example
    identity: releases@vendor.example
items:
  - { kind: any, name: '**', signedBy: { identities: [maker] } }
`,
}
