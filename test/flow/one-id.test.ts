import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSession } from '../../main/desk/session.ts'
import { openGate } from '../../main/platform/network.ts'
import { done, linesOf } from '../support/command-line.ts'
import { makeBundle, makeCrossing, type Crossing } from '../support/desks.ts'

describe('the id of a transfer', () => {
  let crossing: Crossing
  let sent: string
  let received: string
  let transfer: string
  beforeAll(async () => {
    crossing = await makeCrossing()
    const made = await makeBundle(crossing, 'medium', { 'notes.txt': 'notes\n' })
    sent = made.id
    transfer = basename(made.folder).replace('sallyport-', '')
    await done(['readback', made.folder, '--desk', crossing.low], crossing.clock)
    received = (await done(['verify', made.folder, '--desk', crossing.high], crossing.clock)).id
  })
  afterAll(() => crossing.dispose())

  const paper = async (words: readonly string[]): Promise<string> => {
    const out = join(crossing.folder, `paper-${words.join('-').replace(/\W/g, '').slice(-40)}`)
    await done([...words, '--out', out], crossing.clock)
    return readFile(out, 'utf8')
  }

  it('is that of the folder on the medium, and the beginning of the waybill’s digest', async () => {
    const shown = await done(['consignment', 'show', sent, '--desk', crossing.low], crossing.clock)
    expect(transfer).toMatch(/^[0-9a-f]{16}$/)
    expect(shown['waybill']).toMatch(new RegExp(`^sha256:${transfer}`))
  })

  it('stands on label, custody sheet and the reports of both sides, and no local number stands for it', async () => {
    const low = ['--desk', crossing.low]
    const label = await paper(['sheet', sent, ...low, '--kind', 'label'])
    const custody = await paper(['sheet', sent, ...low, '--kind', 'custody'])
    for (const page of [label, custody]) {
      expect(page).toContain(transfer)
      expect(page).not.toContain(sent)
    }
    const here = await paper(['report', sent, ...low, '--format', 'html'])
    const there = await paper(['report', received, '--desk', crossing.high, '--format', 'html'])
    for (const [page, local, desk] of [
      [here, sent, 'Hill-1'],
      [there, received, 'Delta-2'],
    ] as const) {
      expect(page).toMatch(new RegExp(`Transfer id</dt>\\s*<dd>\\s*<code>${transfer}</code>`))
      expect(page).toMatch(new RegExp(`<code>${local}</code>, at ${desk} alone`))
    }
    const rows = await paper(['report', received, '--desk', crossing.high, '--format', 'csv'])
    for (const row of rows.trimEnd().split('\r\n').slice(1)) expect(row).toContain(`"${transfer}"`)
  })

  it('is what the command line lists and shows at either desk', async () => {
    for (const [desk, id] of [
      [crossing.low, sent],
      [crossing.high, received],
    ] as const) {
      const list = await linesOf(['consignment', 'list', '--desk', desk], crossing.clock)
      expect(list.join('\n')).toContain(`${id}  ${transfer}  `)
      const show = await linesOf(['consignment', 'show', id, '--desk', desk], crossing.clock)
      expect(show).toContain(`Transfer: ${transfer}`)
    }
  })

  it('finds in the ledger what it is about, and stands at no other event', async () => {
    const session = openSession({ clock: crossing.clock, network: openGate })
    try {
      await session.call('desk.open', { place: session.place('desk', crossing.high), mode: 'read' })
      const all = { from: 0, count: 200, newestFirst: false, type: null }
      const { events } = await session.call('ledger.events', { ...all, text: transfer })
      expect(events.map((event) => event.type)).toContain('verify.done')
      expect(new Set(events.map((event) => event.transfer))).toEqual(new Set([transfer]))
      const others = (await session.call('ledger.events', { ...all, text: '' })).events
      expect(others.find((event) => event.type === 'person.added')?.transfer).toBeNull()
    } finally {
      await session.close()
    }
  })
})
