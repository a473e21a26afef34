import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import type { Frame, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Bridge } from '../../shared/bridge.ts'
import { canRunApp, launchApp, openStage, picture, type LaunchedApp, type Stage } from '../support/app.ts'
import { done, testClock } from '../support/command-line.ts'
import { decideBoth, makeBundle, makeCrossing, type Crossing } from '../support/desks.ts'
import { look } from '../support/look.ts'

declare global {
  interface Window {
    readonly bridge: Bridge
  }
}

const tools = ['pdftotext', 'pdfinfo', 'pdftoppm', 'jq', 'openssl']
const hasTools = tools.every((tool) => spawnSync('which', [tool]).status === 0)
const ran = (program: string, words: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program}: ${stderr}`)
  return stdout
}
// Points: 1/72 inch.
const papers = [
  ['A4', 595, 842],
  ['Letter', 612, 792],
] as const

/** Pages of a PDF, after their size was held against the paper's. */
function pagesOf(file: string, width: number, height: number): string[] {
  const found = /Page size: +([0-9.]+) x ([0-9.]+) pts/.exec(ran('pdfinfo', [file]))
  expect([Math.round(Number(found?.[1])), Math.round(Number(found?.[2]))]).toEqual([width, height])
  return ran('pdftotext', ['-layout', file, '-'])
    .split('\f')
    .filter((page) => page.trim() !== '')
}

describe.skipIf(!canRunApp || !hasTools)(
  `reports and sheets of the packed app (needs Linux, Xvfb, ${tools.join(', ')})`,
  () => {
    let stage: Stage
    let crossing: Crossing
    let one: LaunchedApp
    let bundle: string
    let sent: string
    const inHome = (name: string): string => join(stage.home, name)
    beforeAll(async () => {
      stage = await openStage()
      crossing = await makeCrossing(testClock(new Date().toISOString()), stage.home)
      const files = Object.fromEntries(
        Array.from({ length: 12 }, (_none, i) => [`notes-${i}.txt`, `notes ${i}\n`]),
      )
      const made = await makeBundle(crossing, 'medium', files)
      ;[bundle, sent] = [made.folder, made.id]
      await done(['readback', bundle, '--desk', crossing.low], crossing.clock)
      const { id } = await done(['verify', bundle, '--desk', crossing.high], crossing.clock)
      await decideBoth(crossing, id, 'accept')
      stage.own()
      one = await launchApp(stage, { desk: crossing.high })
    })
    afterAll(async () => {
      expect(one.complaints).toEqual([])
      await one.close()
      await stage.close()
      await crossing.dispose()
    })

    const act = (page: Page, name: string | RegExp) => page.getByRole('button', { name })
    const frameOf = (page: Page): Frame => {
      const found = page.frames().find((frame) => frame !== page.mainFrame())
      if (found === undefined) throw new Error('No frame is shown.')
      return found
    }

    it('shows the report as it is printed', async () => {
      const { page } = one
      await act(page, /^payments-2026-11/).click()
      await act(page, 'Report…').click()
      await page
        .getByRole('heading', { level: 1, name: 'The report is ready to be saved and printed' })
        .waitFor()
      const paper = page.frameLocator('iframe')
      await paper.getByRole('heading', { name: 'Accepted by Dave Okoro and Erin Sand.' }).waitFor()
      await paper.getByText('desk.founding').first().waitFor()
      expect(frameOf(page).url()).toMatch(/^app:\/\/report\/[0-9a-f-]{36}\.html$/)
      await look(page, 'report')
    })

    it('shows it in a frame that can do nothing', async () => {
      const { page } = one
      const found = await frameOf(page).evaluate(() => ({
        origin: self.origin,
        bridge: Reflect.has(window, 'bridge'),
        scripts: document.scripts.length,
        styled: getComputedStyle(document.body).maxWidth,
      }))
      expect(found).toEqual({ origin: 'null', bridge: false, scripts: 0, styled: '960px' })
      // Nobody but the page may show it, and nothing else may be shown in its place.
      const id = frameOf(page).url().slice('app://report/'.length, -'.html'.length)
      const answers = await one.app.evaluate(async ({ session }, asked) => {
        const pages = session.fromPartition('desk')
        const ask = async (url: string, method = 'GET') => {
          const answer = await pages.fetch(url, { method })
          return [answer.status, answer.headers.get('content-security-policy') ?? '']
        }
        return [
          await ask(`app://report/${asked}.html`),
          await ask('app://report/00000000-0000-0000-0000-000000000000.html'),
          await ask(`app://report/${asked}.html`, 'POST'),
          await ask('app://report/desk.json'),
        ]
      }, id)
      expect(answers.map(([status]) => status)).toEqual([200, 200, 404, 404])
      for (const [, policy] of answers.slice(0, 2)) {
        expect(policy).toMatch(
          /^default-src 'none'; style-src 'sha256-[^ ]+'; .*sandbox; frame-ancestors app:\/\/desk$/,
        )
      }
      await page.evaluate(() => {
        for (const src of ['https://example.org/', 'app://desk/index.html', 'app://print/report.html']) {
          const frame = document.createElement('iframe')
          frame.className = 'tried'
          frame.src = src
          document.body.append(frame)
        }
      })
      await page.evaluate(() => new Promise((later) => setTimeout(later, 300)))
      const urls = page.frames().map((frame) => frame.url())
      expect(urls.filter((url) => /example|app:\/\/(desk|print)/.test(url))).toEqual([
        'app://desk/index.html',
      ])
      await page.evaluate(() => document.querySelectorAll('.tried').forEach((frame) => frame.remove()))
    })

    it('is reached and read by keyboard, and at 320 px', async () => {
      const { page } = one
      const where = () => frameOf(page).evaluate(() => window.scrollY)
      await page.getByRole('radio', { name: /^A4/ }).focus()
      await page.keyboard.press('Tab')
      // A frame of another process takes the focus when that process has said so.
      await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('IFRAME')
      await page.screenshot({ path: picture('report-focus') })
      await page.keyboard.press('PageDown')
      await expect.poll(where).toBeGreaterThan(100)
      await page.setViewportSize({ width: 320, height: 640 })
      const wide = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      const inside = await frameOf(page).evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      expect({ wide, inside }).toEqual({ wide: 0, inside: 0 })
      await page.locator('iframe').scrollIntoViewIfNeeded()
      await look(page, 'report-narrow')
      await page.setViewportSize({ width: 1280, height: 800 })
    })

    const recompute = (print: string) => {
      const card = JSON.parse(readFileSync(join(crossing.high, 'desk.json'), 'utf8')) as { station: string }
      const der = inHome('station.der')
      writeFileSync(der, Buffer.from(card.station, 'base64'))
      ran('openssl', ['pkey', '-pubin', '-inform', 'DER', '-in', der, '-out', inHome('station.pub')])
      const words = [print, inHome('report.json'), bundle, inHome('station.pub')]
      return spawnSync(resolve('test/support/recompute.sh'), words, { encoding: 'utf8' })
    }

    it('is saved in four formats and on both papers', async () => {
      const { page, dialogs } = one
      const save = async (format: RegExp, deed: string, name: string) => {
        await page.getByRole('radio', { name: format }).check()
        await dialogs.next([inHome(name)])
        await act(page, deed).click()
        await page.getByRole('heading', { name }).waitFor()
        expect(existsSync(inHome(name))).toBe(true)
      }
      await save(/^Signed JSON/, 'Save signed JSON…', 'report.json')
      await save(/^Page/, 'Save page (HTML)…', 'report.html')
      await save(/^Table/, 'Save table (CSV)…', 'report.csv')
      await save(/^PDF/, 'Save PDF…', 'report-A4.pdf')
      await page.getByRole('radio', { name: /^Letter/ }).check()
      await save(/^PDF/, 'Save PDF…', 'report-Letter.pdf')
      await look(page, 'report-saved')
      await dialogs.next([inHome('report-A4.pdf')])
      await act(page, 'Save PDF…').click()
      await page.getByText('file-exists').waitFor()
      await look(page, 'report-refused')
    })

    it.each(papers)('is printed on %s with its marks on each page', (paper, width, height) => {
      const file = inHome(`report-${paper}.pdf`)
      copyFileSync(file, `test-results/report-${paper}.pdf`)
      ran('pdftoppm', ['-r', '60', '-png', file, `test-results/report-${paper}`])
      const pages = pagesOf(file, width, height)
      const { stdout, stderr } = recompute(file)
      const digest = /sha256:[0-9a-f]{64}/.exec(readFileSync(inHome('report.csv'), 'utf8'))?.[0] ?? ''
      for (const [index, page] of pages.entries()) {
        expect(page.match(/OFFICIAL/g)?.length).toBeGreaterThanOrEqual(2)
        expect(page).toMatch(/payments-2026-11 · [0-9a-f]{16}\b/)
        expect(page).toContain(`page ${index + 1} of ${pages.length}`)
        expect(page).toContain(`record ${digest}`)
        expect(page).toMatch(/ledger [0-9]+ [0-9a-f]{64}/)
      }
      // Page 1 is for the officer who signs, whole.
      for (const fact of [
        'Accepted by',
        'Exceptions',
        'desk.founding',
        'Alice Moss',
        'Signed by hand',
        'Signature',
      ])
        expect(pages[0]).toContain(fact)
      expect(pages[1]).toContain('Items')
      expect(stderr).toBe('')
      expect(stdout).toMatch(/ 0 wrong$/m)
    })

    it('comes to the same from page and print with standard tools, and not when a digit was changed', () => {
      expect(recompute(inHome('report.html')).stdout).toMatch(/ 0 wrong$/m)
      const page = readFileSync(inHome('report.html'), 'utf8')
      const at = page.search(/[0-9a-f]{64}/)
      writeFileSync(
        inHome('changed.html'),
        page.slice(0, at) + (page[at] === '0' ? '1' : '0') + page.slice(at + 1),
      )
      expect(recompute(inHome('changed.html')).status).toBe(1)
    })

    it('prints labels and a custody sheet at the low desk', async () => {
      await one.close()
      one = await launchApp(stage, { desk: crossing.low })
      const { page, dialogs } = one
      await page.getByRole('heading', { level: 1 }).first().waitFor()
      for (const kind of ['label', 'custody'] as const) {
        for (const [paper, width, height] of papers) {
          const file = inHome(`${kind}-${paper}.pdf`)
          await dialogs.next([file])
          const answer = await page.evaluate(
            async (asked) => {
              const choice = { purpose: asked.kind, intent: 'save', format: 'pdf' } as const
              const chosen = await window.bridge.call('place.choose', choice)
              if (!chosen.ok || chosen.place === null) return null
              const { id, kind: sort, size } = asked
              const sheet = { kind: sort, id }
              const input = { sheet, format: 'pdf', paper: size, place: chosen.place } as const
              return window.bridge.call('sheet.save', input)
            },
            { id: sent, kind, size: paper === 'A4' ? 'a4' : 'letter' } as const,
          )
          expect(answer).toMatchObject({ ok: true })
          copyFileSync(file, `test-results/${kind}-${paper}.pdf`)
          ran('pdftoppm', ['-r', '60', '-png', file, `test-results/${kind}-${paper}`])
          const pages = pagesOf(file, width, height)
          expect(pages.length).toBe(1)
          for (const text of pages) {
            expect(text).toContain(basename(bundle).slice('sallyport-'.length))
            expect(text.match(/OFFICIAL/g)?.length).toBeGreaterThanOrEqual(2)
            if (kind === 'label') expect(text).not.toMatch(/payments|notes/)
          }
        }
      }
    })
  },
)
