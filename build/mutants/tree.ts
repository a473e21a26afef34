import { spawn, type ChildProcess } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import { changed, type Change } from './changes.ts'

/** What became of the tests. */
export type Ran = 'passed' | 'failed' | 'timeout'

/** Tests that run together, and how long they may take. */
export interface Group {
  readonly files: readonly string[]
  readonly seconds: number
}

const left = new Set(['node_modules', 'out', 'dist', '.git', 'test-results'])

/** A copy of the source, in which one change at a time is tried: the source itself is never touched. */
export class Tree {
  private readonly folder = mkdtempSync(join(tmpdir(), 'sallyport-mutants-'))
  // Tests that end in the middle leave things behind.
  private readonly temporary = join(this.folder, 'temporary')
  private child: ChildProcess | null = null
  private cleared = false

  constructor(source: string) {
    const wanted = (path: string): boolean => !left.has(path.slice(source.length + 1).split(sep)[0] ?? '')
    cpSync(source, this.folder, { recursive: true, filter: wanted })
    symlinkSync(realpathSync(join(source, 'node_modules')), join(this.folder, 'node_modules'))
  }

  /** Runs groups of tests until one fails. */
  async run(groups: readonly Group[]): Promise<Ran> {
    for (const { files, seconds } of groups) {
      const ran = await this.tests(files, seconds)
      if (ran !== 'passed') return ran
    }
    return 'passed'
  }

  /** The same with one change, which is taken back whatever comes of it. */
  async try(change: Change, groups: readonly Group[]): Promise<Ran> {
    const path = join(this.folder, change.file)
    const text = readFileSync(path, 'utf8')
    writeFileSync(path, changed(text, change))
    try {
      return await this.run(groups)
    } finally {
      writeFileSync(path, text)
      rmSync(this.temporary, { recursive: true, force: true, maxRetries: 3 })
    }
  }

  /** Ends what runs and clears the copy away. */
  clear(): void {
    this.cleared = true
    if (this.child?.pid !== undefined) this.stop(this.child.pid)
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 })
  }

  private stop(pid: number): void {
    try {
      // Its own group: the runner with the processes that it started.
      process.kill(-pid, 'SIGKILL')
    } catch {
      // It has ended meanwhile.
    }
  }

  private tests(files: readonly string[], seconds: number): Promise<Ran> {
    const program = join(this.folder, 'node_modules', 'vitest', 'vitest.mjs')
    const words = ['run', ...files, '--bail', '1', '--maxWorkers', '1', '--reporter', 'dot']
    mkdirSync(this.temporary, { recursive: true })
    return new Promise((resolve) => {
      const child = spawn(process.execPath, [program, ...words], {
        cwd: this.folder,
        env: { ...process.env, TMPDIR: this.temporary },
        stdio: 'ignore',
        detached: true,
      })
      this.child = child
      let late = false
      const timer = setTimeout(() => {
        late = true
        if (child.pid !== undefined) this.stop(child.pid)
      }, seconds * 1000)
      child.on('close', (code) => {
        clearTimeout(timer)
        this.child = null
        if (late) resolve('timeout')
        // Ended from outside: that says nothing about the change.
        else if (code === null && !this.cleared) resolve(this.tests(files, seconds))
        else resolve(code === 0 ? 'passed' : 'failed')
      })
    })
  }
}
