import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { credentialFor, parseCredentials, secretsOf } from '../../../../main/oci/credentials.ts'
import { sallyport } from '../../../support/command-line.ts'
import { answer, TestRegistry } from '../../../support/registry.ts'

/*
 * What a client of registries must do, row by row: where credentials come from (docker's `config.json`, containers'
 * `auth.json`, the protocol of docker-credential-helpers). Rows that are tested elsewhere:
 * - `auth` with colons in the password, user and password, `identitytoken`, hosts with scheme, path and port, names of Docker Hub:
 *   test/unit/oci/reference.test.ts “go to exactly their host”, “are read as Docker reads them” (with `library/`)
 * - a part of a registry, the longest that fits: test/unit/oci/credential-stores.test.ts “for a part goes to nothing else”
 * - `credsStore`, `credHelpers`, asked by standard input, “not found” is none, time-out, PATH: credential-stores.test.ts “a program that
 *   holds credentials”, test/flow/credentials.test.ts
 * - nothing is kept, so nothing needs the vault of a system; a page never sees one: test/hostile/silence-contract.test.ts
 */

const read = (entry: unknown) =>
  parseCredentials(Buffer.from(JSON.stringify({ auths: { 'r.example': entry } }))).entries
const auth = Buffer.from('agent:pass').toString('base64')

describe('credentials in files, row by row', () => {
  it('a token for the registry itself goes before one to get tokens with, and that before a password', () => {
    const found = (entry: unknown) => credentialFor(read(entry), 'r.example').credential
    expect(found({ auth, identitytoken: 'i', registrytoken: 'r' })).toEqual({ registryToken: 'r' })
    expect(found({ auth, identitytoken: 'i', registrytoken: '' })).toEqual({ identityToken: 'i' })
    expect(found({ auth })).toEqual({ username: 'agent', password: 'pass' })
    expect(found({ auth: Buffer.from('<token>:i').toString('base64') })).toEqual({ identityToken: 'i' })
  })

  it('what ends a header is no token, and no other host is the worse for it', () => {
    const entries = read({ registrytoken: 'a\r\nX: y' })
    expect(() => credentialFor(entries, 'r.example')).toThrow(
      expect.objectContaining({ code: 'auth-form' }) as Error,
    )
    expect(credentialFor(entries, 'other.example').credential).toBe(null)
  })

  it('what must be in no words is known as it is and as it travels', () => {
    expect(secretsOf({ username: 'agent', password: 'pass' })).toEqual(['pass', auth])
    expect([secretsOf({ identityToken: 'i' }), secretsOf({ registryToken: 'r' }), secretsOf(null)]).toEqual([
      ['i'],
      ['r'],
      [],
    ])
  })
})

describe('files that nobody named, row by row', () => {
  let folder: string
  let registry: TestRegistry
  const variables = ['DOCKER_CONFIG', 'REGISTRY_AUTH_FILE'] as const
  const before = variables.map((name) => process.env[name])
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sallyport-rows-'))
    registry = await new TestRegistry().open()
    registry.switches.push((_, response) => {
      answer(response, 401, { 'www-authenticate': 'Basic realm="x"' })
      return true
    })
  })
  afterEach(async () => {
    variables.forEach((name, at) => {
      if (before[at] === undefined) Reflect.deleteProperty(process.env, name)
      else process.env[name] = before[at]
    })
    await registry.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('are not read, wherever the environment says that they are', async () => {
    const file = JSON.stringify({ auths: { [registry.host]: { auth } } })
    for (const name of ['config.json', 'auth.json']) await writeFile(join(folder, name), file)
    process.env['DOCKER_CONFIG'] = folder
    process.env['REGISTRY_AUTH_FILE'] = join(folder, 'auth.json')
    const words = ['evidence', `${registry.host}/team/app:1`, '--plain-http']
    const none = await sallyport(words)
    expect(none.json.failure.safe).toContain('no file of credentials was given')
    expect(registry.heard.every(({ authorization }) => authorization === undefined)).toBe(true)
    await sallyport([...words, '--auth-file', join(folder, 'auth.json')])
    expect(registry.heard.some(({ authorization }) => authorization === `Basic ${auth}`)).toBe(true)
  })
})
