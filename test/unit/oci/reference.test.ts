import { describe, expect, it } from 'vitest'
import { parseChallenges } from '../../../main/oci/challenge.ts'
import { credentialFor, parseCredentials } from '../../../main/oci/credentials.ts'
import { formatPlatform, matchesPlatform, parsePlatform } from '../../../main/oci/platform.ts'
import { apiHost, parseLayoutReference, parseReference } from '../../../main/oci/reference.ts'

const digest = `sha256:${'a'.repeat(64)}`

describe('references', () => {
  it('are read as Docker reads them', () => {
    const full = { host: 'docker.io', repository: 'library/alpine', tag: '3.19', digest: null }
    expect(parseReference('alpine:3.19')).toEqual(full)
    expect(parseReference('docker.io/alpine:3.19')).toEqual(full)
    expect(parseReference('bitnami/redis:1')).toMatchObject({
      host: 'docker.io',
      repository: 'bitnami/redis',
    })
    expect(parseReference(`localhost/app@${digest}`)).toEqual({
      host: 'localhost',
      repository: 'app',
      tag: null,
      digest,
    })
    expect(parseReference(`r.example:5000/a/b:1@${digest}`)).toEqual({
      host: 'r.example:5000',
      repository: 'a/b',
      tag: '1',
      digest,
    })
    expect(apiHost('docker.io')).toBe('registry-1.docker.io')
    expect(apiHost('R.example:5000')).toBe('r.example:5000')
  })

  it('that are none are refused', () => {
    const wrong = [
      'alpine',
      'r.example/app',
      'r.example/App:1',
      'r.example/a//b:1',
      'r.example/../b:1',
      'a b:1',
      'r.example/a:',
      `a@sha256:${'A'.repeat(64)}`,
      `a@${digest}0`,
      '-r.example/a:1',
      'r.example:x/a:1',
      `a:${'t'.repeat(129)}`,
    ]
    for (const text of wrong) {
      expect(() => parseReference(text), text).toThrow(
        expect.objectContaining({ code: 'reference-form' }) as Error,
      )
    }
    const other = `a@sha512:${'a'.repeat(128)}`
    expect(() => parseReference(other)).toThrow(
      expect.objectContaining({ code: 'algorithm-refused' }) as Error,
    )
  })

  it.each([
    ['[::1]:5000/a/b:1', '[::1]:5000', 'a/b'],
    ['[0:0:0::0001]:05000/a:1', '[::1]:5000', 'a'],
    ['[FE80::A]/a/b:1', '[fe80::a]', 'a/b'],
    ['[::ffff:127.0.0.1]:5000/a:1', '[::ffff:7f00:1]:5000', 'a'],
    [`docker://[fd00::1]/a@${digest}`, '[fd00::1]', 'a'],
    ['r.example:65535/a:1', 'r.example:65535', 'a'],
  ])('have IPv6 addresses for hosts, in one spelling: %s', (text, host, repository) =>
    expect(parseReference(text)).toMatchObject({ host, repository }),
  )

  it.each([
    ['localhost:99999/a:1', 'a port from 1 to 65535'],
    ['localhost:65536/a:1', 'a port from 1 to 65535'],
    ['localhost:0/a:1', 'a port from 1 to 65535'],
    ['[::1]:99999/a:1', 'a port from 1 to 65535'],
    ['[fe80::1%eth0]:5000/a:1', 'an IPv6 address without a zone'],
    ['[fe80::1%25eth0]/a:1', 'an IPv6 address without a zone'],
    ['[::1/a:1', 'an IPv6 address in brackets, as in [fd00::1]:5000'],
    ['[1.2.3.4]/a:1', 'an IPv6 address in brackets, as in [fd00::1]:5000'],
    ['[::1]x/a:1', 'an IPv6 address in brackets, as in [fd00::1]:5000'],
    ['[a::b::c]/a:1', 'an IPv6 address in brackets, as in [fd00::1]:5000'],
    ['::1/a:1', 'a host name'],
  ])('without a host that can be are refused with what is expected: %s', (text, expected) =>
    expect(() => parseReference(text)).toThrow(
      expect.objectContaining({ code: 'reference-form', facts: { found: text, expected } }) as Error,
    ),
  )

  it('into layouts keep path, tag and digest apart', () => {
    expect(parseLayoutReference('oci:./layouts/app:1.2.3')).toEqual({
      path: './layouts/app',
      tag: '1.2.3',
      digest: null,
      full: null,
    })
    expect(parseLayoutReference(`oci:app@${digest}`)).toEqual({
      path: 'app',
      tag: null,
      digest,
      full: null,
    })
    const full = { host: 'docker.io', repository: 'platform/mysql', tag: '8.0', digest: null }
    expect(parseLayoutReference('oci:./lay:platform/mysql:8.0')).toEqual({
      path: './lay',
      tag: '8.0',
      digest: null,
      full,
    })
    expect(() => parseLayoutReference('oci:')).toThrow(
      expect.objectContaining({ code: 'reference-form' }) as Error,
    )
  })
})

describe('challenges', () => {
  it('are read with quotes, commas, escapes and in any letter case', () => {
    const header =
      'Basic realm="a, \\"b\\"", BEARER Realm="https://t.example/x?a=b,c" , service=r.example,scope="repository:a/b:pull,push"'
    expect(parseChallenges(header)).toEqual([
      { scheme: 'basic', parameters: { realm: 'a, "b"' } },
      {
        scheme: 'bearer',
        parameters: {
          realm: 'https://t.example/x?a=b,c',
          service: 'r.example',
          scope: 'repository:a/b:pull,push',
        },
      },
    ])
    expect(parseChallenges('Negotiate, Basic realm=x').map((one) => one.scheme)).toEqual([
      'negotiate',
      'basic',
    ])
    expect(parseChallenges('"')).toEqual([])
    expect(parseChallenges('')).toEqual([])
  })
})

