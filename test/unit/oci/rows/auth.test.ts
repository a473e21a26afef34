import { describe, expect, it } from 'vitest'
import type { Ask } from '../../../../main/oci/ask.ts'
import type { Credentials } from '../../../../main/oci/credentials.ts'
import { Registry } from '../../../../main/oci/registry.ts'
import { limits } from '../../../../main/platform/limits.ts'
import { failureOf } from '../../../support/failure-of.ts'
import { TableGate, TestPacing } from '../../../support/table-gate.ts'

/*
 * What a client of registries must do, row by row: authentication (the token protocol of the distribution project; RFC
 * 6750; RFC 9110, 11). Rows that are tested elsewhere:
 * - the first question is asked without a credential, Basic only after a Basic challenge: test/unit/oci/registry.test.ts
 *   “goes to the registry that it is for, once that asks”, test/unit/collect/hostile.test.ts “by Basic only after a challenge”
 * - several challenges, quoted commas, escapes, letter case: test/unit/oci/reference.test.ts “challenges are read with quotes”
 * - POST refused by 404 goes on by GET: registry.test.ts “asked for once more another way is still asked for in that name”
 * - one token however many ask at once: registry.test.ts “is asked for one token by many requests at once”
 * - a credential goes to its host or the realm that it named alone: registry.test.ts “a credential”, “goes to the registry alone”
 * - no realm without TLS where the registry had it, none further in: hostile.test.ts “is never left: no redirect and no token
 *   address without it”, test/unit/platform/network.test.ts “forbid going in, and leaving TLS”
 */

const blob = 'https://reg.example/v2/team/app/blobs/x'
const realm = 'https://auth.example/token'
const headers = { 'www-authenticate': `Bearer realm="${realm}",service="reg.example"` }
const challenge = { status: 401, headers }
const question: Ask = {
  method: 'GET',
  repository: 'team/app',
  path: 'team/app/blobs/x',
  subject: 'it',
  expect: [200],
}
const password: Credentials = { 'reg.example': { username: 'bob', password: 'secret-word' } }
const bob = `Basic ${Buffer.from('bob:secret-word').toString('base64')}`

const open = (gate: TableGate, credentials: Credentials = password, pacing = new TestPacing()): Registry =>
  new Registry('reg.example', {
    gate,
    rules: { hosts: 'any', plainHttp: [], ca: {} },
    credentials,
    pacing,
  })
const tokens = (gate: TableGate): URLSearchParams[] =>
  gate.asked.filter(({ url }) => url.startsWith(realm)).map(({ url }) => new URL(url).searchParams)

