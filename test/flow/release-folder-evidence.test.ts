import { createHash, sign } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LookedInto } from '../../shared/look.ts'
import { lookedIntoSentences } from '../../shared/rules/looked-into.ts'
import { makeBundle, statement, type BundlePlan } from '../support/authority/bundle.ts'
import { digest, sharedKey } from '../support/authority/scheme.ts'
import { alice, world, worldRoot } from '../support/authority/world.ts'
import { pypiObject } from '../support/bundle-forms.ts'
import { done } from '../support/command-line.ts'
import { findingsOf, openReleasing, type Releasing } from '../support/releasing.ts'
import { trustAuthority } from '../support/signed-image.ts'

/* What speaks for single files of a folder: found, judged by the low desk's trust, told; a contradiction refuses. */

let at: Releasing
const registry = sharedKey('p256', 'a registry of npm')
const stranger = sharedKey('p256', 'nobody known')

const pemOf = (spki: Buffer): string =>
  `-----BEGIN PUBLIC KEY-----\n      ${(spki.toString('base64').match(/.{1,64}/g) ?? []).join('\n      ')}\n      -----END PUBLIC KEY-----`
const fingerprint = (spki: Buffer): string => createHash('sha256').update(spki).digest('hex')

beforeAll(async () => {
  at = await openReleasing()
  const { crossing } = at
  await trustAuthority(crossing, worldRoot(), crossing.low)
  const policy = join(crossing.folder, 'low-policy.yaml')
  await writeFile(
    policy,
    `sallyport: policy/v1\nversion: 2\nidentities:\n  - name: registry\n    fingerprint: ${fingerprint(registry.spki)}\n    key: |\n      ${pemOf(registry.spki)}\n`,
  )
  await done(['policy', 'set', policy, '--desk', crossing.low], crossing.clock)
})
afterAll(() => at.crossing.dispose())

const [wheel, other] = [Buffer.from('a wheel'), Buffer.from('another wheel')]
const name = 'packages/app-1.0-py3-none-any.whl'

/** An attestation of PyPI, by a publisher of the made-up authority. */
function attested(content: Buffer, plan: BundlePlan = {}): object {
  const sha256 = digest('sha256', content).toString('hex')
  const payload = statement({
    subject: [{ name: 'app-1.0-py3-none-any.whl', digest: { sha256 } }],
    predicateType: 'https://docs.pypi.org/attestations/publish/v1',
    predicate: null,
  })
  return pypiObject(makeBundle({ content: 'envelope', payload, logs: [world.one], stamps: [], ...plan }).json)
}
const provenance = (...attestations: object[]): string =>
  JSON.stringify({ version: 1, attestation_bundles: [{ publisher: { kind: 'GitHub' }, attestations }] })

/** What people are told of a folder that was collected: its findings, and its sentences. */
async function told(folder: string): Promise<{ findings: string[]; sentences: string[]; open: string[] }> {
  const before = new Set(await readdir(join(at.crossing.low, 'consignments')).catch(() => []))
  const [item] = await at.collected([`folder: ${folder}`])
  const made = (await readdir(join(at.crossing.low, 'consignments'))).filter((one) => !before.has(one))
  const shown = await done(
    ['consignment', 'show', made[0] ?? '', '--desk', at.crossing.low],
    at.crossing.clock,
  )
  const archives = (shown as unknown as { archives: LookedInto[] }).archives
  return {
    findings: findingsOf(item),
    sentences: archives.flatMap(lookedIntoSentences),
    open: archives.flatMap((one) => one.open.map(({ subject, found }) => `${subject}: ${found}`)),
  }
}
const byAlice = `${alice.san}, vouched for by ${alice.issuer}`

