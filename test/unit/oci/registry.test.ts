import { describe, expect, it } from 'vitest'
import { Failure } from '../../../main/platform/failure.ts'
import { limits } from '../../../main/platform/limits.ts'
import type { Gate, Spoken } from '../../../main/platform/network.ts'
import type { Credentials } from '../../../main/oci/credentials.ts'
import type { Ask } from '../../../main/oci/ask.ts'
import { Registry } from '../../../main/oci/registry.ts'
import { TableGate, type Reply } from '../../support/table-gate.ts'

/* Whom a credential and a proof go to: the registry that they are for, the realm that it names, and nobody else. */

const credentials: Credentials = { 'reg.example': { username: 'bob', password: 'secret' } }
const basicChallenge = { 'www-authenticate': 'Basic realm="x"' }
const blob = 'https://reg.example/v2/team/app/blobs/x'
const question: Ask = {
  method: 'GET',
  repository: 'team/app',
  path: 'team/app/blobs/x',
  subject: 'it',
  expect: [200],
}
const bob = `Basic ${Buffer.from('bob:secret').toString('base64')}`

const registryOf = (gate: Gate, more: Credentials = credentials): Registry =>
  new Registry('reg.example', { gate, rules: { hosts: 'any', plainHttp: [], ca: {} }, credentials: more })

async function codeOf(act: Promise<unknown>): Promise<unknown> {
  const error = await act.then(
    () => 'nothing',
    (reason: unknown) => reason,
  )
  return error instanceof Failure ? error.code : error
}

describe('a credential', () => {
  it('goes to the registry that it is for, once that asks', async () => {
    const gate = new TableGate({ [blob]: [{ status: 401, headers: basicChallenge }, {}] })
    await registryOf(gate).ask(question)
    expect(gate.asked.map((one) => one.authorization)).toEqual([null, bob])
  })

  it('of another host is not taken for this one', async () => {
    const gate = new TableGate({ [blob]: { status: 401, headers: basicChallenge } })
    const other = { 'other.example': { username: 'bob', password: 'secret' } }
    expect(await codeOf(registryOf(gate, other).ask(question))).toBe('registry-auth')
    expect(gate.authorizations).toEqual([])
  })

  const realm = 'https://evil.example/token'
  it.each([
    ['a password', basicChallenge],
    ['a token', { 'www-authenticate': `Bearer realm="${realm}",service="x"` }],
  ])('is never given to a host that we were redirected to and that asks for %s', async (_, headers) => {
    for (const at of [
      'https://evil.example/v2/team/app/blobs/x',
      'https://reg.example:8443/x',
      'http://reg.example/x',
    ]) {
      const gate = new TableGate({ [blob]: { status: 401, headers, at } })
      expect(await codeOf(registryOf(gate).ask(question))).toBe('registry-auth')
      expect(gate.asked).toHaveLength(1)
      expect(gate.authorizations).toEqual([])
    }
  })
})

describe('a place that an answer names', () => {
  const upload = 'https://store.example/put'
  const from: Spoken = { url: new URL('https://reg.example/v2/team/app/blobs/uploads/'), zone: 'private' }
  const put: Ask = {
    ...question,
    method: 'PUT',
    push: true,
    path: { place: new URL(upload), from },
    expect: [201],
  }

  it('elsewhere gets no proof, and is asked in the name of whoever named it', async () => {
    const gate = new TableGate({
      [blob]: [{ status: 401, headers: basicChallenge }, {}],
      [upload]: { status: 201 },
    })
    const registry = registryOf(gate)
    await registry.ask({ ...question, push: true })
    await registry.ask(put)
    expect(gate.authorizations).toEqual([`reg.example ${bob}`])
    expect(gate.asked.at(-1)).toEqual({ url: upload, method: 'PUT', authorization: null, from })
  })

  it('elsewhere that asks for a password gets none', async () => {
    const gate = new TableGate({ [upload]: { status: 401, headers: basicChallenge } })
    expect(await codeOf(registryOf(gate).ask(put))).toBe('registry-auth')
    expect(gate.authorizations).toEqual([])
  })

  it('at the registry itself gets the proof', async () => {
    const own = 'https://reg.example/put'
    const gate = new TableGate({ [own]: [{ status: 401, headers: basicChallenge }, { status: 201 }] })
    await registryOf(gate).ask({ ...put, path: { place: new URL(own), from } })
    expect(gate.asked.map((one) => one.authorization)).toEqual([null, bob])
  })
})

