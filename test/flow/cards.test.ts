import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSession, type Session } from '../../main/desk/session.ts'
import type { PrintMarks } from '../../main/desk/work/context.ts'
import { openGate } from '../../main/platform/network.ts'
import { done, sallyport, type Ended } from '../support/command-line.ts'
import { makeCrossing, makePerson, type Crossing } from '../support/desks.ts'
import { makeOfficers } from '../support/officers.ts'
import { qrTextsIn } from '../support/qr.ts'

/* Papers that the other side types from: the words that they carry are those that count there. */

let crossing: Crossing
beforeEach(async () => {
  crossing = await makeCrossing()
})
afterEach(() => crossing.dispose())

const text = (html: string): string =>
  html
    .replace(/<style>[^]*<\/style>/, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
/** The first list of words of a page, as somebody reads it off. */
const wordsOn = (html: string): string => text(/<p class="words">([^]*?)<\/p>/.exec(html)?.[1] ?? '').trim()

async function sheet(desk: string, kind: string, ...of: string[]): Promise<Ended> {
  const out = join(crossing.folder, `${kind}.html`)
  return sallyport(['sheet', ...of, '--desk', desk, '--kind', kind, '--out', out], crossing.clock)
}
async function page(desk: string, kind: string, ...of: string[]): Promise<string> {
  const { code, stdout } = await sheet(desk, kind, ...of)
  if (code !== 0) throw new Error(stdout)
  return readFile(join(crossing.folder, `${kind}.html`), 'utf8')
}

describe('the key card of a person', () => {
  it('carries words that the other side trusts the key by, and the same as its QR code', async () => {
    const alice = crossing.people.alice
    const card = await page(crossing.low, 'key-card', 'alice')
    expect(text(card)).toContain('Key card of Alice Moss')
    expect(text(card)).toContain('Hill-1, low (connected)')
    expect(card).toContain('<p class="marking">OFFICIAL</p>')
    expect(qrTextsIn(card)).toEqual([alice.fingerprint])
    const whom = ['--key', `${alice.key}.pub`, '--name', 'Alice Moss', '--role', 'witness']
    const words = ['trust', 'add', '--desk', crossing.high, ...whom, '--fingerprint']
    const wrong = await sallyport([...words, wordsOn(card).replace(/^\S+/, 'aardvark')], crossing.clock)
    expect(wrong.json.failure.code).toBe('fingerprint-differs')
    await done([...words, wordsOn(card)], crossing.clock)
  })

  it('is of nobody who is not there or waits for a second officer, and nobody is there without a key', async () => {
    expect((await sheet(crossing.low, 'key-card', 'mallory')).json.failure.code).toBe('person-unknown')
    expect((await sheet(crossing.low, 'key-card')).code).toBe(2)
    // At a desk everybody has a key: without one nobody is added.
    const grace = ['person', 'add', '--desk', crossing.low, '--id', 'grace', '--name', 'Grace Hale']
    expect((await sallyport([...grace, '--role', 'requester'], crossing.clock)).code).toBe(2)
    const officers = await makeOfficers(crossing, crossing.low)
    await officers.seal()
    const key = await makePerson(crossing.folder, 'grace', 'Grace Hale', 'p256')
    const asked = [...grace, '--role', 'requester', '--key', `${key.key}.pub`, ...officers.signs(0)]
    const { pending } = await done(asked, crossing.clock)
    expect((await sheet(crossing.low, 'key-card', 'grace')).json.failure.code).toBe('person-unknown')
    const { number } = pending as { number: number }
    const second = ['change', 'sign', String(number), '--desk', crossing.low, ...officers.signs(1)]
    await done(second, crossing.clock)
    expect(qrTextsIn(await page(crossing.low, 'key-card', 'grace'))).toEqual([key.fingerprint])
  })

  it('of a revoked person says REVOKED; of a replaced key it is the new one', async () => {
    const { carol, bob } = crossing.people
    const reason = ['--reason', 'lost <i>token</i>']
    await done(['trust', 'revoke', carol.fingerprint, '--desk', crossing.low, ...reason], crossing.clock)
    const said = text(await page(crossing.low, 'key-card', 'carol'))
    expect(said).toContain('REVOKED: key card of Carol Diaz')
    expect(said).toContain('lost &lt;i&gt;token&lt;/i&gt;')
    expect(said).toContain(carol.fingerprint)
    const other = await makePerson(crossing.folder, 'bob-2', 'Bob Lind', 'p256')
    const change = ['person', 'key', '--desk', crossing.low, '--id', 'bob', '--key', `${other.key}.pub`]
    await done(change, crossing.clock)
    const out = join(crossing.folder, 'bob.html')
    const words = ['sheet', 'bob', '--desk', crossing.low, '--kind', 'key-card', '--out', out]
    await done(words, crossing.clock)
    const card = await readFile(out, 'utf8')
    expect(qrTextsIn(card)).toEqual([other.fingerprint])
    expect(card).not.toContain('REVOKED')
    expect(card).not.toContain(bob.fingerprint)
  })

  it('keeps a name that is HTML a name', async () => {
    const name = '<img src=x onerror=alert(1)> & "Eve"'
    const eve = await makePerson(crossing.folder, 'eve', name, 'p256')
    const words = ['person', 'add', '--desk', crossing.low, '--id', 'e/v:e@x', '--name', name]
    await done([...words, '--role', 'requester', '--key', `${eve.key}.pub`], crossing.clock)
    const card = await page(crossing.low, 'key-card', 'e/v:e@x')
    expect(card).not.toContain('<img')
    expect(card).toContain('&lt;img src=x onerror=alert(1)&gt; &amp; &quot;Eve&quot; (e/v:e@x)')
  })
})

describe('the desk card to print', () => {
  it('carries the words that the other side pairs by, and the seal that it types', async () => {
    expect(text(await page(crossing.low, 'desk-card'))).toContain('This desk is not sealed yet')
    expect((await sheet(crossing.low, 'desk-card')).json.failure.code).toBe('file-exists')
    expect((await sheet(crossing.low, 'desk-card', 'alice')).code).toBe(2)
    await makeOfficers(crossing, crossing.high).then((officers) => officers.seal())
    const shown = await done(['desk', 'show', '--desk', crossing.high], crossing.clock)
    const { digest } = shown['seal'] as { digest: string }
    const out = join(crossing.folder, 'high.html')
    const words = ['sheet', '--desk', crossing.high, '--kind', 'desk-card', '--out', out]
    const saved = await done(words, crossing.clock)
    expect(saved.id).toBe(crossing.highId)
    const card = await readFile(out, 'utf8')
    expect(text(card)).toContain('Delta-2')
    expect(card).toContain(`<code>${digest}</code>`)
    expect(qrTextsIn(card)).toEqual([crossing.highId])
    const { words: station } = shown['station'] as { words: string[] }
    expect(text(card)).toContain(station.join(' '))
    const typed = ['--id', wordsOn(card), '--seal', digest]
    const pair = ['peer', 'add', join(crossing.high, 'desk.json'), '--desk', crossing.low, ...typed]
    expect(await done(pair, crossing.clock)).toMatchObject({ id: crossing.highId, name: 'Delta-2' })
  })
})

describe('printing', () => {
  let session: Session
  let handed: { readonly html: string; readonly marks: PrintMarks }[]
  let choose: (printed: boolean) => void
  beforeEach(async () => {
    handed = []
    const dialog = new Promise<boolean>((resolve) => (choose = resolve))
    session = openSession({
      clock: crossing.clock,
      network: openGate,
      printOut: (html, marks) => {
        handed.push({ html, marks })
        return dialog
      },
    })
    const place = session.place('desk', crossing.low)
    await session.call('desk.open', { place, mode: 'read' })
  })
  afterEach(() => session.close())
  const carol = { kind: 'key-card', person: 'carol' } as const

  it('hands over what is shown, and holds up nothing while the dialog is open', async () => {
    const printed = session.call('sheet.print', { sheet: carol, paper: 'letter' })
    const { html } = await session.call('sheet.show', { sheet: carol })
    expect((await session.call('desk.show', {})).card.name).toBe('Hill-1')
    expect(handed).toHaveLength(1)
    expect(handed[0]?.html).toBe(html)
    expect(handed[0]?.marks).toMatchObject({ marking: 'OFFICIAL', record: null, paper: 'letter' })
    expect(handed[0]?.marks.name).toBe('Key card of Carol Diaz · Hill-1')
    choose(false)
    expect(await printed).toEqual({ printed: false })
  })

  it('refuses what cannot be made before anybody is asked, and is not on the command line', async () => {
    const id = '00000000-0000-4000-8000-000000000000'
    const refused = [
      await session.answer('sheet.print', { sheet: { kind: 'key-card', person: 'mallory' } }),
      await session.answer('sheet.print', { sheet: { kind: 'label', id } }),
      await session.answer('report.print', { id }),
      await session.answer('sheet.print', { sheet: { kind: 'other' } }),
      await openSession({ clock: crossing.clock, network: openGate }).answer('sheet.print', { sheet: carol }),
    ]
    expect(refused.map((answer) => (answer.ok ? 'ok' : answer.failure.code))).toEqual([
      'person-unknown',
      'consignment-unknown',
      'consignment-unknown',
      'bad-input',
      'not-here',
    ])
    expect(handed).toEqual([])
  })
})

describe('the card of the landing key', () => {
  it('carries the words of the key in force, says what whoever has it can do, and is none without a key', async () => {
    const out = join(crossing.folder, 'landing.html')
    const words = ['sheet', '--desk', crossing.high, '--kind', 'landing-card', '--out', out]
    const before = await sallyport(words, crossing.clock)
    expect([before.code, before.json.failure.code]).toEqual([1, 'landing-none'])
    const low = await sallyport(['sheet', '--desk', crossing.low, ...words.slice(3)], crossing.clock)
    expect([low.code, low.json.failure.code]).toEqual([1, 'wrong-side'])
    await done(['landing', 'key', 'create', '--desk', crossing.high], crossing.clock)
    const { key } = await done(['landing', 'key', 'show', '--desk', crossing.high], crossing.clock)
    const { fingerprint } = key as { fingerprint: { hex: string; words: string[] } }
    await done(words, crossing.clock)
    const card = await readFile(out, 'utf8')
    expect(text(card)).toContain('Whoever reads that folder or a copy of it can seal for the whole far side')
    expect(text(card)).toContain('has NO passphrase')
    expect(qrTextsIn(card)).toEqual([fingerprint.hex])
    expect(wordsOn(card)).toBe(fingerprint.words.join(' '))
  })
})
