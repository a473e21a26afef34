import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/*
 * `npm test`: everything. Builds, packs the app, runs the static checks and every test, and says on its last line what
 * came of it. Debian packages are installed only as root and under CI or SALLYPORT_TEST_INSTALL=1; otherwise the one
 * line that installs them is printed, and what was therefore not run.
 */

const results = 'test-results'

/** Debian packages that tests use, with a file that shows they are there and what is not run without them. */
const packages: readonly { readonly name: string; readonly shows: string; readonly without: string }[] = [
  {
    name: 'docker-registry',
    shows: '/usr/bin/docker-registry',
    without: 'collect from and export to a real registry',
  },
  { name: 'skopeo', shows: '/usr/bin/skopeo', without: 'comparison with skopeo' },
  { name: 'openssl', shows: '/usr/bin/openssl', without: 'checks by openssl, TLS registries' },
  { name: 'jq', shows: '/usr/bin/jq', without: 'recomputing of reports' },
  { name: 'dosfstools', shows: '/usr/sbin/mkfs.vfat', without: 'FAT media' },
  { name: 'fusefat', shows: '/usr/bin/fusefat', without: 'FAT media' },
  { name: 'xvfb', shows: '/usr/bin/Xvfb', without: 'the packaged app' },
  { name: 'strace', shows: '/usr/bin/strace', without: 'the silence of a high desk, measured' },
  { name: 'x11-utils', shows: '/usr/bin/xwininfo', without: 'the app with the fuses of a release' },
  { name: 'poppler-utils', shows: '/usr/bin/pdftotext', without: 'reading of printed reports' },
  { name: 'fonts-noto-core', shows: '/usr/share/fonts/truetype/noto', without: 'screenshots as designed' },
  ...[
    'libnss3',
    'libatk-bridge2.0-0',
    'libcups2',
    'libgtk-3-0',
    'libgbm1',
    'libasound2',
    'libxss1',
    'libxtst6',
    'libdrm2',
  ].map((name) => ({ name, shows: `/var/lib/dpkg/info/${name}:amd64.list`, without: 'the packaged app' })),
]

function run(program: string, words: readonly string[], quiet = false): number {
  const { status } = spawnSync(program, words, { stdio: quiet ? 'ignore' : 'inherit' })
  return status ?? 1
}

function preparePackages(): void {
  const missing = packages.filter((one) => !existsSync(one.shows))
  if (missing.length === 0) return
  const names = missing.map((one) => one.name)
  const may = process.env['CI'] !== undefined || process.env['SALLYPORT_TEST_INSTALL'] === '1'
  if (may && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    run('apt-get', ['update', '-qq'])
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names])
    return
  }
  console.log(`To run everything: sudo apt-get install ${names.join(' ')}`)
  for (const without of new Set(missing.map((one) => one.without)))
    console.log(`Not run without it: ${without}`)
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
runTests('engine', ['test/unit', 'test/flow', 'test/hostile'], counts)
runTests('interop', ['test/interop', '--no-file-parallelism'], counts)
if (built) {
  if (step('package', 'node', ['build/runtime/package.ts'], counts)) {
    // Each file has an account, a display and an app of its own.
    runTests('app', ['test/e2e', '--maxWorkers', '2'], counts)
  }
}
const skipped = counts.skipped === 0 ? '' : `, ${counts.skipped} skipped`
const line = `${counts.passed} passed, ${counts.failed} failed${skipped}`
writeFileSync(join(results, 'summary.txt'), `${line}\n`)
console.log(`\n${line}`)
process.exitCode = counts.failed === 0 ? 0 : 1
