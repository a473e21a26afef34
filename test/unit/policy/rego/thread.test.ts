import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { digestOf } from '../../../../main/platform/hash.ts'
import { limits } from '../../../../main/platform/limits.ts'
import type { RegoQuestion, RegoSaid } from '../../../../main/policy/rego/rego-task.ts'
import { askInThread } from '../../../../main/policy/rego/thread.ts'
import { bodies, madeWasm } from '../../../support/made-wasm.ts'

let folder: string
let count = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-rego-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function question(bytes: Buffer, more: Partial<RegoQuestion> = {}): Promise<RegoQuestion> {
  count += 1
  const path = join(folder, `${count}.wasm`)
  await writeFile(path, bytes)
  const asked = { entrypoint: 'house/deny', input: '{}', items: ['app'] }
  return { path, digest: digestOf(bytes), ...asked, ...more }
}
const asked = async (bytes: Buffer, more: Partial<RegoQuestion> = {}, time?: number): Promise<RegoSaid> =>
  askInThread(await question(bytes, more), time === undefined ? {} : { time })
const unanswered = (reason: string, found: unknown = expect.any(String)) =>
  expect.objectContaining({ answered: false, reason, found }) as RegoSaid

describe('a rule set in its thread', () => {
  it('objects, or does not', async () => {
    const answer = '[{"result":[{"item":"app","id":"a","message":"b"}]}]'
    const objections = [{ item: 'app', id: 'a', message: 'b' }]
    expect(await asked(madeWasm({ answer }))).toEqual({ answered: true, objections, strange: null })
    expect(await asked(madeWasm())).toEqual({ answered: true, objections: [], strange: null })
    // It is not asked where only its form is.
    expect(await asked(madeWasm({ body: bodies.traps }), { input: null })).toMatchObject({ answered: true })
  })

  it('that loops is ended: when it is asked, and when it is looked at', async () => {
    expect(await asked(madeWasm({ body: bodies.loops }), {}, 2_000)).toEqual(
      unanswered('time', 'none by then'),
    )
    expect(await asked(madeWasm({ builtinsBody: bodies.loops }), { input: null }, 2_000)).toEqual(
      unanswered('time'),
    )
  })

  it('that loops is ended when nobody waits any more, which is no answer', async () => {
    // Were it only ended by its time, this test would end first.
    const long = { time: 3_600_000 }
    const loops = await question(madeWasm({ body: bodies.loops }))
    const abort = new AbortController()
    const answer = askInThread(loops, { ...long, signal: abort.signal })
    setTimeout(() => abort.abort(), 200)
    await expect(answer).rejects.toThrow(expect.objectContaining({ code: 'cancelled' }) as Error)
    await expect(askInThread(loops, { ...long, signal: abort.signal })).rejects.toThrow('cancelled')
    const calm = await question(madeWasm())
    const { signal } = new AbortController()
    expect(await askInThread(calm, { ...long, signal })).toMatchObject({ answered: true })
  })

  it('that traps, calls itself without end or takes all memory has not answered', async () => {
    for (const body of [bodies.traps, bodies.recurses, bodies.grows]) {
      expect(await asked(madeWasm({ body }))).toEqual(unanswered('trap'))
    }
  })

  it('that answers something else has not answered', async () => {
    for (const answer of [
      '',
      'allow',
      '[{"result":[]}',
      '[]',
      '{"result":[]}',
      '[{"result":[],"result":[]}]',
    ]) {
      expect(await asked(madeWasm({ answer }))).toEqual(unanswered('answer'))
    }
    const deep = `${'['.repeat(100)}${']'.repeat(100)}`
    expect(await asked(madeWasm({ answer: deep }))).toEqual(unanswered('answer'))
    const bytes = madeWasm({ answer: '[{"result":["~"]}]' })
    bytes[bytes.lastIndexOf('~')] = 0xff
    expect(await asked(bytes)).toEqual(unanswered('answer', 'something that is no JSON'))
  })

  it('is the very file that is named, and a file', async () => {
    const one = await question(madeWasm())
    const other = digestOf('other')
    expect(await askInThread({ ...one, digest: other })).toEqual(unanswered('other-file', one.digest))
    expect(await askInThread({ ...one, path: join(folder, 'none.wasm') })).toEqual(unanswered('missing'))
    expect(await askInThread({ ...one, path: folder })).toEqual(unanswered('missing'))
    const link = join(folder, 'link.wasm')
    await symlink(one.path, link)
    expect(await askInThread({ ...one, path: link })).toEqual(unanswered('missing'))
    expect(await asked(Buffer.alloc(limits.regoBytes + 1))).toEqual(unanswered('module', 'a larger file'))
  })

  it('that is asked about more than its memory holds has not answered', async () => {
    const input = JSON.stringify('x'.repeat(limits.regoMemory))
    expect(await asked(madeWasm(), { input })).toEqual(unanswered('trap', 'its memory is full'))
  })
})
