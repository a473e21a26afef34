import type { CrossingRecord } from '../../../main/report/record.ts'
import type { Digest } from '../../../shared/digest.ts'

export const digestOf = (letter: string): Digest => `sha256:${letter.repeat(64)}`

const key = { key: 'AAAA', fingerprint: 'f'.repeat(64) }

/** The record of a crossing at a high desk that was accepted; everything in it can be changed. */
export function crossingOf(changes: Partial<CrossingRecord> = {}): CrossingRecord {
  const at = '2026-11-22T09:00:00Z'
  return {
    format: 'sallyport.record/v1',
    verifier: { name: 'Sallyport', version: '0.1.0' },
    evidence: null,
    components: [],
    asOf: at,
    clock: 'this computer, not confirmed',
    marking: 'OFFICIAL',
    desk: {
      id: '1'.repeat(64),
      side: 'high',
      name: 'Delta-2',
      station: '2'.repeat(64),
      founding: false,
      seal: digestOf('c'),
      card: {
        format: 'sallyport.desk/v1',
        side: 'high',
        name: 'Delta-2',
        created: at,
        nonce: '3'.repeat(64),
        station: 'AAAA',
      },
    },
    consignment: { id: '3fa3083b-7d3f-46ab-89d3-c38f88cab6ca', name: 'payments-2026-11', state: 'accepted' },
    waybill: {
      digest: digestOf('4'),
      words: Array.from({ length: 16 }, (_none, i) => `word${i}`),
      sender: { id: '5'.repeat(64), name: 'Hill-1' },
      channel: 'payments',
      epoch: 1,
      destinations: [{ desk: '1'.repeat(64), sequence: 7, previous: null }],
      created: at,
      expires: '2026-12-22T09:00:00Z',
      request: { requester: 'alice', requesterName: 'Alice Moss', reason: 'Patch', digest: digestOf('6') },
      policy: digestOf('7'),
      trust: digestOf('8'),
    },
    archives: [],
    rendered: [],
    hosts: ['registry.example', 'token.example'],
    items: [
      {
        name: 'notes.txt',
        kind: 'file',
        reference: 'notes.txt',
        root: { mediaType: 'a/b', digest: digestOf('9'), size: 500, artifactType: null },
        version: null,
        platforms: [],
        evidence: [
          {
            digest: digestOf('a'),
            size: 30,
            mediaType: 'a/b',
            artifactType: 'a/signature',
            subject: digestOf('9'),
          },
        ],
        findings: [],
      },
    ],
    content: { carried: 3, bytes: 1234, omitted: 0 },
    signatures: [
      {
        role: 'prepare',
        person: 'bob',
        name: 'Bob Lind',
        at,
        sentence: 'I prepared it.',
        fingerprint: 'b'.repeat(64),
      },
    ],
    drive: null,
    verdict: {
      outcome: 'passed',
      counts: { pass: 1, fail: 0, warn: 0, notChecked: 0, overridden: 0 },
      notAsked: [],
      checks: ['content.layout', 'content.blob'].map((id) => ({
        id,
        subject: digestOf('9'),
        expected: '500 bytes',
        found: '500 bytes',
        result: 'pass' as const,
        reason: 'as-expected',
        holds: false,
        person: null,
        means: 'It is whole.',
        next: '',
      })),
      digest: digestOf('c'),
      at,
      scope: 'medium',
    },
    decision: {
      outcome: 'accept',
      halves: (['dave', 'erin'] as const).map((person) => ({
        person,
        name: person === 'dave' ? 'Dave Okoro' : 'Erin Sand',
        roles: ['transfer-agent'],
        outcome: 'accept',
        reason: null,
        causes: [],
        verdict: digestOf('c'),
        at,
        fingerprint: 'd'.repeat(64),
      })),
    },
    read: [],
    media: [],
    custody: { register: [], writings: [], handed: [], arrivals: [], procedure: null, retainUntil: null },
    exports: [
      {
        at,
        target: '/out',
        written: [{ reference: 'notes.txt', digest: digestOf('9') }],
        blobs: 3,
        bytes: 1234,
      },
    ],
    policy: { digest: digestOf('e'), version: 1, source: 'sallyport: policy/v1\n' },
    trust: {
      digest: digestOf('0'),
      signers: [{ name: 'Bob Lind', roles: ['prepare'], senders: null, channels: null, ...key }],
    },
    people: [{ id: 'dave', name: 'Dave Okoro', roles: ['transfer-agent'], ...key }],
    statements: [],
    officers: [],
    revoked: [],
    ledger: { size: 9, root: 'a'.repeat(64), checkpoint: 'sallyport.ledger/x\n9\nAAAA\n\n— x AAAA\n' },
    ...changes,
  }
}
