import { sign } from 'node:crypto'
import { readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readVerifierKey } from '../../main/sigstore/verifier-key.ts'
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
    expect(await readFile(join(out, 'files', 'rel.bin'))).toEqual(content)
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
    expect(await under(byKey)).toEqual([4, ['fail none']])
  })
})