describe('credentials', () => {
  const read = (value: unknown) => parseCredentials(Buffer.from(JSON.stringify(value))).entries
  const auth = Buffer.from('agent:pass:word').toString('base64')

  it('go to exactly their host', () => {
    const found = read({
      auths: {
        'r.example:5000': { auth },
        'https://index.docker.io/v1/': { username: 'u', password: 'p' },
        'r.example/team': { auth },
        't.example': { identitytoken: 't' },
        empty: {},
        '[0:0::1]:5000': { auth },
        'https://[fd00::1]/v2/': { auth },
      },
    })
    for (const host of ['[::1]:5000', '[fd00::1]'])
      expect(credentialFor(found, host).credential).toMatchObject({ username: 'agent' })
    expect(credentialFor(found, 'r.example:5000').credential).toEqual({
      username: 'agent',
      password: 'pass:word',
    })
    expect(credentialFor(found, 'docker.io').credential).toEqual({ username: 'u', password: 'p' })
    expect(credentialFor(found, 't.example').credential).toEqual({ identityToken: 't' })
    for (const host of [
      'r.example',
      'r.example:5001',
      'x.r.example:5000',
      'empty',
      'constructor',
      '__proto__',
    ]) {
      expect(credentialFor(found, host).credential, host).toBe(null)
    }
  })

  it('in another form are refused', () => {
    const refusal = expect.objectContaining({ code: 'auth-form' }) as Error
    for (const value of [[], 'x', null, { auths: [] }, { auths: 'x' }])
      expect(() => read(value)).toThrow(refusal)
    expect(() => parseCredentials(Buffer.from('{"auths":{},"auths":{}}'))).toThrow()
  })
})

describe('a file of credentials as sites have them', () => {
  const read = (value: unknown) => parseCredentials(Buffer.from(JSON.stringify(value))).entries
  const auth = Buffer.from('agent:pass').toString('base64')

  it('without any is a file all the same', () => {
    for (const value of [
      {},
      { auths: null },
      { credHelpers: { 'r.example': 'gcloud' } },
      { credsStore: 'desktop' },
    ]) {
      expect(credentialFor(read(value), 'r.example').credential).toBe(null)
    }
  })

  it.each([
    ['null', null],
    ['a number', 1],
    ['text that is no pair', { auth: 'eA==' }],
    ['a pair that is a number', { auth: 1 }],
    ['a password that is a list', { username: 'u', password: [] }],
  ])('with %s for one host serves the others, and says so only to that host', (_, entry) => {
    const found = read({ auths: { 'bad.example': entry, 'r.example': { auth } } })
    expect(credentialFor(found, 'r.example').credential).toEqual({ username: 'agent', password: 'pass' })
    const asked = (): unknown => credentialFor(found, 'bad.example')
    if (entry === null) expect(asked()).toMatchObject({ credential: null })
    else {
      expect(asked).toThrow(expect.objectContaining({ code: 'auth-form' }) as Error)
      expect(asked).not.toThrow('pass')
    }
  })
})

describe('platforms', () => {
  const none = { os: '', architecture: '', variant: null, osVersion: null, osFeatures: [] }
  const platform = (text: string) => parsePlatform(text) ?? none

  it('match by system, architecture and variant; arm64 is arm64/v8', () => {
    expect(matchesPlatform(platform('linux/arm64'), platform('linux/arm64/v8'))).toBe(true)
    expect(matchesPlatform(platform('linux/arm64/v8'), platform('linux/arm64'))).toBe(true)
    expect(matchesPlatform(platform('linux/arm/v6'), platform('linux/arm/v7'))).toBe(false)
    expect(matchesPlatform(platform('linux/amd64'), platform('windows/amd64'))).toBe(false)
  })

  it.each([
    ['linux/arm64', 'linux/aarch64', true],
    ['linux/aarch64', 'linux/arm64/v8', true],
    ['linux/arm64/8', 'linux/arm64', true],
    ['linux/x86_64', 'linux/amd64', true],
    ['linux/amd64/v1', 'linux/amd64', true],
    ['linux/amd64', 'linux/amd64/v3', true],
    ['linux/amd64/v2', 'linux/amd64', false],
    ['linux/arm/v7', 'linux/arm', true],
    ['linux/arm', 'linux/arm/v6', true],
    ['linux/arm/v6', 'linux/arm', false],
    ['linux/armhf', 'linux/arm/v7', true],
    ['linux/armel', 'linux/arm/v6', true],
    ['linux/armel', 'linux/arm/v7', false],
    ['Linux/AMD64', 'linux/amd64', true],
    ['linux/arm64/v8', 'linux/arm64/v9', false],
    ['linux/constructor', 'linux/amd64', false],
  ])('asked as %s and stated as %s: %s', (wanted, found, same) => {
    expect(matchesPlatform(platform(wanted), platform(found))).toBe(same)
  })

  it('that are none are not read or written', () => {
    for (const text of ['linux', 'linux/', 'linux/amd64/v1/x', 'li nux/amd64', ''])
      expect(parsePlatform(text)).toBe(null)
    for (const [os, architecture] of [
      ['unknown', 'unknown'],
      ['unknown', 'amd64'],
      ['linux', 'unknown'],
    ] as const)
      expect(formatPlatform({ os, architecture, variant: null })).toBe(null)
    expect(formatPlatform({ os: 'li\u202enux', architecture: 'amd64', variant: null })).toBe(null)
  })
})
