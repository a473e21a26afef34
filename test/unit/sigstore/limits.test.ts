import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { limits } from '../../../main/platform/limits.ts'
import { bytesArtifact, fileArtifact } from '../../../main/sigstore/artifact.ts'
import { readBundle } from '../../../main/sigstore/bundle-file.ts'
import { readCheckpoint } from '../../../main/sigstore/log/checkpoint.ts'
import { Refusal } from '../../../main/sigstore/refusal.ts'
import { inTotoType, readStatement } from '../../../main/sigstore/subject.ts'
import { readTrustedRoot } from '../../../main/sigstore/trusted-root.ts'

/* Each limit of the core: what is exactly as large passes this step, one more is refused as what it is. */

const base64 = (bytes: number): string => Buffer.alloc(bytes, 7).toString('base64')
const hash = base64(32)

interface Parts {
  readonly entries?: number
  readonly hashes?: number
  readonly body?: number
  readonly checkpoint?: number
  readonly timestamps?: number
  readonly timestamp?: number
  readonly padding?: number
}

function bundle({
  entries = 1,
  hashes = 0,
  body = 1,
  checkpoint = 1,
  timestamps = 1,
  timestamp = 1,
  padding = 0,
}: Parts): Buffer {
  const entry = {
    logIndex: '0',
    logId: { keyId: hash },
    kindVersion: { kind: 'hashedrekord', version: '0.0.2' },
    inclusionProof: {
      logIndex: '0',
      rootHash: hash,
      treeSize: '1',
      hashes: Array.from({ length: hashes }, () => hash),
      checkpoint: { envelope: 'x'.repeat(checkpoint) },
    },
    canonicalizedBody: base64(body),
  }
  const text = JSON.stringify({
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: {
      publicKey: { hint: 'x' },
      tlogEntries: Array.from({ length: entries }, (_, n) => ({ ...entry, logIndex: String(n) })),
      timestampVerificationData: {
        rfc3161Timestamps: Array.from({ length: timestamps }, (_, n) => ({
          signedTimestamp: Buffer.alloc(timestamp, n).toString('base64'),
        })),
      },
    },
    messageSignature: { signature: base64(64) },
  })
  return Buffer.from(text + ' '.repeat(Math.max(0, padding - text.length)))
}

function codeOf(run: () => unknown): string {
  try {
    run()
    return 'nothing'
  } catch (error) {
    return error instanceof Refusal ? error.reason.code : String(error)
  }
}

describe('limits of the verification core', () => {
  for (const [name, most, more, code] of [
    ['log entries', { entries: limits.logEntries }, { entries: limits.logEntries + 1 }, 'bundle.shape'],
    ['hashes of a proof', { hashes: limits.proofHashes }, { hashes: limits.proofHashes + 1 }, 'bundle.shape'],
    ['a log body', { body: limits.logBodyBytes - 3 }, { body: limits.logBodyBytes + 3 }, 'bundle.shape'],
    [
      'a checkpoint',
      { checkpoint: limits.checkpointCharacters },
      { checkpoint: limits.checkpointCharacters + 1 },
      'bundle.shape',
    ],
    ['timestamps', { timestamps: limits.timestamps }, { timestamps: limits.timestamps + 1 }, 'bundle.shape'],
    [
      'a bundle',
      { padding: limits.sigstoreBundleBytes },
      { padding: limits.sigstoreBundleBytes + 1 },
      'bundle.too-large',
    ],
  ] as const) {
    it(name, () => {
      expect(codeOf(() => readBundle(bundle(most)))).toBe('nothing')
      expect(codeOf(() => readBundle(bundle(more)))).toBe(code)
    })
  }

  it('subjects of a statement, and digests of a subject', () => {
    const of = (subjects: number, digests: number): string => {
      const digest = Object.fromEntries(Array.from({ length: digests }, (_, i) => [`d${i}`, 'x']))
      const subject = Array.from({ length: subjects }, () => ({ digest }))
      const statement = { _type: 'https://in-toto.io/Statement/v1', subject, predicateType: 'x' }
      return codeOf(() => readStatement(Buffer.from(JSON.stringify(statement)), inTotoType))
    }
    expect(of(limits.subjects, 1)).toBe('nothing')
    expect(of(limits.subjects + 1, 1)).toBe('statement.form')
    expect(of(1, limits.digestsPerSubject)).toBe('nothing')
    expect(of(1, limits.digestsPerSubject + 1)).toBe('statement.form')
  })

  it('values in a statement: of more the predicate is not read', () => {
    const of = (values: number): boolean => {
      const subject = '[{"digest":{"sha256":"x"}}]'
      const head = `{"_type":"https://in-toto.io/Statement/v1","subject":${subject},"predicateType":"x","predicate":`
      const found = readStatement(Buffer.from(`${head}[${'1,'.repeat(values - 1)}1]}`), inTotoType)
      expect(found).toMatchObject({ subjects: [{ digest: { sha256: 'x' } }], predicateType: 'x' })
      return found.whole
    }
    expect(of(limits.statementValues - 100)).toBe(true)
    expect(of(limits.statementValues + 1)).toBe(false)
  })

  it('signatures under a checkpoint', () => {
    const of = (lines: number): string =>
      codeOf(() => readCheckpoint(`log\n1\n${hash}\n\n${`— log ${base64(40)}\n`.repeat(lines)}`))
    expect(of(limits.checkpointSignatures)).toBe('nothing')
    expect(of(limits.checkpointSignatures + 1)).toBe('checkpoint.form')
  })

  it('a trusted root', () => {
    const of = (bytes: number): string => {
      const text = '{"mediaType":"application/vnd.dev.sigstore.trustedroot.v0.1+json"}'
      return codeOf(() => readTrustedRoot(Buffer.from(text.padEnd(bytes))))
    }
    expect(of(limits.trustedRootBytes)).toBe('nothing')
    expect(of(limits.trustedRootBytes + 1)).toBe('root.shape')
  })

  it('a file that plain Ed25519 signed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sallyport-limits-'))
    try {
      const path = join(folder, 'file')
      await writeFile(path, '')
      await truncate(path, limits.plainEd25519Bytes)
      expect((await fileArtifact(path).whole())?.length).toBe(limits.plainEd25519Bytes)
      await truncate(path, limits.plainEd25519Bytes + 1)
      expect(await fileArtifact(path).whole()).toBeNull()
      expect(await bytesArtifact(Buffer.alloc(limits.plainEd25519Bytes + 1)).whole()).toBeNull()
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
