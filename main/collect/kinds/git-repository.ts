import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../../platform/failure.ts'
import { limits } from '../../platform/limits.ts'
import { bareEnvironment, findProgram, runProgram, type Ran } from '../../platform/program.ts'
import type { Credentials } from '../../oci/credentials.ts'
import { webLogin } from '../../source/web-login.ts'
import type { GateRules } from '../../platform/network.ts'
import type { CollectTools } from '../tools.ts'

interface Place {
  /** `https://…`, or `file:///…` in the request's folder. */
  readonly from: string
  readonly reference: string
  /** An empty folder. */
  readonly incoming: string
}

type Tools = Pick<CollectTools, 'rules' | 'signal' | 'environment' | 'hosts' | 'credentials'>

/** What a repository, its server or the person's own settings could make git do besides what it is asked for. */
const still = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['credential.helper', ''],
  ['protocol.allow', 'never'],
  ['http.followRedirects', 'false'],
  ['transfer.fsckObjects', 'true'],
  ['fetch.recurseSubmodules', 'false'],
  ['maintenance.auto', 'false'],
  ['gc.auto', '0'],
] as const

/** The proxy that the act was given. Its log-in goes where only this account reads it, never among the words of a program. */
function wayOut({ proxying }: GateRules): NodeJS.ProcessEnv {
  if (proxying === undefined || proxying === null) return {}
  const { kind, host, port, login } = proxying.proxy
  const url = new URL(`http://${host.includes(':') ? `[${host}]` : host}:${port}`)
  if (login !== null) {
    url.username = encodeURIComponent(login.user)
    url.password = encodeURIComponent(login.password)
  }
  const address = url.href.replace(/^http:/, `${kind === 'socks5' ? 'socks5h' : kind}:`).replace(/\/$/, '')
  return { https_proxy: address, no_proxy: proxying.except }
}

function environmentOf(given: NodeJS.ProcessEnv, home: string): NodeJS.ProcessEnv {
  const path = given['PATH'] ?? given['Path'] ?? ''
  const quiet = { GIT_TERMINAL_PROMPT: '0', GIT_ASKPASS: '', SSH_ASKPASS: '' }
  const none = process.platform === 'win32' ? 'NUL' : '/dev/null'
  const own = { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: none, GIT_ATTR_NOSYSTEM: '1' }
  return { ...bareEnvironment(given, home), ...quiet, ...own, PATH: path }
}

/** The log-in for the one address, by variables: whoever lists programs sees their words, and not these. */
function loginFor(from: string, credentials: Credentials): NodeJS.ProcessEnv {
  const url = new URL(from)
  if (url.host === '') return {}
  const { header } = webLogin(credentials, url)
  if (header === null) return {}
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${url.origin}/.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: ${header}`,
  }
}

/**
 * A copy of somebody's repository, made and read by git itself: with settings of ours alone, over https or from the
 * request's folder, without redirects, hooks and submodules, and with each object checked as it comes. A log-in is sent to
 * that address alone, where the file of credentials that was given names it.
 */
export class GitRepository {
  private readonly git: string
  private readonly folder: string
  private readonly place: Place
  private readonly settings: readonly string[]
  private readonly tools: Tools

  private constructor(git: string, place: Place, settings: readonly string[], tools: Tools) {
    this.git = git
    this.place = place
    this.folder = join(place.incoming, 'repository.git')
    this.settings = settings
    this.tools = tools
  }

  /** @throws Failure `git-missing`, `git-failed`, `cancelled` */
  static async open(place: Place, tools: Tools): Promise<GitRepository> {
    const git = await findProgram('git', tools.environment)
    if (git === null) throw new Failure('git-missing', { subject: place.reference })
    const url = new URL(place.from)
    if (url.host !== '') tools.hosts.add(url.host)
    const settings: [string, string][] = [...still.map(([name, value]): [string, string] => [name, value])]
    settings.push([`protocol.${url.protocol.slice(0, -1)}.allow`, 'always'])
    const ca = tools.rules.ca[url.host]
    if (ca !== undefined) {
      const path = join(place.incoming, 'ca.pem')
      await writeFile(path, ca, { mode: 0o600 })
      settings.push(['http.sslCAInfo', path])
    }
    const words = settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const repository = new GitRepository(git, place, words, tools)
    await mkdir(repository.folder, { mode: 0o700 })
    await repository.need(['init', '--quiet', '--bare'])
    const refs = ['+refs/heads/*:refs/remotes/from/*', '+refs/tags/*:refs/tags/*']
    await repository.need([
      'fetch',
      '--quiet',
      '--no-tags',
      '--no-write-fetch-head',
      '--',
      place.from,
      ...refs,
    ])
    return repository
  }

  private async run(words: readonly string[], most: number = limits.helperBytes): Promise<Ran> {
    const { signal, environment } = this.tools
    const ran = await runProgram({
      path: this.git,
      words: [...this.settings, `--git-dir=${this.folder}`, ...words],
      input: '',
      environment: {
        ...environmentOf(environment, this.place.incoming),
        ...wayOut(this.tools.rules),
        ...loginFor(this.place.from, this.tools.credentials),
      },
      most,
      patience: limits.gitTime,
      signal,
    })
    if (signal.aborted) throw new Failure('cancelled')
    return ran
  }

  private async need(words: readonly string[]): Promise<void> {
    const { ended } = await this.run(words)
    if (ended === 'code 0') return
    throw new Failure('git-failed', { subject: this.place.reference, step: words[0] ?? '', found: ended })
  }

  private async read(words: readonly string[]): Promise<Buffer | null> {
    const { ended, output } = await this.run(words, limits.foreignDocumentBytes)
    return ended === 'code 0' ? output : null
  }

  /** The tag as an object with a message; `null`: there is none, or it is only a name for a commit. */
  tag(name: string): Promise<Buffer | null> {
    return this.read(['cat-file', 'tag', `refs/tags/${name}`])
  }

  /** Whether there is such a commit, by its whole digest. */
  async has(commit: string): Promise<boolean> {
    const { ended, output } = await this.run(['cat-file', '-t', commit])
    return ended === 'code 0' && output.toString('utf8').trim() === 'commit'
  }

  /** A file of a commit; `null` where it has none of that name. */
  file(commit: string, path: string): Promise<Buffer | null> {
    return this.read(['cat-file', 'blob', `${commit}:${path}`])
  }

  /** Writes the commit with all that came before it, and the tag on it, to one file that git clones and fetches from. */
  async bundle(commit: string, tag: string | null, to: string): Promise<string> {
    const branch = 'refs/heads/carried'
    await this.need(['update-ref', branch, commit])
    await this.need(['symbolic-ref', 'HEAD', branch])
    const refs = ['HEAD', branch, ...(tag === null ? [] : [`refs/tags/${tag}`])]
    await this.need(['bundle', 'create', '--quiet', to, ...refs])
    await this.need(['bundle', 'verify', '--quiet', to])
    return to
  }
}
