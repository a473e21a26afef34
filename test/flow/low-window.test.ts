import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Job } from '../../shared/calls/job.ts'
import { openSession, type Session } from '../../main/desk/session.ts'
import { openGate } from '../../main/platform/network.ts'
import {
  makeBundle,
  makeCrossing,
  release,
  writeFiles,
  writeRequest,
  type Crossing,
} from '../support/desks.ts'
import { sampleImage } from '../support/images.ts'
import { answer, TestRegistry } from '../support/registry.ts'

/* What only the window asks of a low desk, at the contract. */

let crossing: Crossing
let session: Session
const place = (purpose: Parameters<Session['place']>[0], path: string): string => session.place(purpose, path)
const file = (...parts: string[]): string => join(crossing.folder, ...parts)

async function open(folder: string): Promise<void> {
  session = openSession({ clock: crossing.clock, network: openGate })
  await session.call('desk.open', { place: place('desk', folder), mode: 'write' })
}
async function refused(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => ({ code: 'it went through' }),
    (reason: unknown) => reason as { code: string },
  )
  return error.code
}

beforeEach(async () => {
  crossing = await makeCrossing()
})
afterEach(async () => {
  await session.close()
  await crossing.dispose()
})

const request = (more: string): string =>
  `sallyport: request/v1\nname: app\nreason: Because\nrequester: alice\ndestinations: [${crossing.highId}]\nchannel: payments\n${more}`

describe('a request that is written in the window', () => {
  beforeEach(() => open(crossing.low))

  it('is told everything that is wrong with it, each with its place', async () => {
    const text = request(
      'expires: 2020-01-01T00:00:00Z\nitems:\n  - image: not a reference\n  - file: ../secret\n',
    )
    const { problems } = await session.call('request.check', { text })
    expect(problems.map(({ path, line }) => [path, line])).toEqual([['items.0.image', 9]])
    const later = await session.call('request.check', { text: text.replace('not a reference', 'host/app:1') })
    expect(later.problems.map(({ path }) => path)).toEqual(['items.1.file'])
    const due = await session.call('request.check', {
      text: text.replace('not a reference', 'host/app:1').replace('../secret', './notes.txt'),
    })
    expect(due.problems.map(({ path }) => path)).toEqual(['expires'])
    const who = await session.call('request.check', {
      text: request('items:\n  - file: ./a\n').replace('alice', 'mallory'),
    })
    expect(who.problems).toEqual([expect.objectContaining({ path: 'requester' })])
    const fine = await session.call('request.check', { text: request('items:\n  - file: ./a\n') })
    expect(fine.problems).toEqual([])
  })

  it('is never read as more than it is: no YAML, an alias, too much text', async () => {
    const one = await session.call('request.check', { text: 'name: [' })
    expect(one.problems).toHaveLength(1)
    const alias = await session.call('request.check', { text: 'name: &a x\nreason: *a\n' })
    expect(alias.problems).toHaveLength(1)
    expect(await refused(session.call('request.check', { text: 'x'.repeat(1024 * 1024 + 1) }))).toBe(
      'bad-input',
    )
  })

  it('names files relative to their folder, and refuses what lies elsewhere', async () => {
    await mkdir(file('request', 'sub'))
    await writeFile(file('request', 'sub', 'a.txt'), 'a')
    await writeFile(file('outside.txt'), 'a')
    const first = await session.call('request.name', {
      place: place('content', file('request', 'sub', 'a.txt')),
      kind: 'content',
      folder: place('folder', file('request')),
    })
    expect(first.reference).toBe('./sub/a.txt')
    const elsewhere = {
      place: place('content', file('outside.txt')),
      kind: 'content',
      folder: first.folder,
    } as const
    expect(await refused(session.call('request.name', elsewhere))).toBe('content-elsewhere')
    // A place that was chosen for something else is not taken.
    const other = { place: place('desk', file('outside.txt')), kind: 'content', folder: null } as const
    expect(await refused(session.call('request.name', other))).toBe('place-unknown')
  })

  it('is collected as it is written, but not from a folder that nobody chose', async () => {
    await writeFile(file('request', 'a.txt'), 'a')
    const text = request('items:\n  - file: ./a.txt\n')
    expect(await refused(session.call('collect.start', { request: { text, folder: null } }))).toBe(
      'content-elsewhere',
    )
    const folder = place('folder', file('request'))
    const { job } = await session.call('collect.start', { request: { text, folder } })
    const ended = await session.call('job.wait', { job })
    expect([ended.state, ended.items.map(({ name, state }) => [name, state])]).toEqual([
      'done',
      [['./a.txt', 'done']],
    ])
    const { id } = ended.result as { id: string }
    expect((await session.call('request.show', { id })).text).toBe(text)
    const shown = await session.call('consignment.show', { id })
    expect(shown.asks.map(({ role, may }) => [role, may])).toEqual([
      ['prepare', ['bob']],
      ['release', ['carol']],
    ])
  })

  it('opens a request file, and refuses one that is no text', async () => {
    const path = await writeRequest(crossing, await writeFiles(crossing, { 'a.txt': 'a' }))
    const opened = await session.call('request.open', { place: place('request', path) })
    expect(opened.text).toContain('file: ./a.txt')
    await writeFile(file('bytes.yaml'), Buffer.from([0xff, 0xfe, 0x00]))
    expect(await refused(session.call('request.open', { place: place('request', file('bytes.yaml')) }))).toBe(
      'request-form',
    )
  })
})

