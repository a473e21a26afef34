import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { planFor } from './support/packages.ts'
import { faultsFolder } from './support/failing/tally.ts'
import { readingsFolder } from './support/reading.ts'

/*
 * `npm test`: everything. Builds, packs the app, runs the static checks and every test, and says on its last line what
 * came of it. As root on Debian the packages that are missing are installed, which is said first
 * (SALLYPORT_TEST_INSTALL=0 stops it); otherwise the one line that installs them is printed, and what was not run.
 */

const results = 'test-results'

function run(program: string, words: readonly string[], quiet = false): number {
  const { status } = spawnSync(program, words, { stdio: quiet ? 'ignore' : 'inherit' })
  return status ?? 1
}

function preparePackages(): void {
  const ldconfig = ['/sbin/ldconfig', '/usr/sbin/ldconfig'].find((path) => existsSync(path))
  const linked = ldconfig === undefined ? '' : spawnSync(ldconfig, ['-p'], { encoding: 'utf8' }).stdout
  const { install, say } = planFor({
    root: process.getuid?.() === 0,
    has: existsSync,
    links: (library) => linked.includes(`\t${library} `),
    environment: process.env,
  })
  for (const line of say) console.log(line)
  if (install.length === 0) return
  const words = ['install', '-y', '-qq', '--no-install-recommends']
  run('apt-get', ['update', '-qq'])
  if (run('apt-get', [...words, ...install]) === 0) return
  // One that cannot be had stops all. Newer releases call some libraries by another name.
  for (const name of install) {
    if (run('apt-get', [...words, name]) !== 0) run('apt-get', [...words, `${name}t64`])
  }
}

interface Counts {
  passed: number
  failed: number
  skipped: number
}

/** Runs test files and adds up what their runner counted; a runner that died counts as a failure. */
function runTests(name: string, words: readonly string[], counts: Counts): void {
  const file = join(results, `${name}.json`)
  rmSync(file, { force: true })
  const status = run('vitest', [
    'run',
    ...words,
    '--reporter',
    'default',
    '--reporter',
    'json',
    '--outputFile.json',
    file,
  ])
  if (!existsSync(file)) {
    counts.failed += 1
    return
  }
  const report = JSON.parse(readFileSync(file, 'utf8')) as {
    numPassedTests: number
    numFailedTests: number
    numPendingTests: number
    numTotalTests: number
    numFailedTestSuites: number
  }
  counts.passed += report.numPassedTests
  counts.failed += report.numFailedTests
  counts.skipped += report.numPendingTests
  // A file that did not even load has no test in it that could fail.
  if (status !== 0 && report.numFailedTests === 0) counts.failed += 1
}

function step(name: string, program: string, words: readonly string[], counts: Counts): boolean {
  console.log(`\n── ${name}`)
  const passed = run(program, words) === 0
  if (passed) counts.passed += 1
  else counts.failed += 1
  return passed
}

const counts: Counts = { passed: 0, failed: 0, skipped: 0 }
mkdirSync(results, { recursive: true })
preparePackages()
const built = step('build', 'npm', ['run', 'build', '--silent'], counts)
step('static checks', 'node', ['build/check.ts', '--static'], counts)
rmSync(faultsFolder, { recursive: true, force: true })
runTests('engine', ['test/unit', 'test/flow', 'test/hostile'], counts)
// Where no volume could be made to fail there is nothing to count.
if (existsSync(join(faultsFolder, 'write.json')))
  step('faults of media', 'node', ['test/bench/media-faults.ts'], counts)
runTests('interop', ['test/interop', '--no-file-parallelism'], counts)
if (built) {
  if (step('package', 'node', ['build/runtime/package.ts'], counts)) {
    rmSync(readingsFolder, { recursive: true, force: true })
    // Each file has an account, a display and an app of its own.
    runTests('app', ['test/e2e', '--maxWorkers', '2'], counts)
    // Where no window could be driven there is nothing to count.
    if (existsSync(readingsFolder)) step('words on the screens', 'node', ['test/bench/words.ts'], counts)
  }
}
const skipped = counts.skipped === 0 ? '' : `, ${counts.skipped} skipped`
const line = `${counts.passed} passed, ${counts.failed} failed${skipped}`
writeFileSync(join(results, 'summary.txt'), `${line}\n`)
console.log(`\n${line}`)
process.exitCode = counts.failed === 0 ? 0 : 1
