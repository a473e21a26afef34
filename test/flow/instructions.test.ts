import { execFileSync } from 'node:child_process'
import { cp, mkdir, readFile } from 'node:fs/promises'
import { createPublicKey } from 'node:crypto'
import { join } from 'node:path'
import { bundleFromJSON } from '@sigstore/bundle'
import { toSignedEntity, Verifier } from '@sigstore/verify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { done, sallyport } from '../support/command-line.ts'
import {
  decideBoth,
  makeCrossing,
  makePerson,
  writeFiles,
  writeRequest,
  writeTo,
  type Crossing,
  type TestPerson,
} from '../support/desks.ts'
import { flipBit } from '../support/media.ts'
import { has } from '../support/volumes.ts'

const algorithms = ['p256', 'p384', 'rsa3072', 'ed25519'] as const

/** A shell in which a command that fails ends it. */
function shell(folder: string, script: string): string {
  return execFileSync('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

describe('a bundle checked without Sallyport', () => {
  let crossing: Crossing
  const signers: Record<string, TestPerson> = {}
  const folders: Record<string, string> = {}
  beforeAll(async () => {
    crossing = await makeCrossing()
    const { clock, folder, high, low, lowId, passphrase } = crossing
    const items = await writeFiles(crossing, { 'notes.txt': 'notes\n', 'more.txt': 'm'.repeat(3000) })
    for (const algorithm of algorithms) {
      const person = await makePerson(folder, `t-${algorithm}`, `Teller ${algorithm}`, algorithm)
      signers[algorithm] = person
      const common = ['--name', person.name, '--key', `${person.key}.pub`]
      await done(
        ['person', 'add', '--desk', low, '--id', person.id, '--role', 'transfer-agent', ...common],
        clock,
      )
      await done(
        [
          'trust',
          'add',
          '--desk',
          high,
          ...common,
          '--role',
          'prepare',
          '--sender',
          lowId,
          '--channel',
          'payments',
          '--fingerprint',
          person.fingerprint,
        ],
        clock,
      )
    }
    for (const algorithm of algorithms) {
      const person = signers[algorithm]
      if (person === undefined) throw new Error('no such signer')
      const { id } = await done(['collect', await writeRequest(crossing, items), '--desk', low], clock)
      const sign = ['--passphrase-file', passphrase, '--desk', low]
      await done(
        ['approve', id, '--role', 'prepare', '--person', person.id, '--key', person.key, ...sign],
        clock,
      )
      await done(
        [
          'approve',
          id,
          '--role',
          'release',
          '--person',
          'carol',
          '--key',
          crossing.people.carol.key,
          ...sign,
        ],
        clock,
      )
      folders[algorithm] = await writeTo(crossing, id, `medium-${algorithm}`, ['--part-size', '20000'])
    }
  })
  afterAll(() => crossing.dispose())

  /** The commands of VERIFY.txt, as a person would copy them, with the right key in place of KEY.pub. */
  async function commands(folder: string, keys: readonly string[]): Promise<string> {
    const text = await readFile(join(folder, 'VERIFY.txt'), 'utf8')
    const lines = text
      .split('\n')
      .filter((line) =>
        /^ {2}(openssl (dgst|pkeyutl)|sha256sum -c|sed|jq|\{|cat|mkdir|\(cd|ls|diff|cmp)/.test(line),
      )
    let at = -1
    return lines
      .map((line) => {
        if (line.trim().startsWith('sed ')) at += 1
        return line.replace('KEY.pub', keys[at] ?? 'none').replace(/ {6}must be .*$/, '')
      })
      .join('\n')
  }

  for (const algorithm of algorithms) {
    it(`${algorithm}: crosses, and is accepted`, async () => {
      const ended = await sallyport(
        ['verify', folders[algorithm] ?? '', '--desk', crossing.high],
        crossing.clock,
      )
      expect(ended.code).toBe(0)
      await decideBoth(crossing, ended.json.id, 'accept')
    })

    it.skipIf(!has('openssl') || !has('jq') || !has('sha256sum'))(
      `${algorithm}: the commands of VERIFY.txt succeed on it and fail on a changed one (needs openssl, jq, sha256sum)`,
      async () => {
        const copy = join(crossing.folder, `by-hand-${algorithm}`)
        await cp(folders[algorithm] ?? '', copy, { recursive: true })
        const keys = [signers[algorithm]?.key ?? '', crossing.people.carol.key].map((key) => `${key}.pub`)
        const script = await commands(copy, keys)
        expect(script.match(/-verify/g)?.length).toBe(3)
        shell(copy, script)
        const wrong = await commands(copy, [...keys].reverse())
        expect(() => shell(copy, `rm -rf content; ${wrong}`)).toThrow()
        await flipBit(join(copy, 'bundle.tar.001'), 3000)
        expect(() => shell(copy, `rm -rf content; ${script}`)).toThrow()
      },
    )
  }

  it.skipIf(!has('tar') || !has('skopeo'))(
    'tar and skopeo read it as a plain OCI layout (needs tar, skopeo)',
    async () => {
      const folder = folders['p256'] ?? ''
      const work = join(crossing.folder, 'plain')
      await mkdir(work)
      shell(folder, `cat bundle.tar* > ${work}/bundle.tar`)
      const names = shell(work, 'tar -tf bundle.tar').split('\n')
      expect(names.slice(0, 4)).toEqual([
        'waybill.json',
        'waybill.sigstore.jsonl',
        'oci-layout',
        'index.json',
      ])
      const index = JSON.parse(shell(work, 'tar -xOf bundle.tar index.json')) as {
        manifests: { digest: string; annotations: Record<string, string> }[]
      }
      const [first] = index.manifests
      const reference = first?.annotations['org.opencontainers.image.ref.name'] ?? ''
      const raw = shell(work, `skopeo inspect --raw oci-archive:bundle.tar:${reference}`)
      const { digestOf } = await import('../../main/platform/hash.ts')
      expect(digestOf(Buffer.from(raw))).toBe(first?.digest)
    },
  )

  it('an implementation of others accepts a line of a P-256 key, and only with that key', async () => {
    const text = await readFile(join(folders['p256'] ?? '', 'waybill.sigstore.jsonl'), 'utf8')
    const bundle = bundleFromJSON(JSON.parse(text.split('\n')[0] ?? ''))
    const check = async (key: string): Promise<void> => {
      const publicKey = createPublicKey(await readFile(`${key}.pub`, 'utf8'))
      const material = {
        certificateAuthorities: [],
        timestampAuthorities: [],
        tlogs: [],
        ctlogs: [],
        publicKey: () => ({ publicKey, validFor: () => true }),
      }
      new Verifier(material, { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 }).verify(
        toSignedEntity(bundle),
      )
    }
    await check(signers['p256']?.key ?? '')
    await expect(check(crossing.people.bob.key)).rejects.toThrow()
  })
})
