import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Failure } from '../../../main/platform/failure.ts'
import { openGate } from '../../../main/platform/network.ts'
import { requestCertificate } from '../../../main/sign/keyless/fulcio.ts'
import { logSignature, type Logged } from '../../../main/sign/keyless/rekor.ts'
import { rulesTo } from '../../../main/sign/keyless/service.ts'
import { requestTimestamp, timestampQuery } from '../../../main/sign/keyless/timestamp.ts'
import type { Token } from '../../../main/sign/keyless/token.ts'
import { ephemeralSigner } from '../../../main/sign/key-file.ts'
import { readVerifierKey } from '../../../main/sigstore/verifier-key.ts'
import {
  startSmallServer,
  type Running,
  type SmallAnswer,
  type SmallQuestion,
} from '../../support/sigstore/server.ts'

const rest = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'fixtures', 'sigstore', 'rest')

interface Exchange {
  readonly request: string
  readonly status: number
  readonly type: string
  readonly body: string | Buffer
}

/** One recorded exchange: its request body as text, its answer as it was. */
function exchange(name: string): Exchange {
  const text = readFileSync(join(rest, `${name}.txt`), 'utf8')
  const [asked = '', answered = ''] = text.split(/\n---- (?=\d)/)
  const [head = '', ...body] = answered.split('\n\n')
  const raw = body.join('\n\n').trim()
  const der = /^\(DER, base64\) (\S+)$/.exec(raw)?.[1]
  return {
    request: asked.split('\n\n').slice(1).join('\n\n').trim(),
    status: Number(head.slice(0, 3)),
    type: /content-type: (\S+)/.exec(head)?.[1] ?? '',
    body: der === undefined ? raw : Buffer.from(der, 'base64'),
  }
}

describe.skipIf(!existsSync(rest))('recorded answers of the real servers (needs ../shared/fixtures)', () => {
  let server: Running & { readonly origin: string }
  let asked: SmallQuestion[] = []
  let answer: SmallAnswer = {}
  beforeEach(async () => {
    asked = []
    server = await startSmallServer((question) => {
      asked.push(question)
      return answer
    })
  })
  afterEach(() => server.close())

  const gate = () => openGate(rulesTo([new URL(server.origin)]))
  const play = (name: string): void => {
    const { status, type, body } = exchange(name)
    answer = { status, type, body }
  }
  const codeOf = async (run: Promise<unknown>): Promise<string> =>
    run.then(
      () => 'nothing',
      (error: unknown) => (error instanceof Failure ? error.code : String(error)),
    )

  const token: Token = {
    text: 'a.b.c',
    issuer: 'http://127.0.0.1:8801/email',
    issuers: ['http://127.0.0.1:8801/email'],
    email: 'alice@priv.test',
    challenge: 'alice@priv.test',
    nonce: null,
  }
  const signer = ephemeralSigner()
  const certificate = async (): Promise<unknown> =>
    requestCertificate(gate(), new URL(server.origin), token, await signer)

  it('Fulcio: what is sent has the recorded form, and a certificate for another key is not taken', async () => {
    for (const name of ['fulcio-signingCert', 'fulcio-signingCert-noct']) {
      play(name)
      expect(await codeOf(certificate())).toBe('service-answer')
      const sent = JSON.parse(asked.at(-1)?.body.toString('utf8') ?? '') as object
      const recorded = JSON.parse(exchange(name).request) as object
      const shape = (value: unknown): unknown =>
        typeof value === 'object' && value !== null
          ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shape(one)]))
          : typeof value
      expect(shape(sent)).toEqual(shape(recorded))
    }
  })

  it.each(['bad-token', 'bad-pop', 'expired-token', 'wrong-aud', 'unknown-issuer', 'email-unverified'])(
    'Fulcio refuses: %s',
    async (name) => {
      play(`fulcio-${name}`)
      expect(await codeOf(certificate())).toBe('service-refused')
    },
  )

  const spki = Buffer.from(
    'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEfMBGTjZ8HcvF7xSAfodwOKDwRBB+TG2ZYf6DU+9Kb9d3SEvW+vL5c1ZcBYO0sqfr0NAsoY3N57IGZys53jcjBQ==',
    'base64',
  )
  const loggedOf = (name: string): Logged => {
    const { hashedRekordRequestV002: one } = JSON.parse(exchange(name).request) as {
      hashedRekordRequestV002: { digest: string; signature: { content: string } }
    }
    return {
      signature: Buffer.from(one.signature.content, 'base64'),
      digest: { name: 'sha256', value: Buffer.from(one.digest, 'base64') },
      verifier: { key: readVerifierKey(spki) },
      details: 'PKIX_ECDSA_P256_SHA_256',
      envelope: null,
    }
  }
  const log = (name: string): Promise<unknown> => {
    const service = { url: new URL(server.origin), version: 2, operator: '' }
    return logSignature(gate(), service, loggedOf(name))
  }

  it('Rekor v2: the same request as recorded, and the entry as bundles have it', async () => {
    play('rekor-entry-publickey')
    const entry = await log('rekor-entry-publickey')
    const recorded = exchange('rekor-entry-publickey')
    expect(JSON.parse(asked[0]?.body.toString('utf8') ?? '')).toEqual(JSON.parse(recorded.request))
    const {
      integratedTime: _time,
      inclusionPromise: _promise,
      ...kept
    } = JSON.parse(String(recorded.body)) as Record<string, unknown>
    expect([_time, _promise]).toEqual(['0', null])
    expect(entry).toEqual(kept)
  })

  it('Rekor v2: a repeat is said with its index', async () => {
    play('rekor-duplicate-409')
    const failure = await log('rekor-duplicate-409').catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'log-entry-exists', facts: { found: '124' } })
  })

  it.each(['bad-signature', 'bad-keydetails', 'unknown-field', 'dsse-refused'])(
    'Rekor refuses: %s',
    async (name) => {
      play(`rekor-${name}`)
      expect(await codeOf(log('rekor-entry-publickey'))).toBe('service-refused')
    },
  )

  it('timestamps: the query is DER as recorded; an answer to another request is not taken', async () => {
    const recorded = /\(DER, hex\) (\S+)/.exec(exchange('tsa-timestamp-certreq').request)?.[1] ?? ''
    const imprint = Buffer.from('1666d085025a30fddb25a66bd258d169e25ffa648f6d846cae2bf61d2bb8b5f5', 'hex')
    expect(timestampQuery(imprint, Buffer.from('497ecaf473d41a5c', 'hex')).toString('hex')).toBe(recorded)
    for (const name of ['tsa-timestamp', 'tsa-timestamp-certreq', 'tsa-timestamp-json']) {
      play(name)
      const asking = requestTimestamp(gate(), new URL(server.origin), Buffer.from(name))
      expect(await codeOf(asking)).toBe('service-answer')
    }
    const { signature } = loggedOf('rekor-entry-publickey')
    expect(createHash('sha256').update(signature).digest().equals(imprint)).toBe(true)
    play('tsa-timestamp')
    expect(await codeOf(requestTimestamp(gate(), new URL(server.origin), signature))).toBe('service-answer')
  })

  it.each(['garbage', 'wrong-type'])('a timestamp authority refuses: %s', async (name) => {
    play(`tsa-${name}`)
    expect(await codeOf(requestTimestamp(gate(), new URL(server.origin), Buffer.from('a')))).toBe(
      'service-refused',
    )
    // Once as DER, once as JSON, which some authorities take instead.
    expect(asked.map((one) => one.headers['content-type'])).toEqual([
      'application/timestamp-query',
      'application/json',
    ])
  })
})
