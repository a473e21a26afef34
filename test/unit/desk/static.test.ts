import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..', '..', '..')

function filesOf(folder: string, ends: string): { name: string; text: string }[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ends))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ name: path.slice(root.length + 1), text: readFileSync(path, 'utf8') }))
}
const uses = (pattern: RegExp, besides: readonly string[] = []): string[] =>
  filesOf('main', '.ts')
    .filter(({ name, text }) => pattern.test(text) && !besides.some((one) => name.startsWith(one)))
    .map(({ name }) => name)

// A thread paces its reports of progress; what it measures reaches nobody.
const besideTheClock = ['main/platform/clock.ts', 'main/shell/', 'main/worker.ts']

describe('nothing in the product opens a back door', () => {
  it('no variable of the environment and no flag of the runtime changes the engine', () => {
    expect(
      uses(/process\.env|process\.argv|process\.execArgv/, [
        'main/cli.ts',
        'main/index.ts',
        'main/shell/',
        'main/desk/work/environment.ts',
      ]),
    ).toEqual([])
    const time = /process\.env\S*\s*(?:\[|\.)\s*['"]?\w*(TIME|CLOCK|NOW|TRUST|LIMIT|GATE|SKIP|INSECURE)/i
    expect(uses(time)).toEqual([])
  })

  it('only the clock reads the time; only the gate opens connections', () => {
    expect(uses(/Date\.now\(\)|new Date\(\)|performance\.now\(\)/, besideTheClock)).toEqual([])
    expect(uses(/from 'node:(https?|net|tls|dns|dgram|http2)'/, ['main/platform/'])).toEqual([])
    expect(uses(/from '\S*\/tunnel\.ts'/)).toEqual(['main/platform/network.ts'])
  })

  it('nothing runs what comes from outside', () => {
    expect(
      uses(/\beval\(|new Function\(|from 'node:(vm|child_process)'/, [
        'main/shell/',
        'main/command/browser.ts',
        'main/platform/program.ts',
      ]),
    ).toEqual([])
    // What runs a program is there for programs that hold credentials, for git, for renderers and for those of the system
    // that know drives; an act asks for each by one function.
    const programs = [
      'main/collect/kinds/git-repository.ts',
      'main/collect/render/run-renderer.ts',
      'main/media/drives/programs.ts',
      'main/media/parity.ts',
      'main/oci/credential-stores.ts',
    ]
    expect(uses(/platform\/program\.ts'/).sort()).toEqual(programs)
    // A renderer is run as the copy that was held against the policy, and never from where it lies.
    expect(uses(/\brunRenderer\b/, ['main/collect/render/']).sort()).toEqual([])
    expect(uses(/\bpinnedProgram\(/, ['main/platform/']).sort()).toEqual([
      'main/collect/render/renderers.ts',
      'main/desk/work/par2.ts',
    ])
    expect(uses(/\bGitRepository\.open\b/, ['main/collect/kinds/git-repository.ts'])).toEqual([
      'main/collect/kinds/git.ts',
    ])
    expect(uses(/\bdrivePrograms\(/, ['main/media/drives/programs.ts'])).toEqual([
      'main/media/drives/system.ts',
    ])
    expect(uses(/\bsystemDrives\b/, ['main/media/drives/system.ts'])).toEqual([
      'main/desk/work/drive-port.ts',
    ])
    expect(uses(/\baskStores\b/, ['main/oci/credential-stores.ts'])).toEqual(['main/desk/work/access.ts'])
  })

  it.skipIf(!existsSync(join(root, 'out', 'main', 'cli.cjs')))(
    'no built bundle holds the façade of sigstore or TUF (needs npm run build)',
    () => {
      for (const { name, text } of filesOf('out', '.cjs')) {
        for (const word of [
          'tuf-repo-cdn',
          'TUFClient',
          '@sigstore/tuf',
          'make-fetch-happen',
          'DEFAULT_FULCIO_URL',
          'DEFAULT_REKOR_URL',
        ]) {
          expect({ name, word, found: text.includes(word) }).toEqual({ name, word, found: false })
        }
      }
    },
  )
})
