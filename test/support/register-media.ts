import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { FoundDrive } from '../../main/media/drives/found.ts'
import { deviceNumber } from '../../main/platform/mounts.ts'
import { done, sallyport, type Ended, type Said } from './command-line.ts'
import { makeCrossing, makePerson, type Crossing } from './desks.ts'
import { foundDrive } from './made-drives.ts'
import { TestDrives } from './test-drives.ts'
import { memoryVolume } from './volumes.ts'

const mega = 1024 * 1024

/** A crossing whose media lie on drives of the test's, with people for the register: custodians fay (low) and gus (high). */
export class RegisterWorld {
  readonly drives = new TestDrives()
  private readonly undo: (() => void)[] = []
  private readonly keys = new Map<string, string>()
  readonly crossing: Crossing

  private constructor(crossing: Crossing) {
    this.crossing = crossing
  }

  static async make(): Promise<RegisterWorld> {
    const world = new RegisterWorld(await makeCrossing())
    await world.person('low', 'fay', 'Fay Root', 'media-custodian')
    await world.person('low', 'hal', 'Hal Penn', 'witness')
    return world
  }

  /** Adds somebody with a key of their own. */
  async person(side: 'low' | 'high', id: string, name: string, role: string): Promise<void> {
    const { folder, clock } = this.crossing
    const { key } = await makePerson(folder, id, name, 'p256')
    this.keys.set(id, key)
    const who = ['--id', id, '--name', name, '--role', role, '--key', `${key}.pub`]
    await done(['person', 'add', '--desk', this.crossing[side], ...who], clock)
  }

  /** How somebody signs. */
  signs(id: string): string[] {
    const key = this.keys.get(id) ?? this.crossing.people[id as 'bob'].key
    return ['--person', id, '--key', key, '--passphrase-file', this.crossing.passphrase]
  }

  /** A volume of its own as a drive with this serial; it is there from now on. */
  stick(serial: string | null, about: Partial<FoundDrive> = {}, bytes = 40 * mega): string {
    const path = join(this.crossing.folder, `stick-${this.undo.length}`)
    this.undo.push(memoryVolume(path, bytes))
    const letter = String.fromCharCode('b'.charCodeAt(0) + this.undo.length)
    const disk = `/dev/sd${letter}`
    const number = deviceNumber(statSync(path).dev)
    const drive = foundDrive({ serial, number, mounted: [path], disk, device: `${disk}1`, ...about })
    this.drives.drives = [...this.drives.drives, drive]
    return path
  }

  run(words: readonly string[]): Promise<Ended> {
    return sallyport(words, this.crossing.clock, undefined, undefined, undefined, this.drives)
  }

  /** A command that must succeed. */
  async must(words: readonly string[]): Promise<Said> {
    const ended = await this.run(words)
    if (ended.code !== 0) throw new Error(`${words.join(' ')} → ${ended.code}: ${ended.stdout}`)
    return ended.json
  }

  /** The code of a command that must be refused. */
  async refused(words: readonly string[]): Promise<string> {
    const ended = await this.run(words)
    if (ended.code === 0) throw new Error(`${words.join(' ')} was not refused`)
    return ended.json.failure.code
  }

  /** A command about media at the low desk. */
  low(...words: readonly string[]): string[] {
    return ['media', ...words, '--desk', this.crossing.low]
  }

  high(...words: readonly string[]): string[] {
    return ['media', ...words, '--desk', this.crossing.high]
  }

  async end(): Promise<void> {
    for (const step of this.undo) step()
    await this.crossing.dispose()
  }
}
