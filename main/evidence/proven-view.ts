import { extensionNames, type ProvenView } from '../../shared/evidence.ts'
import { shown } from '../sigstore/refusal.ts'
import { keyWords } from '../sigstore/verifier-key.ts'
import type { Ask, Proven } from '../sigstore/verify-bundle.ts'

function signerView(signer: Proven['signer']): ProvenView['signer'] {
  const algorithm = keyWords(signer.key.kind)
  if (signer.kind === 'key') return { kind: 'key', fingerprint: signer.key.fingerprint, algorithm }
  const { certificate, identity, authority, anchor } = signer
  return {
    kind: 'certificate',
    fingerprint: certificate.fingerprint,
    algorithm,
    name: shown(identity.name.value),
    issuer: shown(identity.issuer ?? 'nobody: the certificate names no issuer'),
    extensions: [...identity.extensions]
      .sort(([a], [b]) => a - b)
      .map(([number, value]) => ({
        number,
        name: extensionNames[number] ?? `extension ${number}`,
        value: shown(value),
      })),
    notBefore: new Date(certificate.notBefore).toISOString(),
    notAfter: new Date(certificate.notAfter).toISOString(),
    authority: shown(authority),
    anchor,
  }
}

const count = (n: number, one: string, many: string): string => (n === 1 ? `1 ${one}` : `${n} ${many}`)

// What an accepted bundle does not prove must be as loud as what it does.
function notChecked(proven: Proven, ask: Pick<Ask, 'logs' | 'times' | 'scts'>): string[] {
  const { entries, timestamps } = proven.unknown
  return [
    ...proven.uncovered,
    ...(ask.logs === 0 && proven.entries.length === 0
      ? ['No transparency log holds it: a signature made in secret with a stolen key would not show.']
      : []),
    ...(proven.times.length === 0
      ? ['Nobody known says when the signature was made: whether the key was still good then is not checked.']
      : []),
    ...(proven.signer.kind === 'certificate' && proven.scts.length === 0
      ? ['No certificate log was asked: a certificate made in secret would not show.']
      : []),
    ...(entries === 0
      ? []
      : [`${count(entries, 'log entry', 'log entries')} of unknown logs counted for nothing.`]),
    ...(timestamps === 0
      ? []
      : [`${count(timestamps, 'timestamp', 'timestamps')} of unknown authorities counted for nothing.`]),
  ]
}

/** What a bundle proved, as plain data: texts from outside cleaned, times in RFC 3339. */
export function provenView(proven: Proven, ask: Pick<Ask, 'logs' | 'times' | 'scts'>): ProvenView {
  const { statement } = proven
  return {
    mediaType: proven.mediaType,
    signer: signerView(proven.signer),
    statement:
      statement === null
        ? null
        : { predicateType: shown(statement.predicateType), subjects: statement.subjects.length },
    times: proven.times.map(({ at, by, source }) => ({ at: at.toISOString(), by: shown(by), source })),
    logs: proven.entries.map(({ log, entry }) => ({
      log: shown(log.baseUrl),
      index: entry.index,
      kind: `${entry.kind} ${entry.version}`,
    })),
    certificateLogs: proven.scts.map(({ log, time }) => ({
      log: shown(log.baseUrl),
      at: new Date(time).toISOString(),
    })),
    notChecked: notChecked(proven, ask),
  }
}
