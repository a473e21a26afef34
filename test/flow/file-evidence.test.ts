import { sign } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readVerifierKey } from '../../main/sigstore/verifier-key.ts'
import { publicGoodRoot } from '../../main/trust/public-good.ts'
import { makeBundle, statement, type BundlePlan } from '../support/authority/bundle.ts'
import { digest, sharedKey } from '../support/authority/scheme.ts'
import { alice } from '../support/authority/world.ts'
import { done, sallyport, type Ended } from '../support/command-line.ts'
import { decideBoth, makeCrossing, release, writeRequest, writeTo, type Crossing } from '../support/desks.ts'
import { rowsOf, setItemPolicy, trustAuthority } from '../support/signed-image.ts'

/* Files are judged like images, by what lies beside them and speaks for their digest. */

const content = Buffer.from('a release, as its makers signed it\n')
const key = sharedKey('p256')
const pem = (key.spki.toString('base64').match(/.{1,64}/g) ?? []).join('\n      ')
const named = `  - name: release\n    fingerprint: ${readVerifierKey(key.spki).fingerprint}\n    key: |\n      -----BEGIN PUBLIC KEY-----\n      ${pem}\n      -----END PUBLIC KEY-----\n  - {name: alice, issuer: '${alice.issuer}', identity: '${alice.san}'}`

let crossing: Crossing
let version: number
let folder: string
beforeEach(async () => {
  crossing = await makeCrossing()
  version = 1
})
afterEach(() => crossing.dispose())

const at = (name: string): string => join(crossing.folder, 'request', name)
const bundle = (plan: BundlePlan): string => JSON.stringify(makeBundle({ artifact: content, ...plan }).json)
const attested = (predicateType: string, predicate: object = {}, of = content): BundlePlan => ({
  content: 'envelope',
  payload: statement({
    subject: [{ name: 'x', digest: { sha256: digest('sha256', of).toString('hex') } }],
    predicateType,
    predicate,
  }),
})
const bare = (): Buffer => sign('sha256', content, key.privateKey)

/** Carries a file with what lies beside it; gives the pieces as the low side names them. */
async function carry(name: string, beside: Readonly<Record<string, string | Buffer>>): Promise<void> {
  await writeFile(at(name), content)
  for (const [other, bytes] of Object.entries(beside)) await writeFile(at(other), bytes)
  const id = await release(crossing, await writeRequest(crossing, [`file: ./${name}`]))
  folder = await writeTo(crossing, id, 'medium')
}

async function under(rule: string, check = 'policy.signature'): Promise<[number, string[]]> {
  version += 1
  const set = await setItemPolicy(crossing, version, named, `  - {kind: file, name: '**', ${rule}}`)
  expect(set.code, set.stdout).toBe(0)
  const ended: Ended = await sallyport(['verify', folder, '--desk', crossing.high], crossing.clock)
  return [ended.code, rowsOf(ended, check)]
}
const byKey = 'signedBy: {identities: [release]}'
const byAlice = 'signedBy: {identities: [alice]}'
const passes = [0, ['pass as-expected']]

describe('a file with evidence beside it', () => {
  it.each([
    ['rel.bin', 'rel.bin.sig', () => bare()],
    ['rel.bin', 'rel.bin.sig', () => `${bare().toString('base64')}\n`],
    ['rel.iso', 'rel.iso.sig.bin', () => bare()],
    ['rel.tar.zst', 'rel.tar.sig.bin', () => bare()],
    ['pack.zst', 'pack.sig.bin', () => bare()],
    ['rel.bin', 'rel.bin.sigstore.json', () => bundle({ signer: 'key', logs: [], stamps: [] })],
  ] as const)('%s is signed by %s', async (name, other, make) => {
    await carry(name, { [other]: make() })
    expect(await under(byKey)).toEqual(passes)
  })

  it('is signed by whom a certificate names, and attested, in the forms of today and in lines', async () => {
    await trustAuthority(crossing)
    const spdx = { spdxVersion: 'SPDX-2.3', name: 'x', packages: [], relationships: [] }
    await carry('rel.bin', {
      'rel.bin.sigstore': bundle({}),
      'rel.bin.sigstore.jsonl': `${bundle(attested('https://spdx.dev/Document', spdx))}\n${bundle({})}\n`,
    })
    expect(await under(byAlice)).toEqual(passes)
    expect(await under('sbom: {signedBy: [alice]}', 'policy.sbom')).toEqual(passes)
    const verified = await sallyport(['verify', folder, '--desk', crossing.high], crossing.clock)
    await decideBoth(crossing, verified.json.id, 'accept')
    const out = join(crossing.folder, 'out')
    await done(['export', verified.json.id, '--desk', crossing.high, '--to', `dir:${out}`], crossing.clock)
    for (const name of ['rel.bin', 'rel.bin.sigstore', 'rel.bin.sigstore.jsonl'])
      expect(await readFile(join(out, 'files', name))).toEqual(await readFile(at(name)))
  })

  it('by another key, or over another file, is signed by nobody that counts; nothing of it is called false', async () => {
    const other = sharedKey('p256', 'somebody else')
    await carry('rel.bin', {
      'rel.bin.sig': sign('sha256', content, other.privateKey),
      'rel.bin.sig.bin': sign('sha256', Buffer.from('another file'), key.privateKey),
      'rel.bin.sigstore.json': bundle({
        ...attested('https://sigstore.dev/cosign/sign/v1', {}, Buffer.from('x')),
      }),
    })
    await trustAuthority(crossing)
    expect(await under(byKey)).toEqual([5, ['not-checked nobody-known']])
    expect(await under(byKey, 'policy.evidence')).toEqual([5, ['warn unknown']])
    expect(await under('nothing: true', 'policy.evidence')).toEqual([0, ['warn unknown']])
  })

  it('carries what is not read as what it is, and what leads out of the folder not at all', async () => {
    await writeFile(join(crossing.folder, 'outside.sig'), bare())
    await symlink(join(crossing.folder, 'outside.sig'), at('rel.bin.sig'))
    await carry('rel.bin', { 'rel.bin.asc': '-----BEGIN PGP SIGNATURE-----\n' })
    const waybill = JSON.parse(await readFile(join(folder, 'waybill.json'), 'utf8')) as {
      items: { evidence: { artifactType: string }[]; findings: { code: string }[] }[]
    }
    const [item] = waybill.items
    expect(item?.evidence.map((one) => one.artifactType)).toEqual(['application/pgp-signature'])
    expect(item?.findings.map((one) => one.code)).toEqual(['path-outside'])
    expect(await under(byKey)).toEqual([5, ['not-checked nobody-known']])
  })
})

