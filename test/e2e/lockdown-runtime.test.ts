import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findRuntime } from '../../build/runtime/runtime.ts'
import { canRunApp, launchApp, openStage, type LaunchedApp, type Stage } from '../support/app.ts'

/*
 * What only the runtime can refuse. The stand-in for tests does not: there these are skipped, and SECURITY.md says so. A
 * release passes them on its own runtime.
 */

const standIn = canRunApp && (await findRuntime()).standIn

describe.skipIf(!canRunApp)('the runtime of a release (needs Linux and Xvfb)', () => {
  let stage: Stage
  let one: LaunchedApp
  beforeAll(async () => {
    stage = await openStage()
    one = await launchApp(stage)
  })
  afterAll(async () => {
    await one.close()
    await stage.close()
  })

  it.skipIf(standIn)(
    'row 9: lives when its page goes to about:srcdoc (skipped on the stand-in, which ends)',
    async () => {
      await one.page.evaluate(() => void (location.href = 'about:srcdoc')).catch(() => undefined)
      await one.page.waitForURL('app://desk/**')
      expect(one.app.process().exitCode).toBeNull()
    },
  )

  it.skipIf(standIn)(
    'row 5: gives and takes nothing of the clipboard by old commands (skipped on the stand-in, which does)',
    async () => {
      await one.app.evaluate(({ clipboard }) => clipboard.writeText('correct horse battery staple'))
      const pasted = await one.page.evaluate(() => {
        const field = document.createElement('textarea')
        document.body.append(field)
        field.focus()
        // The old way is the one that asks nobody.
        const old = document as { execCommand(command: string): boolean }
        old.execCommand('paste')
        const text = field.value
        field.value = 'of the page'
        field.select()
        old.execCommand('copy')
        field.remove()
        return text
      })
      expect(pasted).toBe('')
      expect(await one.app.evaluate(({ clipboard }) => clipboard.readText())).toBe(
        'correct horse battery staple',
      )
    },
  )

  it('row 22: a variable that would log the keys of connections has none to log: pages speak to nobody', async () => {
    expect(
      await one.page.evaluate(() =>
        fetch('https://192.0.2.1/').then(
          () => 'spoke',
          () => 'silent',
        ),
      ),
    ).toBe('silent')
  })

  it('row 22: what a page keeps lies in no file, and is gone with the app', async () => {
    const marker = 'kept-by-a-page'
    const kept = (app: LaunchedApp): Promise<unknown> =>
      app.page.evaluate(async () => ({
        texts: [localStorage, sessionStorage].map((storage) => storage.getItem('a')),
        caches: await caches.keys(),
        databases: (await indexedDB.databases()).map(({ name }) => name),
      }))
    await one.page.evaluate(async (text) => {
      localStorage.setItem('a', text)
      sessionStorage.setItem('a', text)
      await (await caches.open(text)).put(new Request('https://desk/a'), new Response(text))
      await new Promise((resolve, reject) => {
        const asked = indexedDB.open(text)
        asked.onsuccess = resolve
        asked.onerror = reject
      })
    }, marker)
    expect(await kept(one)).toEqual({ texts: [marker, marker], caches: [marker], databases: [marker] })
    await one.close()
    const files = await readdir(stage.home, { recursive: true, withFileTypes: true })
    const found = files
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => path.includes(marker) || readFileSync(path).includes(marker))
    expect(found).toEqual([])
    one = await launchApp(stage)
    expect(await kept(one)).toEqual({ texts: [null, null], caches: [], databases: [] })
  })
})
