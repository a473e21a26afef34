import { predicate1 } from '../attacks/provenance.ts'

/** Predicates as cosign takes them: its name of the type, the type itself, and a document. */
export const predicates = [
  { type: 'slsaprovenance1', uri: 'https://slsa.dev/provenance/v1', document: predicate1({}) },
  {
    type: 'spdxjson',
    uri: 'https://spdx.dev/Document',
    document: {
      spdxVersion: 'SPDX-2.3',
      SPDXID: 'SPDXRef-DOCUMENT',
      dataLicense: 'CC0-1.0',
      name: 'app',
      documentNamespace: 'https://priv.test/app',
      creationInfo: { created: '2026-11-01T00:00:00Z', creators: ['Tool: test'] },
      packages: [{ SPDXID: 'SPDXRef-a', name: 'a', versionInfo: '1', downloadLocation: 'NOASSERTION' }],
    },
  },
  {
    type: 'cyclonedx',
    uri: 'https://cyclonedx.org/bom',
    document: {
      bomFormat: 'CycloneDX',
      specVersion: '1.5',
      version: 1,
      components: [{ type: 'library', name: 'a', version: '1' }],
    },
  },
] as const
