import { createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { Ask } from '../../../../main/oci/ask.ts'
import { askedPause, backOff, ownRest, sharedRest, spreadOut } from '../../../../main/oci/pacing.ts'
import { Registry } from '../../../../main/oci/registry.ts'
import { limits } from '../../../../main/platform/limits.ts'
import { openGate, type GateAnswer } from '../../../../main/platform/network.ts'
import { failureOf } from '../../../support/failure-of.ts'
import { TableGate, TestPacing, type Reply } from '../../../support/table-gate.ts'

/*
 * What a client of registries must do, row by row: errors, limits and repetition. Rows that are tested elsewhere:
 * - so many attempts and no more, and what is asked again: test/unit/oci/registry.test.ts “and is busy is asked again”
 * - resets are asked again, nobody there is not: registry.test.ts “and cannot be reached is asked again only where that may pass”
 * - a body that cannot be read again is not sent again: test/unit/platform/network.test.ts “sends on nothing that was written”
 * - what was said once is not said again: test/unit/export/pieces.test.ts “and breaks off is given the whole again”
 */

const blob = 'https://reg.example/v2/team/app/blobs/x'
const question: Ask = {
  method: 'GET',
  repository: 'team/app',
  path: 'team/app/blobs/x',
  subject: 'it',
  expect: [200],
}
const rules = { hosts: 'any', plainHttp: [], ca: {} } as const
const now = new Date('2026-01-01T00:00:00Z')

async function asked(replies: readonly Reply[], pacing = new TestPacing()): Promise<unknown> {
  const gate = new TableGate({ [blob]: replies })
  const registry = new Registry('reg.example', { gate, rules, credentials: {}, pacing })
  const code = await registry.ask(question).then(
    () => 'done',
    (error: unknown) => (error as { code: string }).code,
  )
  return [code, gate.asked.length, pacing.waits]
}

describe('repetition, row by row', () => {
  it.each([408, 429, 500, 502, 503, 504])('%d is asked again', async (status) => {
    expect(await asked([{ status }, {}])).toEqual(['done', 2, [100]])
  })

  it.each([400, 404, 405, 409, 410, 416, 418, 422, 501, 505])('%d is not', async (status) => {
    expect(await asked([{ status }, {}])).toMatchObject([expect.not.stringMatching('done'), 1, []])
  })

  const said = (after: string, date?: string): Pick<GateAnswer, 'headers'> => ({
    headers: { 'retry-after': after, ...(date === undefined ? {} : { date }) },
  })
  it('Retry-After is seconds, or a date by the answer’s own clock, else by ours', () => {
    expect(askedPause(said('7'), now)).toBe(7000)
    const [at, later] = ['Fri, 01 May 2020 10:00:00 GMT', 'Fri, 01 May 2020 10:00:09 GMT']
    expect(askedPause(said(later, at), now)).toBe(9000)
    expect(askedPause(said('Thu, 01 Jan 2026 00:00:05 GMT'), now)).toBe(5000)
    expect(askedPause(said(at, later), now)).toBe(0)
    for (const text of ['', 'soon', '-1', '1e3', '1.5', '2026-01-01T00:00:05Z', 'Mon'])
      expect(askedPause(said(text, at), now)).toBe(null)
    expect(askedPause({ headers: {} }, now)).toBe(null)
  })

  it('longer than a minute is not waited for: it is told', async () => {
    expect(askedPause(said(String(limits.retryAfter)), now)).toBe(limits.retryAfter * 1000)
    expect(askedPause(said(String(limits.retryAfter + 1)), now)).toBe(Infinity)
    const late = { status: 429, headers: { 'retry-after': String(limits.retryAfter + 1) } }
    expect(await asked([late, {}])).toEqual(['registry-limit', 1, []])
  })

  it('not all come back at once: the wait is drawn by lot, and never shorter than was asked for', async () => {
    expect([backOff(1, 0), backOff(1, 1), backOff(3, 0.5)]).toEqual([100, 300, 800])
    expect([spreadOut(8000, 0), spreadOut(8000, 1)]).toEqual([8000, 10_000])
    const pacing = new TestPacing()
    pacing.lot = 0.5
    const busy = { status: 429, headers: { 'retry-after': '8' } }
    expect(await asked([busy, { status: 500 }, {}], pacing)).toEqual(['done', 3, [9000, 400]])
  })

  it('what a host says to one holds for all who ask it', async () => {
    const busy = { status: 429, headers: { 'retry-after': '20' } }
    const gate = new TableGate({ [blob]: [busy, {}] })
    const rest = ownRest()
    const [first, second] = [new TestPacing(), new TestPacing()]
    const open = (pacing: TestPacing): Registry =>
      new Registry('reg.example', { gate, rules, credentials: {}, pacing, rest })
    await open(first).ask(question)
    await open(second).ask(question)
    expect([first.waits, second.waits]).toEqual([[20_000], [20_000]])
  })

  it('also on other threads, each host by itself; a shorter rest makes none shorter', () => {
    const buffer = new SharedArrayBuffer(16)
    const [one, same, other] = [sharedRest(buffer, 0), sharedRest(buffer, 0), sharedRest(buffer, 1)]
    one.extend(5000)
    same.extend(3000)
    expect([one.until(), same.until(), other.until()]).toEqual([5000, 5000, 0])
    same.extend(7000.5)
    expect(one.until()).toBe(7001)
  })

  it('a rest without end is no rest: a minute at a time, so often and no more', async () => {
    const pacing = new TestPacing()
    const rest = { until: () => Number.MAX_SAFE_INTEGER, extend: () => undefined }
    const gate = new TableGate({})
    await new Registry('reg.example', { gate, rules, credentials: {}, pacing, rest }).ask(question)
    expect(pacing.waits).toEqual(Array(limits.retries + 1).fill(limits.retryAfter * 1000))
  })

  it('errors are told by code and message, bounded, whatever stands around them', async () => {
    const found = async (body: string): Promise<unknown> => {
      const gate = new TableGate({ [blob]: { status: 400, body } })
      const registry = new Registry('reg.example', { gate, rules, credentials: {} })
      return (await failureOf(registry.ask(question))).facts.found
    }
    expect(await found('{"errors":[{"code":"NAME_INVALID","message":"so","detail":{"x":1}}]}')).toBe(
      'NAME_INVALID, so',
    )
    for (const body of ['<html><h1>413</h1></html>', '', '{"errors":"x"}', '{"errors":[]}', '[]'])
      expect(await found(body)).toBe('no explanation')
    expect(
      String(await found(JSON.stringify({ errors: [{ message: 'é\u001b['.repeat(500) }] }))).length,
    ).toBe(200)
  })

  it('401 and 403 are a refusal, 404 is that there is none or that nobody may know', async () => {
    for (const [status, code] of [
      [401, 'registry-auth'],
      [403, 'registry-auth'],
      [404, 'not-found'],
    ] as const)
      expect([await asked([{ status }])].flat()).toContain(code)
    const gate = new TableGate({ [blob]: { status: 404 } })
    const { next } = (
      await failureOf(new Registry('reg.example', { gate, rules, credentials: {} }).ask(question))
    ).view()
    expect(next).toContain('refuse access')
  })
})

describe('an answer that is no HTTP', () => {
  let server: Server | undefined
  afterEach(() => new Promise((resolve) => (server === undefined ? resolve(null) : server.close(resolve))))

  it('(lines ended by LF alone, as Docker Hub once sent them) is asked again', async () => {
    let count = 0
    server = createServer((socket: Socket) => {
      socket.on('error', () => undefined)
      socket.on('data', () => {
        count += 1
        socket.end(
          count === 1
            ? 'HTTP/1.1 429 Too Many\nRetry-After: 0\n\n'
            : 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
        )
      })
    })
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
    const plain = { ...rules, plainHttp: [host] }
    const access = { gate: openGate(plain), rules: plain, credentials: {}, pacing: new TestPacing() }
    const answer = await new Registry(host, access).ask(question)
    answer.body.resume()
    expect([answer.status, count]).toEqual([200, 2])
  })
})
