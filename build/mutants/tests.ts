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
      files('hostile', 'past decisions ceremony revocation own-desk facts-past'),
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
  ['', [['test/unit'], ['test/hostile'], ['test/flow']]],
]

/** The groups of tests for a file or a folder, in the order in which they are tried. */
export function testsFor(file: string): readonly (readonly string[])[] {
  const found = table.find(([folder]) => folder === '' || file.startsWith(`${folder}/`))
  return found?.[1] ?? []
}
