/*
 * Which tests can notice a change, by the folder it is in: the quick ones first, so that most changes cost seconds.
 * A group runs only where those before it noticed nothing.
 */
const files = (folder: string, names: string): string[] =>
  names.split(' ').map((name) => `test/${folder}/${name}.test.ts`)

const table: readonly (readonly [folder: string, groups: readonly (readonly string[])[]])[] = [
  ['main/ledger', [['test/unit/ledger', 'test/unit/verify'], files('hostile', 'past ledger')]],
  [
    'main/desk/state',
    [
      ['test/unit/desk', 'test/unit/shared/decision.test.ts'],
      files('hostile', 'changes-past waybills-past roots-past halves-past'),
      files('hostile', 'past decisions ceremony revocation'),
      [...files('flow', 'crossing roots policy'), ...files('hostile', 'order trust-package')],
    ],
  ],
  [
    'main/desk/acts',
    [
      ['test/unit/desk', 'test/unit/request'],
      files('hostile', 'busy desk-files said ceremony decisions past'),
      files('flow', 'close low-window beside evidence prune events registry report'),
      files('flow', 'crossing roots policy media'),
    ],
  ],
  [
    'main/verify',
    [
      ['test/unit/verify', 'test/unit/bundle'],
      files('hostile', 'waybill signatures graph medium ledger'),
      files('hostile', 'said decisions order revocation'),
      [...files('flow', 'crossing media policy evidence item-rules')],
    ],
  ],
  ['', [['test/unit'], ['test/hostile'], ['test/flow']]],
]

/** The groups of tests for a file or a folder, in the order in which they are tried. */
export function testsFor(file: string): readonly (readonly string[])[] {
  const found = table.find(([folder]) => folder === '' || file.startsWith(`${folder}/`))
  return found?.[1] ?? []
}
