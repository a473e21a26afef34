import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openGate } from '../../main/platform/network.ts'
import { openSession, type Session } from '../../main/desk/session.ts'
import { makeCrossing, type Crossing } from '../support/desks.ts'
import { TestRegistry } from '../support/registry.ts'

/* A process that has had a high desk speaks to nobody any more, whatever is closed or opened since. */

let crossing: Crossing
let registry: TestRegistry
let session: Session
beforeAll(async () => {
  crossing = await makeCrossing()
})
afterAll(() => crossing.dispose())
beforeEach(async () => {
  registry = await new TestRegistry().open()
  session = openSession({ clock: crossing.clock, network: openGate })
})
afterEach(async () => {
  await session.close()
  await registry.close()
})

const ask = async (of: Session = session): Promise<string> => {
  const image = `${registry.host}/secret/x:1`
  const answer = await of.answer('evidence.show', { image, roots: [], keys: [], plainHttp: true })
  if (!answer.ok) return answer.failure.code
  const ended = await of.call('job.wait', { job: String(answer['job']) })
  return ended.failure?.code ?? ended.state
}
const open = (folder: string, of: Session = session) =>
  of.answer('desk.open', { place: of.place('desk', folder), mode: 'read' })
// Nothing is there under that name: but it was asked for.
const spoken = 'not-found'

describe('a process that has had a high desk', () => {
  it('asked hosts before it had one', async () => {
    expect(await ask()).toBe(spoken)
    expect(registry.heard.length).toBeGreaterThan(0)
  })

  it('opens no connection while it is open, once it is closed, nor at a low desk that is opened then', async () => {
    await open(crossing.high)
    expect(await ask()).toBe('wrong-side')
    await session.answer('desk.close', {})
    expect(await ask()).toBe('network-refused')
    await open(crossing.low)
    expect(await ask()).toBe('network-refused')
    expect(registry.heard).toEqual([])
  })

  it('is silent as well where the desk that it was asked for did not open', async () => {
    const broken = join(crossing.folder, 'broken')
    await cp(crossing.high, broken, { recursive: true })
    await writeFile(join(broken, 'ledger.jsonl'), 'nothing\n')
    expect((await open(broken)).ok).toBe(false)
    expect(await ask()).toBe('network-refused')
    // What cannot be read may have been one.
    const other = openSession({ clock: crossing.clock, network: openGate })
    await writeFile(join(broken, 'desk.json'), 'nothing')
    expect((await open(broken, other)).ok).toBe(false)
    expect(await ask(other)).toBe('network-refused')
    await other.close()
    expect(registry.heard).toEqual([])
  })

  it('speaks on where that was a low desk, or no desk at all', async () => {
    expect((await open(join(crossing.folder, 'nowhere'))).ok).toBe(false)
    await open(crossing.low)
    expect(await ask()).toBe(spoken)
    await session.answer('desk.close', {})
    expect(await ask()).toBe(spoken)
  })
})

describe('the window', () => {
  it('opens connections only while a low desk is open', async () => {
    const window = openSession({ clock: crossing.clock, network: openGate, connectsOnlyWithDesk: true })
    expect(await ask(window)).toBe('network-refused')
    expect(registry.heard).toEqual([])
    await open(crossing.low, window)
    expect(await ask(window)).toBe(spoken)
    await window.answer('desk.close', {})
    expect(await ask(window)).toBe('network-refused')
    await window.close()
  })
})
