import { cp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { done, sallyport, type Ended } from '../support/command-line.ts'
import { makeBundle, makeCrossing, signing, type Crossing } from '../support/desks.ts'
import { eventsOf } from '../support/forged-desk.ts'

/* Content that somebody changes on the disc of a high desk, between its verification and its export. */

let crossing: Crossing
let medium: string
let id: string
let desk: string
let copies = 0
const at = (words: readonly string[]): Promise<Ended> => sallyport([...words, '--desk', desk], crossing.clock)
const decide = (person: 'dave' | 'erin'): Promise<Ended> =>
  at(['decide', id, '--accept', ...signing(crossing, person)])
const exporting = (): Promise<Ended> =>
  at(['export', id, '--to', `dir:${join(crossing.folder, `out-${++copies}`)}`])

beforeAll(async () => {
  crossing = await makeCrossing()
  medium = (await makeBundle(crossing, 'one')).folder
  ;({ id } = await done(['verify', medium, '--desk', crossing.high], crossing.clock))
})
afterAll(() => crossing.dispose())
async function copy(): Promise<void> {
  desk = join(crossing.folder, `desk-${++copies}`)
  await cp(crossing.high, desk, { recursive: true })
}
const quarantine = (): string => join(desk, 'store', 'quarantine', id, 'blobs', 'sha256')
const store = (): string => join(desk, 'store', 'blobs', 'sha256')

/** Changes one bit of the largest blob of a folder, or of that one, and nothing of its size. */
async function damage(folder: string, only?: string): Promise<string> {
  const names = only === undefined ? await readdir(folder) : [only]
  const blobs = await Promise.all(
    names.map(async (name) => ({ name, bytes: await readFile(join(folder, name)) })),
  )
  const [largest] = blobs.sort((a, b) => b.bytes.length - a.bytes.length)
  if (largest === undefined) throw new Error(`nothing in ${folder}`)
  largest.bytes[0] = (largest.bytes[0] ?? 0) ^ 1
  await writeFile(join(folder, largest.name), largest.bytes)
  return largest.name
}

describe('content that was changed in quarantine', () => {
  it('is not accepted: the second half is refused before it is recorded, and goes once it was read again', async () => {
    await copy()
    expect((await decide('dave')).code).toBe(0)
    const name = await damage(quarantine())
    const before = (await eventsOf(desk)).length
    const refused = await decide('erin')
    expect(refused.json.failure).toMatchObject({
      code: 'content-damaged',
      facts: { subject: `sha256:${name}` },
    })
    expect([(await eventsOf(desk)).length, (await readdir(store())).length]).toEqual([before, 0])
    expect((await at(['verify', medium])).code).toBe(0)
    for (const person of ['dave', 'erin'] as const) expect((await decide(person)).code).toBe(0)
    expect((await exporting()).code).toBe(0)
  })
})

describe('content that was changed in the store', () => {
  it('is not exported', async () => {
    await copy()
    for (const person of ['dave', 'erin'] as const) await decide(person)
    for (const name of await readdir(store())) await damage(store(), name)
    expect((await exporting()).json.failure.code).toBe('content-damaged')
  })

  it('is put right by what is accepted next, whatever the store has under that name', async () => {
    await copy()
    for (const name of await readdir(quarantine())) {
      await writeFile(join(store(), name), await readFile(join(quarantine(), name)))
      await damage(store(), name)
    }
    // Read again, as if it came now: what the store has is not asked.
    expect((await at(['verify', medium])).code).toBe(0)
    for (const person of ['dave', 'erin'] as const) expect((await decide(person)).code).toBe(0)
    expect((await exporting()).code).toBe(0)
  })
})
