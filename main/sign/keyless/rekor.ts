import { z } from 'zod'
import { Failure } from '../../platform/failure.ts'
import { checkHop } from '../../platform/hop.ts'
import type { Gate } from '../../platform/network.ts'
import { pemOf } from '../../sigstore/public-key.ts'
import type { Certificate } from '../../sigstore/x509/certificate.ts'
import type { HashName, VerifierKey } from '../../sigstore/verifier-key.ts'
import { fromV1, zAnswerV1, zEntryV2, type LogEntry } from './log-entry.ts'
import { ask, below, json, refused, shapeOf, unexpected, type Reply } from './service.ts'
import type { Service } from './signing-config.ts'

/** What is logged: a signature over a digest (of a file, or of an envelope's encoding), and who verifies it. */
export interface Logged {
  readonly signature: Buffer
  readonly digest: { readonly name: HashName; readonly value: Buffer }
  readonly verifier: { readonly certificate: Certificate } | { readonly key: VerifierKey }
  /** `PublicKeyDetails` of the signature. */
  readonly details: string
  /** For a statement: the envelope as JSON, as Rekor v1 wants it. */
  readonly envelope: string | null
}

const headers = { accept: 'application/json' }

function verifierPem({ verifier }: Logged): string {
  if ('key' in verifier) return pemOf(verifier.key.spki)
  const lines = verifier.certificate.der.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

function proposalV1(logged: Logged): {
  readonly apiVersion: string
  readonly kind: string
  readonly spec: object
} {
  const pem = Buffer.from(verifierPem(logged), 'utf8').toString('base64')
  if (logged.envelope !== null) {
    const proposedContent = { envelope: logged.envelope, verifiers: [pem] }
    return { apiVersion: '0.0.1', kind: 'dsse', spec: { proposedContent } }
  }
  const { name, value } = logged.digest
  return {
    apiVersion: '0.0.1',
    kind: 'hashedrekord',
    spec: {
      data: { hash: { algorithm: name, value: value.toString('hex') } },
      signature: { content: logged.signature.toString('base64'), publicKey: { content: pem } },
    },
  }
}

// The log already has this very entry and says where: signatures of RSA and Ed25519 come out the same each time.
async function knownEntry(gate: Gate, log: URL, reply: Reply, signal?: AbortSignal): Promise<Reply> {
  if (reply.location === null) throw refused(reply)
  const place = new URL(reply.location, log)
  checkHop(log, place)
  if (place.host !== log.host) throw unexpected(reply, `a place in ${log.host}`, place.host)
  return ask(gate, place, { headers, from: reply.by, signal })
}

async function inV1(gate: Gate, log: URL, logged: Logged, signal?: AbortSignal): Promise<LogEntry> {
  const proposal = proposalV1(logged)
  const first = await ask(gate, below(log, 'api/v1/log/entries'), { body: json(proposal), headers, signal })
  const reply = first.status === 409 ? await knownEntry(gate, log, first, signal) : first
  if (reply.status !== 200 && reply.status !== 201) throw refused(reply)
  const entry = shapeOf(reply, zAnswerV1, 'one entry of a log')
  if (entry === undefined) throw unexpected(reply, 'one entry of a log', 'none')
  return fromV1(entry, proposal.kind)
}

const zRefusal = z.object({ message: z.string().max(2000) })

async function inV2(gate: Gate, log: URL, logged: Logged, signal?: AbortSignal): Promise<LogEntry> {
  const { verifier, details, digest, signature } = logged
  const raw = 'key' in verifier ? verifier.key.spki : verifier.certificate.der
  const rawBytes = raw.toString('base64')
  const body = json({
    hashedRekordRequestV002: {
      digest: digest.value.toString('base64'),
      signature: {
        content: signature.toString('base64'),
        verifier: {
          ...('key' in verifier ? { publicKey: { rawBytes } } : { x509Certificate: { rawBytes } }),
          keyDetails: details,
        },
      },
    },
  })
  const reply = await ask(gate, below(log, 'api/v2/log/entries'), { body, headers, signal })
  if (reply.status === 409) {
    // This version of the log gives nothing out again: whoever signed first has the only proof.
    const { message } = shapeOf(reply, zRefusal, 'a reason')
    throw new Failure('log-entry-exists', {
      host: reply.host,
      found: /index (\d{1,16})$/.exec(message)?.[1] ?? '–',
    })
  }
  if (reply.status !== 200 && reply.status !== 201) throw refused(reply)
  return shapeOf(reply, zEntryV2, 'an entry of a log with its proof')
}

/**
 * Has a signature logged and gives the entry with its proof. That both are true is checked with the whole bundle.
 *
 * @throws Failure `service-refused`, `service-answer`, `log-entry-exists`, of the gate
 */
export function logSignature(
  gate: Gate,
  log: Service,
  logged: Logged,
  signal?: AbortSignal,
): Promise<LogEntry> {
  return log.version === 2 ? inV2(gate, log.url, logged, signal) : inV1(gate, log.url, logged, signal)
}
