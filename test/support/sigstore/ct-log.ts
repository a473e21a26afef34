import { oid, partsOf } from '../pki/der.ts'
import { makeKey, type TestKey } from '../pki/key.ts'
import { bodyWithout, logIdOf, sctSignature } from '../pki/sct.ts'
import { startSmallServer, type Running } from './server.ts'

const poisonId = oid('1.3.6.1.4.1.11129.2.4.3')

// Version, serial number, algorithm, issuer, validity, subject, key.
function spkiOf(certificate: Buffer): Buffer {
  const body = partsOf(certificate)[0] ?? Buffer.alloc(0)
  return partsOf(body)[6] ?? Buffer.alloc(0)
}

/** A certificate transparency log that signs whatever it is given (RFC 6962, `add-chain` and `add-pre-chain`). */
export async function startCtLog(): Promise<Running & { readonly origin: string; readonly key: TestKey }> {
  const key = makeKey('p256')
  const server = await startSmallServer(({ method, url, body }) => {
    if (method === 'GET') return { body: { certificates: [] } }
    const { chain } = JSON.parse(body.toString('utf8')) as { chain: readonly string[] }
    const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = chain.map((one) => Buffer.from(one, 'base64'))
    const at = new Date()
    const of = url.pathname.endsWith('/add-pre-chain')
      ? { body: bodyWithout(first, poisonId), issuerSpki: spkiOf(second) }
      : { certificate: first }
    return {
      body: {
        sct_version: 0,
        id: logIdOf(key).toString('base64'),
        timestamp: at.getTime(),
        extensions: '',
        signature: sctSignature({ log: key, at, of }).toString('base64'),
      },
    }
  })
  return { ...server, key }
}
