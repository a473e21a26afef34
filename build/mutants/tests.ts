/*
 * Which tests can notice a change, by the folder it is in: the quick ones first, so that most changes cost seconds.
 * A group runs only where those before it noticed nothing.
 */
const files = (folder: string, names: string): string[] =>
  names.split(' ').map((name) => `test/${folder}/${name}.test.ts`)

const table: readonly (readonly [folder: string, groups: readonly (readonly string[])[]])[] = [
  [
    'main/ledger',
    [
      ['test/unit/ledger', 'test/unit/verify'],
      files('hostile', 'past ledger lines snapshot put-back'),
      files('flow', 'events'),
    ],
  ],
  [
    'main/desk/state',
    [
      ['test/unit/desk', 'test/unit/shared/decision.test.ts'],
      files('hostile', 'changes-past waybills-past roots-past halves-past what-stays snapshot'),
      files('hostile', 'past decisions accepting ceremony revocation own-desk facts-past'),
      files('flow', 'crossing roots close histories'),
    ],
  ],
  [
    'main/desk/acts',
    [
      ['test/unit/desk', 'test/unit/request'],
      files('hostile', 'approvals busy refused-input desk-files said what-stays'),
      files('hostile', 'decisions ceremony revocation past given-up extremes blocked'),
      files('flow', 'close low-window evidence evidence-shown prune report crossing roots histories'),
    ],
  ],
  [
    'main/landing',
    [
      ['test/unit/landing', ...files('hostile', 'landing-gate')],
      ['test/flow/landing', ...files('hostile', 'landing-past')],
      files('interop', 'landing kit-schemas'),
    ],
  ],
  [
    'main/verify',
    [
      ['test/unit/verify', 'test/unit/bundle'],
      files('hostile', 'waybill signatures said loads decisions'),
      files('hostile', 'graph medium order'),
      files('flow', 'crossing evidence'),
    ],
  ],
  [
    'main/oci',
    [
      ['test/unit/oci', 'test/unit/platform/network.test.ts'],
      ['test/unit/export', 'test/unit/collect'],
      files('hostile', 'costs graph ends silence'),
    ],
  ],
  [
    'main/platform',
    [
      ['test/unit/platform', 'test/unit/request', 'test/unit/collect/refused.test.ts'],
      files('hostile', 'ends outside disc desk-folder'),
      ['test/unit/oci', 'test/unit/store', ...files('hostile', 'silence lines desk-files')],
      files('flow', 'locks beside read-once registry crossing'),
    ],
  ],
  [
    'main/export',
    [
      ['test/unit/export'],
      files('hostile', 'outside desk-folder what-stays blocked graph'),
      files('flow', 'crossing evidence registry'),
    ],
  ],
  [
    'main/store',
    [
      ['test/unit/store', 'test/unit/oci', 'test/unit/export'],
      files('hostile', 'kept-content ends outside desk-folder'),
      files('flow', 'crossing prune crash media'),
    ],
  ],
  [
    'main/bundle',
    [
      ['test/unit/bundle', 'test/unit/verify'],
      files('hostile', 'medium waybill signatures kept-content'),
      files('hostile', 'waybills-past extremes loads desk-folder'),
      files('flow', 'media crossing crash'),
    ],
  ],
  [
    'main/policy',
    [
      ['test/unit/policy', ...files('hostile', 'sigstore-slsa')],
      files('flow', 'item-rules-made item-rules policy'),
      files('hostile', 'names extremes override'),
    ],
  ],
  [
    'main/evidence',
    [
      ['test/unit/evidence', 'test/unit/policy', ...files('hostile', 'sigstore-slsa costs')],
      files('hostile', 'sigstore-statements graph'),
      files('flow', 'item-rules-made evidence evidence-shown'),
      files('flow', 'item-rules'),
      files('hostile', 'second-verifier'),
    ],
  ],
  [
    'main/trust',
    [
      ['test/unit/trust', ...files('hostile', 'trust-package')],
      files('hostile', 'roots-past changes-past signatures'),
      files('flow', 'roots crossing'),
    ],
  ],
  [
    'main/sigstore',
    [
      files(
        'hostile',
        'sigstore-algorithms sigstore-bundle sigstore-certificates sigstore-json sigstore-log',
      ),
      files('hostile', 'sigstore-statements sigstore-times sigstore-trust sigstore-honest ed25519'),
      ['test/unit/sigstore', 'test/unit/evidence', ...files('hostile', 'sigstore-paths costs')],
      files('flow', 'conformance item-rules-made'),
      files('hostile', 'sigstore-mutations second-verifier'),
    ],
  ],
  ['', [['test/unit'], ['test/hostile'], ['test/flow']]],
]

/** The groups of tests for a file or a folder, in the order in which they are tried. */
export function testsFor(file: string): readonly (readonly string[])[] {
  const found = table.find(([folder]) => folder === '' || file.startsWith(`${folder}/`))
  return found?.[1] ?? []
}