describe('an item that fails while a person watches', () => {
  let registry: TestRegistry
  beforeEach(async () => {
    registry = await new TestRegistry().open()
    await open(crossing.low)
  })
  afterEach(() => registry.close())

  /** Waits until an item of the job has failed; gives what the window then shows. */
  function failed(): Promise<Job> {
    return new Promise((resolve) => {
      const stop = session.on((event, value) => {
        const job = value as Job
        if (event !== 'job' || !job.items.some((item) => item.state === 'failed')) return
        stop()
        resolve(job)
      })
    })
  }

  it('is tried again alone: what the others have is not fetched twice', async () => {
    const { content, root } = sampleImage(1000)
    registry.add('team/app', content, { 1: root })
    await writeFile(file('request', 'a.txt'), 'a')
    let broken = true
    registry.switches.push((_request, response, path) => {
      if (!broken || !path.includes('/manifests/')) return false
      answer(response, 404)
      return true
    })
    const text = request(
      `items:\n  - image: ${registry.host}/team/app:1\n    allow: [plain-http]\n  - file: ./a.txt\n`,
    )
    const waiting = failed()
    const { job } = await session.call('collect.start', {
      request: { text, folder: place('folder', file('request')) },
      patient: true,
    })
    const seen = await waiting
    expect(seen.state).toBe('running')
    expect(seen.items[0]).toMatchObject({ state: 'failed', failure: { code: 'not-found' } })
    expect(await refused(session.call('job.retry', { job, item: './a.txt' }))).toBe('job-unknown')
    broken = false
    await session.call('job.retry', { job, item: `${registry.host}/team/app:1` })
    const ended = await session.call('job.wait', { job })
    expect([ended.state, ended.itemsDone]).toEqual(['done', 2])
  })

  it('is left out: the others go on, and the waybill says what is missing and why', async () => {
    await writeFile(file('request', 'a.txt'), 'a')
    const missing = `${registry.host}/team/none:1`
    const text = request(`items:\n  - image: ${missing}\n    allow: [plain-http]\n  - file: ./a.txt\n`)
    const waiting = failed()
    const { job } = await session.call('collect.start', {
      request: { text, folder: place('folder', file('request')) },
      patient: true,
    })
    await waiting
    expect(await refused(session.call('job.leave-out', { job, item: './a.txt' }))).toBe('job-unknown')
    await session.call('job.leave-out', { job, item: missing })
    const ended = await session.call('job.wait', { job })
    expect([ended.state, ended.items.map(({ state }) => state)]).toEqual(['done', ['left-out', 'done']])
    expect(ended.result).toMatchObject({ items: 1, leftOut: [missing] })
    const { consignments } = await session.call('consignment.list', {})
    const { content } = await session.call('consignment.show', { id: consignments[0]?.id ?? '' })
    expect(content.map(({ reference, findings }) => [reference, findings])).toEqual([
      [
        './a.txt',
        [
          {
            code: 'left-out',
            subject: missing,
            detail: `It was asked for and is not carried: it was left out. There is no ${missing}.`,
          },
        ],
      ],
    ])
  })

  it('is left out when its content breaks off: what else was fetched is not fetched again', async () => {
    const broken = sampleImage(1000, 'broken')
    const good = sampleImage(1000, 'good')
    registry.add('team/broken', broken.content, { 1: broken.root })
    registry.add('team/good', good.content, { 1: good.root })
    const layer =
      [...broken.content.blobs.keys()].find((digest) => !broken.content.manifests.has(digest)) ?? ''
    registry.repository('team/broken').blobs.delete(layer)
    const item = (name: string): string =>
      `  - image: ${registry.host}/team/${name}:1\n    allow: [plain-http]\n`
    const waiting = failed()
    const { job } = await session.call('collect.start', {
      request: { text: request(`items:\n${item('broken')}${item('good')}`), folder: null },
      patient: true,
    })
    await waiting
    await session.call('job.leave-out', { job, item: `${registry.host}/team/broken:1` })
    const ended = await session.call('job.wait', { job })
    expect(ended.result).toMatchObject({ items: 1, leftOut: [`${registry.host}/team/broken:1`] })
    const blobs = registry.heard
      .filter(({ path }) => path.includes('/team/good/blobs/'))
      .map(({ path }) => path)
    expect(new Set(blobs).size).toBe(blobs.length)
  })

  it('is left out although another item speaks for it: that one is carried, and says so', async () => {
    const { content, root } = sampleImage(1000)
    const sbom = content.referrer(root, 'application/spdx+json', '{"sbom":1}')
    registry.add('team/app', content, { 1: root, sbom })
    const layer = [...content.blobs.keys()].find((digest) => !content.manifests.has(digest)) ?? ''
    registry.repository('team/app').blobs.delete(layer)
    const item = (kind: string, tag: string): string =>
      `  - ${kind}: ${registry.host}/team/app:${tag}\n    allow: [plain-http]\n`
    const waiting = failed()
    const { job } = await session.call('collect.start', {
      request: { text: request(`items:\n${item('image', '1')}${item('artifact', 'sbom')}`), folder: null },
      patient: true,
    })
    await waiting
    await session.call('job.leave-out', { job, item: `${registry.host}/team/app:1` })
    const ended = await session.call('job.wait', { job })
    expect([ended.state, ended.failure?.code]).toEqual(['done', undefined])
    const { consignments } = await session.call('consignment.list', {})
    const shown = await session.call('consignment.show', { id: consignments[0]?.id ?? '' })
    expect(shown.content.map(({ findings }) => findings.map(({ code }) => code))).toEqual([
      ['subject-left', 'left-out'],
    ])
  })

  it('is not left out where nothing else is asked for', async () => {
    const text = request(`items:\n  - image: ${registry.host}/team/none:1\n    allow: [plain-http]\n`)
    const waiting = failed()
    const { job } = await session.call('collect.start', { request: { text, folder: null }, patient: true })
    await waiting
    await session.call('job.leave-out', { job, item: `${registry.host}/team/none:1` })
    const ended = await session.call('job.wait', { job })
    expect([ended.state, ended.failure?.code]).toEqual(['failed', 'all-left-out'])
    expect((await session.call('consignment.list', {})).consignments).toEqual([])
  })

  it('can be given up: cancelling while it waits leaves nothing', async () => {
    const text = request(`items:\n  - image: ${registry.host}/team/none:1\n    allow: [plain-http]\n`)
    const waiting = failed()
    const { job } = await session.call('collect.start', { request: { text, folder: null }, patient: true })
    await waiting
    await session.call('job.cancel', { job })
    expect((await session.call('job.wait', { job })).state).toBe('cancelled')
    expect((await session.call('consignment.list', {})).consignments).toEqual([])
  })
})