describe('authentication, row by row', () => {
  it('a registry that challenges without saying how is asked at /v2/ (gcr.io)', async () => {
    const gate = new TableGate({
      [blob]: [{ status: 401 }, {}],
      'https://reg.example/v2/': challenge,
      [realm]: { body: '{"token":"abc"}' },
    })
    await open(gate).ask(question)
    expect(gate.asked.map(({ url }) => url.replace(/\?.*/, ''))).toEqual([
      blob,
      'https://reg.example/v2/',
      realm,
      blob,
    ])
    const mute = new TableGate({ [blob]: { status: 401 }, 'https://reg.example/v2/': { status: 401 } })
    expect((await failureOf(open(mute).ask(question))).facts.sent).toContain('did not say how it wants one')
    expect(mute.authorizations).toEqual([])
  })

  it('/v2/ counts only where it lies at the registry itself', async () => {
    const gate = new TableGate({
      [blob]: { status: 401 },
      'https://reg.example/v2/': { ...challenge, at: 'https://evil.example/v2/' },
    })
    expect((await failureOf(open(gate).ask(question))).code).toBe('registry-auth')
    expect(gate.authorizations).toEqual([])
  })

  it('Bearer goes before Basic where both are offered', async () => {
    const both = { 'www-authenticate': `Basic realm="x", ${headers['www-authenticate']}` }
    const gate = new TableGate({
      [blob]: [{ status: 401, headers: both }, {}],
      [realm]: { body: '{"token":"abc"}' },
    })
    await open(gate).ask(question)
    expect(gate.authorizations).toEqual([`auth.example ${bob}`, 'reg.example Bearer abc'])
  })

  it('a realm may be relative to the registry', async () => {
    const relative = { 'www-authenticate': 'Bearer realm="/auth/token"' }
    const gate = new TableGate({
      [blob]: [{ status: 401, headers: relative }, {}],
      'https://reg.example/auth/token': { body: '{"token":"abc"}' },
    })
    await open(gate).ask(question)
    expect(gate.authorizations).toEqual([`reg.example ${bob}`, 'reg.example Bearer abc'])
  })

  it('a token is asked for by GET with the service and one scope for each repository', async () => {
    const gate = new TableGate({ [blob]: [challenge, {}], [realm]: { body: '{"token":"abc"}' } })
    await open(gate).ask({ ...question, push: true, alsoPull: 'team/base' })
    const [asked] = tokens(gate)
    expect(asked?.get('service')).toBe('reg.example')
    expect(asked?.getAll('scope')).toEqual(['repository:team/app:pull,push', 'repository:team/base:pull'])
  })

  it('the question for a blob to be mounted is for its source too, and a question to read never for writing', async () => {
    const gate = new TableGate({
      [blob]: [challenge, {}, challenge, {}],
      [realm]: { body: '{"token":"abc"}' },
    })
    const registry = open(gate)
    await registry.ask(question)
    await registry.ask({ ...question, push: true })
    expect(tokens(gate).map((one) => one.getAll('scope'))).toEqual([
      ['repository:team/app:pull'],
      ['repository:team/app:pull,push'],
    ])
  })

  it('leave to delete is asked for by what deletes alone, also where the registry names it', async () => {
    const gate = new TableGate({
      [blob]: [challenge, {}, challenge, {}],
      [realm]: { body: '{"token":"abc"}' },
    })
    const registry = open(gate)
    await registry.ask({ ...question, push: true })
    await registry.ask({ ...question, push: true, method: 'DELETE' })
    expect(tokens(gate).map((one) => one.get('scope'))).toEqual([
      'repository:team/app:pull,push',
      'repository:team/app:pull,push,delete',
    ])
  })

  it.each([
    ['an identity token', { identityToken: 'refresh' }],
    [
      'a token under the user name of clouds',
      { username: '00000000-0000-0000-0000-000000000000', password: 'refresh' },
    ],
  ])('%s is exchanged by POST, in a form', async (_, credential) => {
    const gate = new TableGate({ [blob]: [challenge, {}], [realm]: { body: '{"access_token":"abc"}' } })
    await open(gate, { 'reg.example': credential }).ask(question)
    const at = gate.asked.findIndex(({ url }) => url === realm)
    expect(gate.asked[at]).toMatchObject({ method: 'POST', authorization: null })
    expect(gate.headers[at]?.['content-type']).toBe('application/x-www-form-urlencoded')
    expect(Object.fromEntries(new URLSearchParams(await gate.bodies[at]))).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'refresh',
      client_id: 'sallyport',
      service: 'reg.example',
      scope: 'repository:team/app:pull',
    })
    expect(gate.asked.at(-1)?.authorization).toBe('Bearer abc')
  })

  it('where POST is not known, GET is asked: with the user name of clouds if that was one', async () => {
    const nobody = '00000000-0000-0000-0000-000000000000'
    for (const status of [404, 405]) {
      const gate = new TableGate({
        [blob]: [challenge, {}],
        [realm]: [{ status }, { body: '{"token":"abc"}' }],
      })
      await open(gate, { 'reg.example': { username: nobody, password: 'refresh' } }).ask(question)
      const basic = `Basic ${Buffer.from(`${nobody}:refresh`).toString('base64')}`
      expect(gate.authorizations).toEqual([`auth.example ${basic}`, 'reg.example Bearer abc'])
    }
  })

  it('where GET is not known, a password is exchanged by POST, in a form; nobody is asked a third time', async () => {
    for (const status of [404, 405]) {
      const gate = new TableGate({
        [blob]: [challenge, {}],
        [realm]: [{ status }, { body: '{"access_token":"abc"}' }],
      })
      await open(gate).ask(question)
      const at = gate.asked.findIndex(({ method }) => method === 'POST')
      expect(gate.asked[at]).toMatchObject({ url: realm, authorization: null })
      expect(Object.fromEntries(new URLSearchParams(await gate.bodies[at]))).toEqual({
        grant_type: 'password',
        username: 'bob',
        password: 'secret-word',
        client_id: 'sallyport',
        service: 'reg.example',
        scope: 'repository:team/app:pull',
      })
      expect(gate.authorizations).toEqual([`auth.example ${bob}`, 'reg.example Bearer abc'])
      const deaf = new TableGate({ [blob]: challenge, [realm]: { status } })
      const { code, facts } = await failureOf(open(deaf).ask(question))
      expect([code, facts.status, facts.found]).toEqual(['registry-answer', status, 'no token'])
      expect(deaf.asked.filter(({ url }) => url.startsWith(realm))).toHaveLength(2)
    }
  })

  it.each([
    ['a password that was refused', password, 401],
    ['nobody', {}, 404],
  ])('%s is not tried by POST', async (_, credentials, status) => {
    const gate = new TableGate({ [blob]: challenge, [realm]: { status } })
    await failureOf(open(gate, credentials).ask(question))
    expect(gate.asked.map(({ method }) => method)).toEqual(['GET', 'GET'])
  })

  it('“token” and “access_token” are the same; without one, or with one that ends a header, it is no answer', async () => {
    const body = async (text: string): Promise<string> => {
      const gate = new TableGate({ [blob]: [challenge, {}], [realm]: { body: text } })
      return open(gate)
        .ask(question)
        .then(() => gate.asked.at(-1)?.authorization ?? '')
        .catch((error: unknown) => (error as { code: string }).code)
    }
    expect(await body('{"token":"a"}')).toBe('Bearer a')
    expect(await body('{"access_token":"b"}')).toBe('Bearer b')
    for (const none of ['{}', '[]', 'no', '{"token":""}', '{"token":"a\\r\\nb"}', '{"token":7}'])
      expect(await body(none)).toBe('registry-answer')
  })

  describe('a token counts from its arrival', () => {
    /** The tokens that were sent to the registry, each so many milliseconds after the one before. */
    const sent = async (answer: string, ...passed: readonly number[]): Promise<(string | null)[]> => {
      const gate = new TableGate({
        [blob]: [challenge, {}],
        [realm]: [1, 2, 3].map((count) => ({ body: answer.replace('TOKEN', `t${count}`) })),
      })
      const pacing = new TestPacing()
      const registry = open(gate, password, pacing)
      await registry.ask(question)
      for (const milliseconds of passed) {
        pacing.pass(milliseconds)
        await registry.ask(question)
      }
      return gate.asked.flatMap(({ url, authorization }) => (url === blob ? [authorization] : []))
    }

    it('for as long as it says, less some seconds; it is renewed before anything is asked with it', async () => {
      const answer = '{"token":"TOKEN","expires_in":300}'
      expect(await sent(answer, 289_999)).toEqual([null, 'Bearer t1', 'Bearer t1'])
      expect(await sent(answer, 290_000, 1)).toEqual([null, 'Bearer t1', 'Bearer t2', 'Bearer t2'])
    })

    it.each([
      ['nothing', ''],
      ['less', ',"expires_in":5'],
      ['what is no number', ',"expires_in":"300"'],
      ['a time of another clock', ',"issued_at":"1999-01-01T00:00:00Z"'],
    ])('for a minute where it says %s', async (_, more) => {
      const answer = `{"token":"TOKEN"${more}}`
      expect(await sent(answer, 49_999)).toEqual([null, 'Bearer t1', 'Bearer t1'])
      expect(await sent(answer, 50_000)).toEqual([null, 'Bearer t1', 'Bearer t2'])
    })

    it('and is renewed once for all who find it old', async () => {
      const gate = new TableGate({ [blob]: [challenge, {}], [realm]: { body: '{"token":"abc"}' } })
      const pacing = new TestPacing()
      const registry = open(gate, password, pacing)
      await registry.ask(question)
      pacing.pass(60_000)
      await Promise.all([1, 2, 3, 4, 5].map(() => registry.ask(question)))
      expect(tokens(gate)).toHaveLength(2)
    })
  })

  describe('a token that allows too little', () => {
    const more = (scope: string, error = 'insufficient_scope') => ({
      status: 401,
      headers: { 'www-authenticate': `Bearer realm="${realm}",scope="${scope}",error="${error}"` },
    })
    const scopes = async (scope: string, push = false, error?: string): Promise<string[] | undefined> => {
      const gate = new TableGate({
        [blob]: [challenge, {}, more(scope, error), {}],
        [realm]: { body: '{"token":"abc"}' },
      })
      const registry = open(gate)
      await registry.ask({ ...question, push })
      await registry.ask({ ...question, push })
      return tokens(gate).at(-1)?.getAll('scope')
    }
    const own = 'repository:team/app:pull'

    it('is asked for anew with what is missing', async () => {
      expect(await scopes('repository:up/stream:pull')).toEqual([own, 'repository:up/stream:pull'])
      expect(await scopes('repository:up/stream:pull,push,delete', true)).toEqual([
        'repository:team/app:pull,push',
        'repository:up/stream:pull,push',
      ])
    })

    it('never for more than the act needs, for anything but repositories, or without end', async () => {
      expect(await scopes('repository:up/stream:pull,push,*')).toEqual([own, 'repository:up/stream:pull'])
      for (const scope of ['registry:catalog:*', 'repository:a/b:delete', 'repository:../x:pull', ''])
        expect(await scopes(scope)).toEqual([own])
      const many = Array.from({ length: 100 }, (_, i) => `repository:a/${i}:pull`).join(' ')
      expect(await scopes(many)).toHaveLength(limits.tokenScopes)
      expect(await scopes('repository:up/stream:pull', false, 'invalid_token')).toEqual([own])
    })

    it('once: what is still too little is a refusal', async () => {
      const gate = new TableGate({
        [blob]: [challenge, {}, more('repository:a/b:pull')],
        [realm]: { body: '{"token":"abc"}' },
      })
      const registry = open(gate)
      await registry.ask(question)
      const before = gate.asked.length
      expect((await failureOf(registry.ask(question))).code).toBe('registry-auth')
      expect(gate.asked.slice(before).map(({ url }) => url === blob)).toEqual([true, false, true])
    })
  })

  it('a registry that only knows Basic is given no token, and that is said', async () => {
    const gate = new TableGate({
      [blob]: { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } },
    })
    const refused = await failureOf(open(gate, { 'reg.example': { identityToken: 'refresh' } }).ask(question))
    expect(refused.facts.sent).toContain('takes a user and a password, and there is a token')
    expect(gate.authorizations).toEqual([])
  })

  it('a token for the registry itself goes there and to nobody who gives tokens', async () => {
    const gate = new TableGate({ [blob]: [challenge, {}] })
    await open(gate, { 'reg.example': { registryToken: 'own' } }).ask(question)
    expect(gate.authorizations).toEqual(['reg.example Bearer own'])
  })

  it('a registry that repeats what proves us is quoted without it', async () => {
    const said = (secret: string) =>
      JSON.stringify({ errors: [{ code: 'DENIED', message: `no: ${secret}` }] })
    for (const secret of ['abc-token', 'secret-word', bob.slice(6)]) {
      const gate = new TableGate({
        [blob]: [challenge, { status: 418, body: said(secret) }],
        [realm]: { body: '{"token":"abc-token"}' },
      })
      const { facts } = await failureOf(open(gate).ask(question))
      expect(facts.found).toBe('DENIED, no: …')
    }
  })
})
