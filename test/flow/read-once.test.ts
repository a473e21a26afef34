import { generateKeyPairSync } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openGate } from '../../main/platform/network.ts'
import { sha256Hex } from '../../main/platform/hash.ts'
import type * as trustedRoot from '../../main/sigstore/trusted-root.ts'
import type * as verifierKey from '../../main/sigstore/verifier-key.ts'
import { done } from '../support/command-line.ts'
import { makeBundle, makeCrossing, type Crossing } from '../support/desks.ts'
import { makeTrustedRoot } from '../support/trusted-root.ts'

/* How often trusted roots and the keys of the policy are parsed: counted at their parsers, in a fresh process's state. */

const reads = vi.hoisted((): { roots: Uint8Array[]; keys: string[] } => ({ roots: [], keys: [] }))
vi.mock('../../main/sigstore/trusted-root.ts', async (original) => {
  const actual = await original<typeof trustedRoot>()
  const readTrustedRoot: typeof actual.readTrustedRoot = (bytes) => {
    reads.roots.push(bytes)
    return actual.readTrustedRoot(bytes)
  }
  return { ...actual, readTrustedRoot }
})
vi.mock('../../main/sigstore/verifier-key.ts', async (original) => {
  const actual = await original<typeof verifierKey>()
  const readVerifierPem: typeof actual.readVerifierPem = (text) => {
    reads.keys.push(text)
    return actual.readVerifierPem(text)
  }
  return { ...actual, readVerifierPem }
})

let crossing: Crossing
const roots = [makeTrustedRoot('one.test'), makeTrustedRoot('two.test')]
const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const fingerprint = sha256Hex(publicKey.export({ type: 'spki', format: 'der' }))
const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString().trim()

async function addRoots(): Promise<void> {
  for (const [i, root] of roots.entries()) {
    const path = join(crossing.folder, `root-${i}.json`)
    await writeFile(path, root.bytes)
    const words = ['trust', 'root', 'add', path, '--name', `root-${i}`, '--fingerprint', root.fingerprint]
    await done([...words, '--desk', crossing.high], crossing.clock)
  }
}

async function setPolicy(): Promise<void> {
  const path = join(crossing.folder, 'policy.yaml')
  const key = `|\n${pem.replace(/^/gm, '      ')}`
  await writeFile(
    path,
    `sallyport: policy/v1\nversion: 2\nidentities:\n  - name: key\n    fingerprint: ${fingerprint}\n    key: ${key}\n`,
  )
  await done(['policy', 'set', path, '--desk', crossing.high], crossing.clock)
}

beforeAll(async () => {
  crossing = await makeCrossing()
  await addRoots()
  await setPolicy()
})
afterAll(() => crossing.dispose())

describe('a desk with two trusted roots and a key in its policy', () => {
  it('parses each once, however often it verifies and is shown', async () => {
    const { folder } = await makeBundle(crossing, 'first')
    vi.resetModules()
    const { openSession } = await import('../../main/desk/session.ts')
    reads.roots.length = 0
    const session = openSession({ clock: crossing.clock, network: openGate })
    await session.call('desk.open', { place: session.place('desk', crossing.high), mode: 'write' })
    const verify = async (medium: string): Promise<void> => {
      const { job } = await session.call('verify.start', { medium: session.place('medium', medium) })
      expect(await session.call('job.wait', { job })).toMatchObject({ result: { outcome: 'passed' } })
    }
    // The policy's own parser reads its keys at the opening, to hold them against their fingerprints.
    reads.keys.length = 0
    await verify(folder)
    expect({ roots: reads.roots.length, keys: reads.keys.length }).toEqual({ roots: 2, keys: 1 })
    for (let i = 0; i < 3; i++) await session.call('desk.show', {})
    await verify(folder)
    expect({ roots: reads.roots.length, keys: reads.keys.length }).toEqual({ roots: 2, keys: 1 })
    const { roots: shown } = await session.call('desk.show', {})
    expect(shown.map(({ authorities }) => authorities.map(({ name }) => name))).toEqual([
      ['https://one.test'],
      ['https://two.test'],
    ])
    await session.close()
  })
})
