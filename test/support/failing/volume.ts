import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { mayMount } from '../volumes.ts'

const python = '/usr/bin/python3'
const program = join(import.meta.dirname, 'file-system.py')

/** A call that fails, and how; `file-system.py` says what each field means. */
export interface Fault {
  readonly call: string
  readonly name?: string
  readonly skip?: number
  readonly from?: number
  readonly times?: number
  readonly act: 'error' | 'gone' | 'readonly' | 'forget' | 'flip' | 'slow' | 'short' | 'lose' | 'replace'
  readonly errno?: string
  readonly ms?: number
  readonly by?: 'folder' | 'link' | 'file' | 'fifo'
}

/** Why there can be no such volume on this computer; `null` where there can. */
export function missingFailing(): string | null {
  if (!mayMount()) return 'may not mount'
  if (!existsSync('/dev/fuse')) return 'no FUSE'
  const found = spawnSync(python, ['-c', 'import fusepy'], { stdio: 'ignore' })
  return found.status === 0 ? null : 'no python3-fusepy'
}

/** A file system in a folder whose calls fail when a test says so, and only then. */
export class FailingVolume {
  /** Where it is mounted. */
  readonly path: string
  /** What lies on it, seen past it: also while it fails. */
  readonly behind: string
  private readonly control: string
  private readonly child: ChildProcess

  private constructor(folder: string) {
    this.path = join(folder, 'mount')
    this.behind = join(folder, 'behind')
    this.control = join(folder, 'control.json')
    this.child = spawn(python, [program, this.behind, this.path, this.control], { stdio: 'ignore' })
  }

  static async mount(folder: string): Promise<FailingVolume> {
    for (const name of ['mount', 'behind']) await mkdir(join(folder, name), { recursive: true })
    await writeFile(join(folder, 'control.json'), '{"faults":[]}')
    const { dev } = await stat(folder)
    const volume = new FailingVolume(folder)
    while ((await stat(volume.path)).dev === dev) {
      if (volume.child.exitCode !== null) throw new Error('the file system of the tests did not start')
      await pause(5)
    }
    return volume
  }

  /** What fails from now on; what failed before counts no more. */
  async fail(faults: readonly Fault[], free: number | null = null): Promise<void> {
    await rm(`${this.control}.met`, { force: true })
    await writeFile(`${this.control}.new`, JSON.stringify({ free, faults }))
    await rename(`${this.control}.new`, this.control)
  }

  /** How often something failed since `fail`. */
  met(): number {
    return existsSync(`${this.control}.met`) ? readFileSync(`${this.control}.met`).length : 0
  }

  /** A volume that works, with nothing on it. */
  async clear(): Promise<void> {
    await this.fail([])
    for (const name of await readdir(this.behind))
      await rm(join(this.behind, name), { recursive: true, force: true })
  }

  unmount(): void {
    spawnSync('umount', ['-l', this.path], { stdio: 'ignore' })
    this.child.kill()
  }
}
