import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openBrowser } from '../../../main/command/browser.ts'

describe.skipIf(process.platform !== 'linux')('the system’s browser (needs Linux)', () => {
  let folder = ''
  const path = process.env['PATH']
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'browser-'))
    const opener = join(folder, 'xdg-open')
    await writeFile(opener, `#!/bin/sh\nprintf '%s|' "$#" "$@" >> ${folder}/asked\n`)
    await chmod(opener, 0o755)
    process.env['PATH'] = `${folder}:${path ?? ''}`
  })
  afterEach(async () => {
    process.env['PATH'] = path
    await rm(folder, { recursive: true })
  })
  const asked = (): Promise<string> => readFile(join(folder, 'asked'), 'utf8').catch(() => '')

  it('is given the address as one word, whatever is in it', async () => {
    const address = new URL('https://issuer.test/auth?state=a&x=$(id);`id`')
    openBrowser(address)
    await vi.waitFor(async () => expect(await asked()).toBe(`1|${address.href}|`))
  })

  it('is never shown another scheme, nor plain http of another computer', async () => {
    for (const address of [
      'http://issuer.test/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'ms-settings:x',
    ]) {
      openBrowser(new URL(address))
    }
    const last = new URL('http://127.0.0.1:8801/auth')
    openBrowser(last)
    await vi.waitFor(async () => expect(await asked()).toBe(`1|${last.href}|`))
  })
})
