import { createHash } from 'node:crypto'
import {
  fulcioHandler,
  initializeCA,
  initializeCTLog,
  initializeTLog,
  initializeTSA,
  rekorHandler,
  tsaHandler,
  type HandlerFn,
} from '@sigstore/mock'
import { makeKey, type TestKey } from '../pki/key.ts'
import type { SigningConfigPlan, TrustedRootPlan } from './documents.ts'
import { LogV2 } from './log-v2.ts'
import { startSmallServer, type Running, type SmallAnswer, type SmallQuestion } from './server.ts'

/** All services of Sigstore on one address, in this process: where Go is absent, and where they must misbehave. */
export interface StandIn extends Running {
  readonly root: TrustedRootPlan
  readonly services: Required<Pick<SigningConfigPlan, 'fulcio' | 'rekor' | 'tsa'>>
  /** Everything that was asked, in order: method and path. */
  readonly asked: string[]
  /** Looks at each answer before it goes out; gives it back, changed or not. */
  change: (path: string, answer: SmallAnswer) => SmallAnswer
}

const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex')

interface Proposal {
  readonly kind: string
  readonly spec: {
    readonly proposedContent: { readonly envelope: string; readonly verifiers: readonly string[] }
  }
}

// The handler keeps what it is given; a real log keeps of an envelope only hashes, signature and verifier.
function asLogged(body: Buffer): Buffer {
  const proposal = JSON.parse(body.toString('utf8')) as Proposal
  if (proposal.kind !== 'dsse') return body
  const { envelope, verifiers } = proposal.spec.proposedContent
  const { payload, signatures } = JSON.parse(envelope) as {
    payload: string
    signatures: readonly { sig: string }[]
  }
  const hash = (value: string): object => ({ algorithm: 'sha256', value })
  const spec = {
    envelopeHash: hash(sha256(envelope)),
    payloadHash: hash(sha256(Buffer.from(payload, 'base64'))),
    signatures: signatures.map(({ sig }, i) => ({ signature: sig, verifier: verifiers[i] })),
  }
  return Buffer.from(JSON.stringify({ apiVersion: '0.0.1', kind: 'dsse', spec }))
}

async function asked(handler: HandlerFn, body: Buffer): Promise<SmallAnswer> {
  const { statusCode, response, contentType } = await handler(body.toString('utf8'))
  return { status: statusCode, body: response as string | Uint8Array, type: contentType ?? 'text/plain' }
}

type Routes = Readonly<Record<string, (question: SmallQuestion) => SmallAnswer | Promise<SmallAnswer>>>

interface Parts {
  readonly routes: Routes
  readonly root: (origin: string) => TrustedRootPlan
}

async function makeParts(origin: string, v1Key: TestKey, log: LogV2): Promise<Parts> {
  const [caKey, ctKey, tsaKey] = [makeKey('p256'), makeKey('p256'), makeKey('p256')]
  const ctLog = await initializeCTLog(ctKey)
  const ca = await initializeCA(caKey, ctLog)
  const tsa = await initializeTSA(tsaKey)
  const first = await initializeTLog(origin, v1Key)
  const bySubject = fulcioHandler(ca)
  const v1 = rekorHandler(first)
  const stamp = tsaHandler(tsa)
  const der = (view: ArrayBufferView): Buffer => Buffer.from(view.buffer, view.byteOffset, view.byteLength)
  return {
    routes: {
      '/api/v2/signingCert': ({ body }) => asked(bySubject.fn, body),
      '/api/v1/log/entries': ({ body }) => asked(v1.fn, asLogged(body)),
      '/api/v2/log/entries': ({ body }) => {
        const entry = log.add(JSON.parse(body.toString('utf8')))
        const message = 'an equivalent entry already exists in the transparency log with index 0'
        return entry === null ? { status: 409, body: { code: 6, message } } : { status: 201, body: entry }
      },
      '/api/v1/timestamp': ({ body }) => asked(stamp.fn, body),
    },
    root: (base) => ({
      logs: [
        { url: base, key: v1Key },
        { url: base, key: log.key, origin: log.origin },
      ],
      ctLogs: [{ url: base, key: ctKey }],
      authorities: [{ url: base, chain: [der(ca.rootCertificate)] }],
      timestampAuthorities: [{ url: base, chain: [der(tsa.rootCertificate)] }],
    }),
  }
}

/** Starts the stand-in. */
export async function startStandIn(): Promise<StandIn> {
  let parts: Parts | null = null
  const heard: string[] = []
  const server = await startSmallServer(async (question) => {
    const path = question.url.pathname
    heard.push(`${question.method} ${path}`)
    const route = parts?.routes[path]
    return standIn.change(path, route === undefined ? { status: 404 } : await route(question))
  })
  const log = new LogV2(makeKey('p256'), '127.0.0.1')
  parts = await makeParts(server.origin, makeKey('p256'), log)
  const standIn: StandIn = {
    root: parts.root(server.origin),
    services: {
      fulcio: [{ url: server.origin }],
      rekor: [{ url: server.origin, version: 2 }],
      tsa: [{ url: `${server.origin}/api/v1/timestamp` }],
    },
    asked: heard,
    change: (_, answer) => answer,
    close: () => server.close(),
  }
  return standIn
}
