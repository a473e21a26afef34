import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRunApp, launchApp, type LaunchedApp, type Stage } from '../support/app.ts'
import { openCrossing } from '../support/crossing-app.ts'
import { makeBundle, type Crossing } from '../support/desks.ts'

const canTrace = canRunApp && existsSync('/usr/bin/strace')

const loopback = /inet_addr\("127\.0\.0\.1"\)|inet_pton\(AF_INET6, "::1"|\[(127\.0\.0\.1|\[::1\]):/

/** Calls of a trace that name an internet address, but for the loopback ones that a driver of tests opens. */
function outward(trace: string): string[] {
  return trace
    .split('\n')
    .filter((line) => /\b(connect|sendto|sendmsg|sendmmsg|bind)\(/.test(line))
    .filter((line) => /AF_INET6?\b|<(UDP|TCP)/.test(line) && !loopback.test(line))
}

/** Those of them that put something on a wire: all that send, and connecting by TCP. UDP connects by noting an address. */
function sent(trace: string): string[] {
  return outward(trace).filter((line) => /\bsend|connect\(\d+<(?!UDP)/.test(line))
}

describe.skipIf(!canTrace)('the network of a high desk (needs Linux, Xvfb and strace)', () => {
  let stage: Stage
  let crossing: Crossing
  let medium: string
  let folder: string
  beforeAll(async () => {
    ;({ stage, crossing } = await openCrossing())
    medium = (await makeBundle(crossing, 'medium')).folder
    stage.own()
    folder = mkdtempSync(join(tmpdir(), 'sallyport-trace-'))
  })
  afterAll(async () => {
    await stage.close()
    await crossing.dispose()
    rmSync(folder, { recursive: true, force: true })
  })

  const traced = (): { readonly stage: Stage; readonly trace: string } => {
    const trace = join(folder, 'trace')
    const starter = join(folder, 'start')
    const words = `-f -yy -qq -s 40 -e trace=socket,connect,sendto,sendmsg,sendmmsg,bind -o '${trace}'`
    writeFileSync(starter, `#!/bin/sh\nexec strace ${words} '${stage.account.program}' "$@"\n`)
    chmodSync(starter, 0o755)
    return { stage: { ...stage, account: { ...stage.account, program: starter } }, trace }
  }

  const life = async (act: (app: LaunchedApp) => Promise<void>): Promise<string> => {
    const { stage: watched, trace } = traced()
    const one = await launchApp(watched, { desk: crossing.high })
    await act(one)
    await one.close()
    const text = readFileSync(trace, 'utf8')
    // The trace saw what there was to see: the driver's own loopback sockets are in it.
    expect(text).toMatch(/AF_INET, .*127\.0\.0\.1/)
    return text
  }

  it('row 21: opens no way out, in any process, from the start to the end of a reading', async () => {
    const trace = await life(async ({ page, dialogs }) => {
      await dialogs.next([medium])
      await page.getByRole('button', { name: 'Receive a medium…' }).click()
      await page.getByRole('button', { name: 'Choose a folder…' }).click()
      await page.getByRole('heading', { level: 1, name: /^Everything that was asked was proven/ }).waitFor()
    })
    expect(outward(trace)).toEqual([])
  })

  it('row 21: sends nothing even when its page tries', async () => {
    const trace = await life(({ page }) =>
      page.evaluate(async () => {
        const urls = ['http://192.0.2.1/', 'https://example.org/', 'http://localhost:1/']
        await Promise.all(urls.map((url) => fetch(url).catch(() => undefined)))
        for (const url of urls) new Image().src = `${url}x.png`
        const link = document.createElement('link')
        link.rel = 'dns-prefetch'
        link.href = 'https://example.org/'
        document.head.append(link)
        const peer = new RTCPeerConnection({
          iceServers: [
            { urls: 'stun:192.0.2.1:3478' },
            { urls: 'turn:192.0.2.1:3478?transport=tcp', username: 'x', credential: 'x' },
          ],
        })
        peer.createDataChannel('x')
        await peer.setLocalDescription(await peer.createOffer())
        await new Promise((done) => setTimeout(done, 1500))
        peer.close()
      }),
    )
    expect(sent(trace)).toEqual([])
  })
})
