import tseslint from 'typescript-eslint'
import hooks from 'eslint-plugin-react-hooks'

/**
 * Modules that can open a connection. Only main/platform/network.ts may import them, its ways through proxies
 * (tunnel.ts), and what listens on this computer.
 */
const connections = ['http', 'https', 'http2', 'net', 'tls', 'dns', 'dgram', 'undici'].flatMap((name) => [
  name,
  `node:${name}`,
])

const banned = [
  { selector: 'TSEnumDeclaration', message: 'Use a union of strings.' },
  { selector: 'MemberExpression[property.name=/^(innerHTML|outerHTML)$/]', message: 'No HTML from strings.' },
  { selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]', message: 'No HTML from strings.' },
  { selector: 'MemberExpression[property.name=/^(openExternal|executeJavaScript)$/]', message: 'Never.' },
  {
    selector: 'CallExpression[callee.property.name="exec"][callee.object.name="child_process"]',
    message: 'No shell.',
  },
]
const noFetch = {
  selector: 'CallExpression[callee.name="fetch"]',
  message: 'Only main/platform/network.ts opens connections.',
}
const noClock = [
  {
    selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
    message: 'Ask main/platform/clock.ts.',
  },
  {
    selector: 'MemberExpression[object.name="Date"][property.name="now"]',
    message: 'Ask main/platform/clock.ts.',
  },
  { selector: 'MemberExpression[object.name="Math"][property.name="random"]', message: 'Use node:crypto.' },
]
const noEnvironment = {
  selector: 'MemberExpression[object.name="process"][property.name="env"]',
  message: 'Only main/desk/work/environment.ts reads the environment.',
}

const noPort = [
  {
    selector: 'MemberExpression[property.name="network"][object.property.name="ports"]',
    message: 'Ask main/desk/work/network.ts: it narrows by the side and policy of the open desk.',
  },
  {
    selector: 'MemberExpression[property.name="network"][object.name="ports"]',
    message: 'Ask main/desk/work/network.ts: it narrows by the side and policy of the open desk.',
  },
  {
    selector: 'VariableDeclarator[init.property.name="ports"] > ObjectPattern > Property[key.name="network"]',
    message: 'Ask main/desk/work/network.ts: it narrows by the side and policy of the open desk.',
  },
]
const inProduct = [...banned, noFetch, ...noClock, noEnvironment, ...noPort]

export default tseslint.config(
  { ignores: ['out/**', 'dist/**', '.cache/**', 'node_modules/**', 'test-results/**'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: [
          './tsconfig.json',
          './tsconfig.main.json',
          './tsconfig.shared.json',
          './tsconfig.renderer.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      'max-lines': ['error', 400],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/require-await': 'off',
      'no-restricted-syntax': ['error', ...banned],
    },
  },
  {
    files: ['main/**/*.ts', 'shared/**/*.ts', 'renderer/**/*.{ts,tsx}'],
    rules: {
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'no-restricted-imports': ['error', { paths: connections }],
      'no-restricted-syntax': ['error', ...inProduct],
    },
  },
  {
    files: ['network', 'tunnel', 'loopback', 'local-socket'].map((name) => `main/platform/${name}.ts`),
    rules: { 'no-restricted-imports': 'off' },
  },
  {
    // Types of connections, and how addresses compare: neither opens one.
    files: ['main/platform/wire.ts', 'main/platform/no-proxy.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            ...connections.filter((name) => name !== 'node:net'),
            { name: 'node:net', allowImportNames: ['BlockList', 'isIP', 'Socket'] },
          ],
        },
      ],
    },
  },
  {
    files: ['main/platform/clock.ts'],
    rules: { 'no-restricted-syntax': ['error', ...inProduct.filter((rule) => !noClock.includes(rule))] },
  },
  {
    files: ['main/desk/work/environment.ts'],
    rules: { 'no-restricted-syntax': ['error', ...inProduct.filter((rule) => rule !== noEnvironment)] },
  },
  {
    files: ['main/desk/work/network.ts'],
    rules: { 'no-restricted-syntax': ['error', ...inProduct.filter((rule) => !noPort.includes(rule))] },
  },
  {
    files: ['renderer/**/*.tsx'],
    plugins: { 'react-hooks': hooks },
    rules: {
      ...hooks.configs.recommended.rules,
      'max-lines-per-function': ['error', { max: 90, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['test/**/*.{ts,tsx}', 'build/**/*.ts', '*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  { files: ['**/*.js', '**/*.cjs'], extends: [tseslint.configs.disableTypeChecked] },
)