const field = join(import.meta.dirname, '..', '..', '..', 'shared', 'fixtures', 'field')

describe('what tools lay beside a file', () => {
  it('an Ed25519 signature over the file itself, and lines of more bundles than a person signs', async () => {
    const { privateKey, spki } = sharedKey('ed25519')
    const { fingerprint } = readVerifierKey(spki)
    const lines = Array.from({ length: 20 }, (_, n) => bundle(attested(`https://example.test/${n}`)))
    await carry('rel.bin', {
      'rel.bin.sig': sign(null, content, privateKey),
      'rel.bin.intoto.jsonl': lines.join('\n'),
    })
    await trustAuthority(crossing)
    version += 1
    const ed = `  - name: ed\n    fingerprint: ${fingerprint}\n    key: |\n      -----BEGIN PUBLIC KEY-----\n      ${spki.toString('base64')}\n      -----END PUBLIC KEY-----`
    const rules = "  - {kind: file, name: '**', signedBy: {identities: [ed]}}"
    expect((await setItemPolicy(crossing, version, ed, rules)).code).toBe(0)
    const ended = await sallyport(['verify', folder, '--desk', crossing.high], crossing.clock)
    expect([ended.code, rowsOf(ended, 'policy.signature')]).toEqual(passes)
    const [row] = ended.json.checks.filter((one) => one.id === 'policy.evidence')
    expect(row?.found).toBe('21 pieces of evidence, none false')
  })

  it.skipIf(!existsSync(field))(
    'a genuine package of npm, attested as “gh attestation download” names it',
    async () => {
      await copyFile(join(field, 'jsonl', 'sigstore-js-2.1.0.tgz'), at('sigstore-2.1.0.tgz'))
      const bytes = await readFile(at('sigstore-2.1.0.tgz'))
      const hex = digest('sha256', bytes).toString('hex')
      await copyFile(
        join(field, 'jsonl', 'sigstore-js-2.1.0_with_2_bundles.jsonl'),
        at(`sha256:${hex}.jsonl`),
      )
      const id = await release(crossing, await writeRequest(crossing, ['file: ./sigstore-2.1.0.tgz']))
      folder = await writeTo(crossing, id, 'medium')
      await trustAuthority(crossing, Buffer.from(publicGoodRoot))
      const workflow = 'https://github.com/sigstore/sigstore-js/.github/workflows/release.yml@refs/heads/main'
      const npm = `  - {name: npm, issuer: 'https://token.actions.githubusercontent.com', identity: '${workflow}'}`
      const build =
        "{builder: 'https://github.com/actions/runner/github-hosted', signedBy: npm, source: 'https://github.com/sigstore/sigstore-js'}"
      version += 1
      const rules = `  - {kind: file, name: '**', provenance: [${build}]}`
      expect((await setItemPolicy(crossing, version, npm, rules)).code).toBe(0)
      const ended = await sallyport(['verify', folder, '--desk', crossing.high], crossing.clock)
      expect(rowsOf(ended, 'policy.provenance')).toEqual(['pass as-expected'])
      expect(rowsOf(ended, 'policy.evidence')).toEqual(['pass as-expected'])
    },
  )
})
