import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSession } from '../../../main/desk/session.ts'
import { openGate } from '../../../main/platform/network.ts'
import { limits } from '../../../main/platform/limits.ts'
import { keptSettings } from '../../../main/shell/settings.ts'
import { defaultSettings, type Settings } from '../../../shared/settings.ts'
import { testClock } from '../../support/command-line.ts'

describe('settings of an account', () => {
  let folder: string
  let file: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sallyport-settings-'))
    file = join(folder, 'settings.json')
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))
  const dark: Settings = { ...defaultSettings, theme: 'dark', density: 'compact' }

  it('are kept from one start to the next, for the owner alone, through the calls of the contract', async () => {
    const ports = { clock: testClock(), network: openGate, settings: keptSettings(join(folder, 'new')) }
    const first = openSession(ports)
    expect((await first.call('settings.show', {})).settings).toEqual(defaultSettings)
    await first.call('settings.set', { settings: dark })
    await first.close()
    const second = openSession(ports)
    const package_ = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
    expect(await second.call('settings.show', {})).toEqual({ settings: dark, version: package_.version })
    expect(statSync(join(folder, 'new', 'settings.json')).mode & 0o077).toBe(0)
    await second.close()
  })

  it.each([
    ['no JSON', 'theme: dark'],
    ['nothing', ''],
    ['half a file', '{"density":"compact","form'],
    [
      'a name twice',
      `{"format":"sallyport.settings/v1",${'"theme":"dark",'.repeat(2)}"density":"compact","language":"en"}`,
    ],
    ['a field too many', JSON.stringify({ ...dark, script: 'x' })],
    ['an unknown theme', JSON.stringify({ ...dark, theme: '"><script>' })],
    ['another version', JSON.stringify({ ...dark, format: 'sallyport.settings/v2' })],
    ['too many bytes', `${JSON.stringify(dark)}${' '.repeat(limits.settingsBytes)}`],
  ])('a file with %s is passed over', async (_what, text) => {
    writeFileSync(file, text)
    expect(await keptSettings(folder).read()).toEqual(defaultSettings)
  })

  it('a link or a folder in place of the file is passed over', async () => {
    writeFileSync(join(folder, 'elsewhere'), JSON.stringify(dark))
    symlinkSync(join(folder, 'elsewhere'), file)
    expect(await keptSettings(folder).read()).toEqual(defaultSettings)
    expect(await keptSettings(join(folder, 'elsewhere')).read()).toEqual(defaultSettings)
  })

  it('take only what the contract knows, and are not on the command line', async () => {
    const session = openSession({ clock: testClock(), network: openGate, settings: keptSettings(folder) })
    const codes = [
      await session.answer('settings.set', { settings: { ...dark, theme: 'pink' } }),
      await session.answer('settings.set', { settings: { ...dark, more: 1 } }),
      await openSession({ clock: testClock(), network: openGate }).answer('settings.show', {}),
    ].map((answer) => (answer.ok ? 'ok' : answer.failure.code))
    expect(codes).toEqual(['bad-input', 'bad-input', 'not-here'])
    await session.close()
  })
})