describe('parts while a medium is read', () => {
  it('are told as they are read, n of N', async () => {
    const files = { 'a.bin': Buffer.alloc(50_000, 'a'), 'b.bin': Buffer.alloc(50_000, 'b') }
    const { folder } = await makeBundle(crossing, 'medium', files, ['--part-size', '40000'])
    await open(crossing.high)
    const { job } = await session.call('verify.start', { medium: place('medium', folder) })
    const ended = await session.call('job.wait', { job })
    expect(ended.itemCount).toBeGreaterThan(2)
    expect(ended.itemsDone).toBe(ended.itemCount)
    expect(ended.items.map(({ name }) => name)).toEqual(
      Array.from({ length: ended.itemCount }, (_, i) => `bundle.tar.00${i + 1}`),
    )
    const read = ended.items.reduce((sum, item) => sum + item.done, 0)
    expect(read).toBeGreaterThan(100_000)
  })
})

describe('before anything is written or put in force', () => {
  it('a plan says what a medium would get, and refuses a consignment that is not released', async () => {
    const id = await release(
      crossing,
      await writeRequest(crossing, await writeFiles(crossing, { 'a.txt': 'a'.repeat(5000) })),
    )
    await mkdir(file('stick'))
    await open(crossing.low)
    const to = place('medium', file('stick'))
    const plan = await session.call('write.plan', { id, to, partSize: 8192 })
    expect(plan.parts.length).toBeGreaterThan(1)
    expect(plan.parts.reduce((sum, part) => sum + part.size, 0)).toBeLessThanOrEqual(plan.needed)
    expect(plan.copy).toBe(1)
    const inside = place('medium', crossing.low)
    expect(await refused(session.call('write.plan', { id, to: inside }))).toBe('medium-inside-desk')
  })

  it('a policy is read and shown, and nothing changes', async () => {
    await makeBundle(crossing, 'medium')
    await open(crossing.high)
    await writeFile(file('policy.yaml'), 'sallyport: policy/v1\nversion: 7\nlifetime: 30\n')
    const preview = await session.call('policy.preview', { place: place('policy', file('policy.yaml')) })
    expect([preview.version, preview.document.lifetime]).toEqual([7, 30])
    expect((await session.call('desk.show', {})).policy.document.version).toBe(1)
    await writeFile(file('bad.yaml'), 'sallyport: policy/v1\nversion: 7\nlifetimes: 30\n')
    expect(await refused(session.call('policy.preview', { place: place('policy', file('bad.yaml')) }))).toBe(
      'policy-form',
    )
  })

  it('a desk’s card is saved and read, and a file that is none is refused', async () => {
    await open(crossing.high)
    const path = file('card.json')
    await session.call('card.save', { place: place('card', path) })
    expect(await refused(session.call('card.save', { place: place('card', path) }))).toBe('file-exists')
    const card = await session.call('card.read', { place: place('card', path) })
    expect([card.id.hex, card.side, card.name]).toEqual([crossing.highId, 'high', 'Delta-2'])
    await writeFile(path, '{"format":"sallyport.desk/v1"}')
    expect(await refused(session.call('card.read', { place: place('card', path) }))).toBe('card-form')
  })
})