describe('evidence of PyPI in a folder', () => {
  it.each([
    ['over other bytes', attested(other), 'statement.other-subject'],
    [
      'whose signature was changed',
      attested(wheel, {
        changeSignature: (bytes) => Buffer.concat([bytes.subarray(0, -1), Buffer.from([1])]),
      }),
      '',
    ],
  ])('refuses the folder where somebody known made one %s, and names the file', async (how, one, reason) => {
    const folder = `pypi-${how.replaceAll(' ', '-')}`
    await at.lay({
      [`${folder}/${name}`]: wheel,
      [`${folder}/${name}.publish.attestation`]: JSON.stringify(one),
    })
    const found = await at.refused([`folder: ${folder}`])
    expect(found).toMatchObject({
      code: 'folder-lies',
      facts: { path: `${folder}/${name}`, index: `${name}.publish.attestation` },
    })
    expect(JSON.stringify(found.facts)).toContain(reason)
  })

  it('refuses it also where only a list leads to the document, and one of several is wrong', async () => {
    const document = 'integrity/app/1.0/app.whl/provenance'
    const page = `<a data-provenance="../../${document}" href="../../${name}#sha256=${createHash('sha256').update(wheel).digest('hex')}">app</a>`
    const lay = (text: string): Promise<void> =>
      at.lay({
        [`listed/simple/app/index.html`]: page,
        [`listed/${name}`]: wheel,
        [`listed/${document}`]: text,
      })
    await lay(provenance(attested(wheel), attested(other)))
    expect(await at.refused(['folder: listed'])).toMatchObject({
      code: 'folder-lies',
      facts: { path: `listed/${name}`, index: document },
    })
    await lay(provenance(attested(wheel)))
    const { findings, sentences } = await told('listed')
    expect(findings).toEqual([])
    expect(sentences).toContain(`Vouched for: 1 file by ${byAlice}.`)
  })

  it('says who vouches for how many files, each counted once however often it is attested', async () => {
    const second = 'packages/app-1.0.tar.gz'
    await at.lay({
      [`two/${name}`]: wheel,
      [`two/${name}.publish.attestation`]: JSON.stringify(attested(wheel)),
      [`two/${name}.provenance`]: provenance(attested(wheel), attested(wheel)),
      [`two/${second}`]: other,
      [`two/${second}.provenance`]: provenance(attested(other)),
      'two/readme.provenance': 'where it all comes from, in words',
      'two/readme': 'x',
    })
    const { findings, sentences } = await told('two')
    expect(findings).toEqual([])
    expect(sentences).toContain(`Vouched for: 2 files by ${byAlice}.`)
  })

  it('tells as unknown what is not read, and what lists name and is not carried', async () => {
    const page = {
      files: [
        {
          filename: 'app',
          url: `../../${name}`,
          hashes: { sha256: createHash('sha256').update(wheel).digest('hex') },
          provenance: 'https://pypi.org/integrity/app/1.0/app.whl/provenance',
        },
      ],
    }
    await at.lay({
      'odd/simple/app/index.json': JSON.stringify(page),
      [`odd/${name}`]: wheel,
      [`odd/${name}.sigstore.json`]: '{}',
    })
    const { findings, sentences, open } = await told('odd')
    expect(findings).toEqual([
      'repository-incomplete odd: simple/app/index.json',
      'repository-evidence-unknown odd',
    ])
    expect(sentences).toContain('Nobody whom this desk knows vouches for any of them.')
    expect(open).toEqual([`${name}: bundle.shape`])
  })

  it('of files that nobody speaks for nothing is told', async () => {
    await at.lay({ [`bare/${name}`]: wheel, [`bare/other.whl.provenance`]: provenance(attested(wheel)) })
    expect(await told('bare')).toEqual({ findings: [], sentences: [], open: [] })
  })
})