describe('a token', () => {
  const headers = { 'www-authenticate': 'Bearer realm="https://auth.example/token",service="reg.example"' }
  const table = (zone: Spoken['zone']) => ({
    [blob]: [{ status: 401, headers, zone }, {}],
    'https://auth.example/token': { body: '{"token":"abc"}' },
  })

  it('is asked for in the name of the registry, where that was found to lie', async () => {
    const kinds: Credentials[] = [credentials, { 'reg.example': { identityToken: 'id' } }, {}]
    for (const zone of ['public', 'private', 'local'] as const) {
      for (const known of kinds) {
        const gate = new TableGate(table(zone))
        await registryOf(gate, known).ask(question)
        const [first, token, last] = gate.asked
        expect(first?.authorization).toBe(null)
        expect(token?.from).toMatchObject({ url: new URL(blob), zone })
        expect(last?.authorization).toBe('Bearer abc')
      }
    }
  })

  it('asked for once more another way is still asked for in that name', async () => {
    const gate = new TableGate({
      ...table('private'),
      'https://auth.example/token': [{ status: 404 }, { body: '{"token":"abc"}' }],
    })
    await registryOf(gate, { 'reg.example': { identityToken: 'id' } }).ask(question)
    expect(gate.asked.slice(1, 3).map(({ method, from }) => [method, from?.zone])).toEqual([
      ['POST', 'private'],
      ['GET', 'private'],
    ])
  })

  it('goes to the registry alone', async () => {
    const gate = new TableGate(table('public'))
    await registryOf(gate).ask(question)
    expect(gate.authorizations).toEqual([`auth.example ${bob}`, 'reg.example Bearer abc'])
  })
})

describe('a registry that is asked often', () => {
  const table = {
    [blob]: [{ status: 401, headers: basicChallenge }, {}, {}, { status: 401, headers: basicChallenge }, {}],
  }

  it('gets the proof that it took before, and a new one only when it asks again', async () => {
    const gate = new TableGate(table)
    const registry = registryOf(gate)
    for (let i = 0; i < 3; i += 1) await registry.ask(question)
    expect(gate.asked.map((one) => one.authorization)).toEqual([null, bob, bob, bob, bob])
  })

  it('is asked for one token by many requests at once', async () => {
    const headers = { 'www-authenticate': 'Bearer realm="https://auth.example/token"' }
    const refusing = Array.from({ length: 5 }, () => ({ status: 401, headers }))
    const gate = new TableGate({
      [blob]: [...refusing, {}],
      'https://auth.example/token': { body: '{"token":"abc"}' },
    })
    const registry = registryOf(gate)
    await Promise.all(refusing.map(() => registry.ask(question)))
    expect(gate.asked.filter(({ url }) => url.startsWith('https://auth.example/'))).toHaveLength(1)
    expect(gate.asked).toHaveLength(5 + 1 + 5)
  })

  it('and is busy is asked again, so often and no more; what it refuses is not asked again', async () => {
    const busy = { status: 503, headers: { 'retry-after': '0' } }
    const asked = async (replies: readonly Reply[]): Promise<unknown> => {
      const gate = new TableGate({ [blob]: replies })
      return [await codeOf(registryOf(gate).ask(question)), gate.asked.length]
    }
    const often = (count: number): Reply[] => Array.from({ length: count }, () => busy)
    expect(await asked([...often(limits.retries), {}])).toEqual(['nothing', limits.retries + 1])
    expect(await asked([...often(limits.retries + 1), {}])).toEqual(['registry-answer', limits.retries + 1])
    const late = { status: 429, headers: { 'retry-after': String(limits.retryAfter + 1) } }
    expect(await asked([late, {}])).toEqual(['registry-limit', 1])
    for (const [status, code] of [
      [404, 'not-found'],
      [403, 'registry-auth'],
      [418, 'registry-answer'],
    ] as const)
      expect(await asked([{ status, headers: { 'retry-after': '0' } }, {}])).toEqual([code, 1])
  })

  it('and cannot be reached is asked again only where that may pass', async () => {
    const failing = async (found: string): Promise<unknown> => {
      let asked = 0
      const gate = new TableGate({})
      const broken: Gate = {
        request: (...words) => {
          asked += 1
          if (asked > 1) return gate.request(...words)
          return Promise.reject(new Failure('registry-unreachable', { host: 'reg.example', found }))
        },
      }
      return [await codeOf(registryOf(broken).ask(question)), asked]
    }
    for (const passing of ['ECONNRESET', 'EAI_AGAIN', 'HPE_INVALID_CONSTANT'])
      expect(await failing(passing)).toEqual(['nothing', 2])
    for (const lasting of ['ECONNREFUSED', 'ENOTFOUND', 'EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER'])
      expect(await failing(lasting)).toEqual(['registry-unreachable', 1])
  })
})
