import { appendFileSync, chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import type * as fs from 'node:fs'
import { join } from 'node:path'
import type { ElectronApplication } from 'playwright'
import { callChannel } from '../../main/shell/channels.ts'
import { zDrive, type Drive, type Drives } from '../../shared/drives.ts'
import { viewOf } from '../../shared/text/say-failure.ts'
import { foundDrive } from './made-drives.ts'

/** What the window of a test is told of drives. */
export interface DriveList {
  set(drives: readonly Drive[], about?: Partial<Drives>): void
  /** The list cannot be had. */
  fail(): void
  /** How often it was asked. */
  asked(): number
}

/** A drive as main tells it. */
export function shownDrive(about: Partial<Drive> = {}): Drive {
  const drive = { ...foundDrive(), barred: null, ...about }
  return zDrive.parse(Object.fromEntries(Object.entries(drive).filter(([name]) => name in zDrive.shape)))
}

/**
 * Answers for main, in the test and not in the product, what the window asks of drives: such hardware is not here. Ejecting
 * says that the drive is busy.
 */
export async function standInDrives(app: ElectronApplication, home: string): Promise<DriveList> {
  const folder = mkdtempSync(join(home, '.drives-'))
  const files = { list: join(folder, 'list'), asked: join(folder, 'asked') }
  const busy = { ok: false, failure: viewOf('drive-busy', { subject: '/dev/sdb1' }, 'window') }
  const put = (answer: object): void => writeFileSync(files.list, JSON.stringify(answer))
  put({ ok: true, drives: [], unproven: false, handles: true })
  appendFileSync(files.asked, '')
  chmodSync(folder, 0o777)
  for (const file of Object.values(files)) chmodSync(file, 0o666)
  await app.evaluate(
    ({ ipcMain }, given) => {
      const main = Reflect.get(process, 'mainModule') as NodeJS.Module
      const { appendFileSync: add, readFileSync: read } = main.require('node:fs') as typeof fs
      type Handler = (event: unknown, name: string, input: unknown) => Promise<unknown>
      const handlers = Reflect.get(ipcMain, '_invokeHandlers') as Map<string, Handler>
      const own = handlers.get(given.channel)
      handlers.set(given.channel, async (event, name, input) => {
        if (name === 'drive.eject') return given.busy
        if (name !== 'drive.list') return own?.(event, name, input)
        add(given.asked, '.')
        return JSON.parse(read(given.list, 'utf8')) as unknown
      })
    },
    { ...files, busy, channel: callChannel },
  )
  return {
    set: (drives, about = {}) => put({ ok: true, drives, unproven: false, handles: true, ...about }),
    fail: () => {
      const facts = { found: 'there is no lsblk', expected: '/usr/bin/lsblk' }
      put({ ok: false, failure: viewOf('drives-unreadable', facts, 'window') })
    },
    asked: () => readFileSync(files.asked, 'utf8').length,
  }
}
