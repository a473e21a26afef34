import type { Pack } from './pack.ts'

export const vendor: Pack = {
  name: 'vendor',
  about: 'One signer: what one maker signs comes in, and nothing else.',
  page: `Vendor: one maker, one key.

Everything must be signed by the one maker whom you name. No log and no time is asked, because many makers sign with a
key alone; how old something is can then not be proven, and is not asked.
The ordinary signers of a waybill stay: one who prepares, one who releases.

Change first: the identity. For a key, write name, key (the PEM) and fingerprint instead of issuer and identity, and
compare the fingerprint with the maker over another way.
What it does not do: it asks for no build, no bill of materials and no scan. A stolen key of the maker signs anything; a
signature made in secret would not show, because no log is asked.`,
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
