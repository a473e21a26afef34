import type { Pack } from './pack.ts'

export const strict: Pack = {
  name: 'strict',
  about: 'Everything that this program can ask for, of every image.',
  page: `Strict: who signed, who built, what is inside, what is known to be wrong with it.

Two people release, and a witness signs. A waybill lives for 30 days.
An image must be signed by its maker, and the signature must stand in a known log. It must have been built by one builder
from one source, asked for nothing else, at most 90 days ago. A bill of materials by the same builder must list what is
inside, each component with version and purl. A scan by your own scanner, at most 7 days old, must show nothing worse
than medium; only your own analysts may say that a finding is none here.
The request must name the digest. What is forbidden must be shown not to be there. Nothing else may come in: there is no
rule for files, so files are refused until you write one.

Change first: the identities, the builder, the source, the names of your images, and the list of what is forbidden.
What it does not do: it does not look into the image itself; it believes what those whom you name have signed.`,
  source: `sallyport: policy/v1
version: 2
signers: { prepare: 1, release: 2, witness: 1 }
lifetime: 30
# What lands is sealed by both who accepted it, not by a key that lies in the desk's folder.
landing: { signers: deciders }
# Replace: whose signatures of content count. Compare each on paper.
identities:
  - name: maker
    issuer: https://token.actions.githubusercontent.com
    identity: https://github.com/example/app/.github/workflows/release.yml@refs/heads/main
  - name: scanner
    issuer: https://issuer.example
    identity: scanner@example.org
  - name: analysts
    issuer: https://issuer.example
    identity: analysts@example.org
items:
  - kind: image
    name: registry.example/app/**
    pinned: requested
    signedBy: { identities: [maker], log: true, time: true, maxAge: 90 }
    provenance:
      - builder: https://github.com/actions/runner/github-hosted
        signedBy: maker
        source: https://github.com/example/app
        ref: refs/heads/main
        maxAge: 90
        parameters: { workflow: { ref: refs/heads/main, repository: https://github.com/example/app, path: '**' } }
        otherParameters: refused
    sbom: { signedBy: [maker], fields: [version, purl], maxAge: 90 }
    free: { signedBy: [maker] }
    scan: { signedBy: [scanner], highest: medium, maxAge: 7, databaseMaxAge: 8, vex: [analysts] }
# Replace: what no item may hold.
forbidden:
  - { purl: pkg:npm/event-stream, versions: =3.3.6, reason: it steals keys, since: 2018-11-26 }
`,
}
