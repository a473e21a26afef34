import { spawn } from 'node:child_process'
import { performance } from 'node:perf_hooks'

/*
 * `npm run check`: everything that must hold before a commit, in under two minutes. Two at a time, because a
 * workstation has two cores; the output of what failed is printed, of the rest only a line.
 */

interface Step {
  readonly name: string
  readonly command: readonly string[]
}

const formatted = [
  '*.{ts,js,json,yml}',
  '{main,renderer,shared,build,test}/**/*.{ts,tsx,css,html,json}',
  '.dependency-cruiser.cjs',
]

// What did not change since the last check is not looked at again; a fresh clone has no such memory and looks at all.
const remembered = (file: string): string[] => [
  ...['--cache', '--cache-strategy', 'content'],
  ...['--cache-location', `.cache/check/${file}`],
]

const compiled = (name: string, project: string): Step => ({
  name: `tsc ${name}`,
  command: ['tsc', '-p', project, '--incremental', '--tsBuildInfoFile', `.cache/check/${name}.tsbuildinfo`],
})

// The longest first: it takes about as long as all others together.
const all: readonly Step[] = [
  { name: 'eslint', command: ['eslint', '--max-warnings', '0', ...remembered('eslint.json'), '.'] },
  { name: 'fast tests', command: ['vitest', 'run', 'test/unit', '--reporter', 'dot'] },
  compiled('test', 'tsconfig.json'),
  {
    name: 'prettier',
    command: [
      ...['prettier', '--check', '--log-level', 'warn', '--no-error-on-unmatched-pattern'],
      ...remembered('prettier.json'),
      ...formatted,
    ],
  },
  compiled('main', 'tsconfig.main.json'),
  compiled('renderer', 'tsconfig.renderer.json'),
  {
    name: 'dependency rules',
    command: ['depcruise', 'main', 'renderer', 'shared', '--config', '.dependency-cruiser.cjs'],
  },
  compiled('shared', 'tsconfig.shared.json'),
  { name: 'knip', command: ['knip'] },
]

function run({ name, command: [program = '', ...words] }: Step): Promise<boolean> {
  const start = performance.now()
  return new Promise((resolve) => {
    const child = spawn(program, words, {
      shell: process.platform === 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')))
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')))
    child.on('error', (error) => (output += error.message))
    child.on('close', (code) => {
      const seconds = ((performance.now() - start) / 1000).toFixed(1)
      console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`)
      if (code !== 0) console.log(output)
      resolve(code === 0)
    })
  })
}

const steps = process.argv.includes('--static') ? all.filter((step) => step.name !== 'fast tests') : [...all]
const waiting = [...steps]
let failed = 0
const lane = async (): Promise<void> => {
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
    if (!(await run(step))) failed += 1
  }
}
await Promise.all([lane(), lane()])
console.log(failed === 0 ? 'All checks hold.' : `${failed} of ${steps.length} checks failed.`)
process.exitCode = failed === 0 ? 0 : 1
