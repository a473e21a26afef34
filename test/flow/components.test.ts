import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ItemComponents } from '../../shared/components.ts'
import { sallyport, done, testClock } from '../support/command-line.ts'
import { decideBoth, makeCrossing, release, writeRequest, writeTo, type Crossing } from '../support/desks.ts'
import { sampleImage } from '../support/images.ts'
import { about, putSigned, trustAuthority } from '../support/signed-image.ts'

/* What changed inside: on both sides, against the last one, by what somebody known signed. */

const cyclonedx = 'https://cyclonedx.org/bom'
const component = (name: string, version: string): object => ({
  name,
  version,
  purl: `pkg:npm/${name}@${version}`,
})

describe('what changed inside an item', () => {
  let crossing: Crossing
  beforeEach(async () => {
    crossing = await makeCrossing(testClock('2026-01-10T12:00:00Z'))
    await trustAuthority(crossing)
    await trustAuthority(crossing, undefined, crossing.low)
  })
  afterEach(() => crossing.dispose())

  /** Releases an image with this bill of materials, with none where `null`; another image each time unless it is named. */
  let sent = 0
  async function send(components: readonly object[] | null, image = `app-${(sent += 1)}`): Promise<string> {
    await rm(join(crossing.folder, 'request', 'app'), { recursive: true, force: true })
    await putSigned(
      crossing,
      ({ root }) => {
        const document = { bomFormat: 'CycloneDX', specVersion: '1.6', components }
        return components === null ? [] : [{ ...about(root, cyclonedx, document) }]
      },
      sampleImage(2000, image),
    )
    return release(crossing, await writeRequest(crossing, ['image: oci:./app:v1']))
  }
  async function carry(id: string): Promise<string> {
    const folder = await writeTo(crossing, id, `medium-${id}`)
    return (await done(['verify', folder, '--desk', crossing.high], crossing.clock)).id
  }
  const ask = (desk: string, id: string, ...more: string[]) =>
    sallyport(['components', id, '--desk', desk, ...more], crossing.clock)
  async function said(desk: string, id: string) {
    const { code, json } = await ask(desk, id)
    const [item] = json.items as ItemComponents[]
    if (item === undefined) throw new Error('no item')
    const { answer, counts, doubts, against } = item
    return {
      code,
      answer,
      counts,
      doubts: doubts.map((one) => `${one.side} ${one.code}`),
      since: against?.consignment,
    }
  }

  it('is told to signers against what was released last, and to deciders against what was accepted last', async () => {
    const first = await send([component('a', '1'), component('b', '1')])
    expect(await said(crossing.low, first)).toMatchObject({ code: 0, answer: 'new' })
    const arrived = await carry(first)
    expect(await said(crossing.high, arrived)).toMatchObject({ code: 0, answer: 'new' })
    await decideBoth(crossing, arrived, 'accept')

    const second = await send([component('a', '2'), component('c', '1')])
    const counts = { added: 1, removed: 1, changed: 1, licences: 0, bytes: 0, unsaid: 0 }
    const differs = { code: 0, answer: 'differs', counts, doubts: [] }
    expect(await said(crossing.low, second)).toEqual({ ...differs, since: first })
    const next = await carry(second)
    expect(await said(crossing.high, next)).toEqual({ ...differs, since: arrived })
    // What was released or accepted later is no past of what was before.
    expect(await said(crossing.low, first)).toMatchObject({ answer: 'new' })
    await decideBoth(crossing, next, 'accept')
    expect(await said(crossing.high, arrived)).toMatchObject({ answer: 'new' })
    expect(await said(crossing.high, next)).toMatchObject({ since: arrived })
  })

  it('is “the same” by the same list, and not known without one, or where it was rejected before', async () => {
    const first = await send([component('a', '1')])
    const arrived = await carry(first)
    await decideBoth(crossing, arrived, 'reject')
    const second = await send([component('a', '1')])
    expect(await said(crossing.low, second)).toMatchObject({ code: 0, answer: 'same', since: first })
    expect(await said(crossing.high, await carry(second))).toMatchObject({ answer: 'new' })
    const third = await send(null)
    expect(await said(crossing.low, third)).toMatchObject({
      code: 5,
      answer: 'not-known',
      doubts: ['now no-document'],
      since: second,
    })
  })

  it('is nothing where it is the very same item, also without a bill of materials', async () => {
    const first = await send(null, 'same')
    expect(await said(crossing.low, await send(null, 'same'))).toMatchObject({
      code: 0,
      answer: 'identical',
      since: first,
    })
  })

  it('is not compared with what was given up', async () => {
    const first = await send([component('a', '1')])
    const given = await send([component('a', '2')])
    await done(['consignment', 'drop', given, '--desk', crossing.low, '--reason', 'Wrong'], crossing.clock)
    expect(await said(crossing.low, await send([component('a', '3')]))).toMatchObject({ since: first })
  })

  it('counts for nothing at a desk that knows nobody who signed', async () => {
    await crossing.dispose()
    crossing = await makeCrossing(testClock('2026-01-10T12:00:00Z'))
    await send([component('a', '1')])
    const two = await send([component('a', '1')])
    expect(await said(crossing.low, two)).toMatchObject({
      code: 5,
      answer: 'not-known',
      doubts: ['now nobody-known', 'before nobody-known'],
    })
  })

  it('is known no longer where the earlier list is gone from the store', async () => {
    await send([component('a', '1')])
    const second = await send([component('a', '2')])
    const [item] = (await ask(crossing.low, second)).json.items as ItemComponents[]
    const before = item?.documents.find(({ side }) => side === 'before')?.blob ?? ''
    await rm(join(crossing.low, 'store', 'blobs', 'sha256', before.replace('sha256:', '')))
    expect(await said(crossing.low, second)).toMatchObject({
      code: 5,
      answer: 'not-known',
      doubts: ['before gone'],
    })
  })

  it('goes into a table that no spreadsheet runs, and never over a file', async () => {
    await send([component('a', '1')])
    const second = await send([{ name: 'x', purl: 'pkg:npm/a@=1+1' }])
    const file = join(crossing.folder, 'components.csv')
    const made = await ask(crossing.low, second, '--csv', file)
    expect(made.code).toBe(0)
    const text = await readFile(file, 'utf8')
    expect(text.split('\r\n')[0]).toBe(
      '"row","item","digest","against","destination","what","purl","before","now"',
    )
    expect(text).toContain(`"other version","pkg:npm/a","1","'=1+1"`)
    const again = await ask(crossing.low, second, '--csv', file)
    expect({ code: again.code, failure: again.json.failure.code }).toEqual({
      code: 1,
      failure: 'file-exists',
    })
  })
})