const tarball = Buffer.from('a packed version')
const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`
const keyId = (spki: Buffer): string =>
  `SHA256:${createHash('sha256').update(spki).digest('base64').replace(/=+$/, '')}`

/** A signature of a registry over a version, as it stands in the document of the package. */
const registered = (text: string, key = registry, keyid = keyId(key.spki)): object => ({
  keyid,
  sig: sign('sha256', Buffer.from(text), key.privateKey).toString('base64'),
})

async function npm(folder: string, dist: object, files: Readonly<Record<string, string>> = {}) {
  const version = {
    dist: { tarball: 'https://registry.npmjs.org/@team/app/-/app-1.0.0.tgz', integrity, ...dist },
  }
  const document = { name: '@team/app', 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': version } }
  await at.lay({
    [`${folder}/@team/app/package.json`]: JSON.stringify(document),
    [`${folder}/@team/app/-/app-1.0.0.tgz`]: tarball,
    ...Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text])),
  })
}
const packed = '@team/app/-/app-1.0.0.tgz'
const ofVersion = `@team/app@1.0.0:${integrity}`

describe('evidence of npm in a folder', () => {
  it('counts a signature of the registry by a key that the policy names', async () => {
    await npm('npm-good', { signatures: [registered(ofVersion)] })
    const { findings, sentences } = await told('npm-good')
    expect(findings).toEqual([])
    expect(sentences).toContain(`Vouched for: 1 file by key ${fingerprint(registry.spki)}.`)
  })

  it.each([
    ['another version', registered(`@team/app@2.0.0:${integrity}`)],
    ['another package', registered(`app@1.0.0:${integrity}`)],
    ['another sum', registered('@team/app@1.0.0:sha512-AAAA')],
    ['nothing by that key', registered(ofVersion, stranger, keyId(registry.spki))],
  ])('refuses the folder where that key signed %s', async (what, one) => {
    const folder = `npm-${what.replaceAll(' ', '-')}`
    await npm(folder, { signatures: [one] })
    expect(await at.refused([`folder: ${folder}`])).toMatchObject({
      code: 'folder-lies',
      facts: { path: `${folder}/${packed}`, index: '@team/app/package.json' },
    })
  })

  it('tells as unknown, and never as false, what another key signed', async () => {
    await npm('npm-stranger', { signatures: [registered(ofVersion, stranger), 'none', { keyid: 1 }] })
    const { findings, open } = await told('npm-stranger')
    expect(findings).toEqual(['repository-evidence-unknown npm-stranger'])
    expect(open).toEqual([`${packed}: key.unknown`])
  })

  /** What npm answers about the attestations of a version: one about these bytes. */
  const answer = (content: Buffer): string => {
    const sha512 = digest('sha512', content).toString('hex')
    const payload = statement({
      subject: [{ name: 'pkg:npm/%40team/app@1.0.0', digest: { sha512 } }],
      predicateType: 'https://slsa.dev/provenance/v1',
      predicate: {},
    })
    const { json } = makeBundle({ content: 'envelope', payload })
    return JSON.stringify({ attestations: [{ predicateType: 'x', bundle: json }] })
  }
  const url = 'https://registry.npmjs.org/-/npm/v1/attestations/@team%2fapp@1.0.0'
  const document = '-/npm/v1/attestations/@team/app@1.0.0'

  it('judges the attestations that a version names where the mirror has them, and says where it has not', async () => {
    await npm('npm-named', { attestations: { url } })
    expect((await told('npm-named')).findings).toEqual([
      'repository-incomplete npm-named: @team/app/package.json',
    ])
    await npm('npm-named', { attestations: { url } }, { [document]: answer(tarball) })
    const { findings, sentences } = await told('npm-named')
    expect(findings).toEqual([])
    expect(sentences).toContain(`Vouched for: 1 file by ${byAlice}.`)
    await npm('npm-named', { attestations: { url } }, { [document]: answer(other) })
    expect(await at.refused(['folder: npm-named'])).toMatchObject({
      code: 'folder-lies',
      facts: { path: `npm-named/${packed}`, index: document },
    })
  })

  it('judges a bundle beside a packed version', async () => {
    const bundle = (artifact: Buffer): string => JSON.stringify(makeBundle({ artifact }).json)
    await npm('npm-beside', {}, { [`${packed}.sigstore.json`]: bundle(tarball) })
    expect((await told('npm-beside')).sentences).toContain(`Vouched for: 1 file by ${byAlice}.`)
    await npm('npm-beside', {}, { [`${packed}.sigstore.json`]: bundle(other) })
    expect(await at.refused(['folder: npm-beside'])).toMatchObject({
      code: 'folder-lies',
      facts: { path: `npm-beside/${packed}`, index: `${packed}.sigstore.json` },
    })
  })
})

const file = 'gcb_attestation_test-0.0.0.tar.gz'
const field = join(
  ...[import.meta.dirname, '..', '..', '..', 'shared', 'fixtures', 'field', 'pypi', `${file}.provenance`],
)

it.skipIf(!existsSync(field))('genuine provenance by a root that is not known here is unknown', async () => {
  const text = await readFile(field)
  await at.lay({ [`genuine/${file}`]: wheel, [`genuine/${file}.provenance`]: text })
  const { findings } = await told('genuine')
  expect(findings).toEqual(['repository-evidence-unknown genuine'])
})
