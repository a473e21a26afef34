// The walls of the house, as rules. Ranks inside main, from top to bottom; an import may only go down,
// never sideways between folders of one rank. See README.md, "The house".
const ranks = [
  ['shell', 'command'],
  ['desk'],
  ['request', 'collect', 'verify', 'policy', 'inspect', 'look', 'media', 'export', 'landing', 'report'],
  ['bundle', 'evidence', 'source', 'sign', 'trust', 'ledger'],
  ['oci', 'archive', 'sigstore', 'store'],
  ['platform'],
]

const downwardOnly = ranks.flatMap((rank, i) =>
  rank.map((folder) => ({
    name: `main-${folder}-downward-only`,
    severity: 'error',
    from: { path: `^main/${folder}/` },
    to: {
      path: `^main/(${[...ranks.slice(0, i).flat(), ...rank.filter((f) => f !== folder)].join('|') || '$^'})/|^main/[^/]+\\.ts$`,
    },
  })),
)

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'shared-imports-only-zod',
      severity: 'error',
      from: { path: '^shared/' },
      to: { pathNot: '^shared/|node_modules/zod/' },
    },
    {
      name: 'renderer-imports-only-shared-and-its-libraries',
      severity: 'error',
      from: { path: '^renderer/' },
      to: {
        pathNot:
          '^renderer/|^shared/|node_modules/(react|react-dom|react-aria-components|yaml|zustand|@types/react|@types/react-dom)/',
      },
    },
    {
      // Types only; that none of it is in the bundle is a test (test/unit/renderer).
      name: 'renderer-without-zod',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: 'node_modules/zod/' },
    },
    {
      name: 'electron-only-at-the-edge',
      severity: 'error',
      from: { path: '^(main|shared|renderer)/', pathNot: '^main/(shell/|index\\.ts$|preload\\.ts$)' },
      to: { path: 'node_modules/electron/|^electron$' },
    },
    {
      name: 'cli-without-the-shell',
      severity: 'error',
      from: { path: '^main/(cli\\.ts$|command/)' },
      to: { path: '^main/shell/', reachable: true },
    },
    {
      name: 'product-without-tests',
      severity: 'error',
      from: { path: '^(main|shared|renderer)/' },
      to: { path: '^(test|build)/' },
    },
    ...downwardOnly,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
