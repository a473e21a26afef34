import { readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readVerifierKey } from '../../main/sigstore/verifier-key.ts'
import { sharedKey } from '../support/authority/scheme.ts'
import { alice, world } from '../support/authority/world.ts'
import { done, sallyport, type Ended } from '../support/command-line.ts'
import { decideBoth, release, writeRequest, writeTo } from '../support/desks.ts'
import { pem } from '../support/pki/key.ts'
import { findingsOf, openReleasing, type Releasing } from '../support/releasing.ts'
import { rowsOf, setItemPolicy, trustAuthority } from '../support/signed-image.ts'
import { signModel, withChain, withKey } from '../support/signed-model.ts'

/* Folders of models with their signatures (OpenSSF Model Signing), carried file by file. */

const files = {
  'config.json': '{"layers": 2}\n',
  'weights/a.safetensors': Buffer.from([0, 1, 2, 254, 255]),
  'weights/b.safetensors': 'second half',
}
const beside = { '.gitattributes': '*.safetensors filter=lfs\n', '.github/ci.yml': 'on: push\n' }
const key = sharedKey('p256')
const indented = pem('PUBLIC KEY', key.spki).trim().replaceAll('\n', '\n      ')
const identities = `  - name: maker\n    fingerprint: ${readVerifierKey(key.spki).fingerprint}\n    key: |\n      ${indented}\n  - {name: alice, issuer: '${alice.issuer}', identity: '${alice.san}'}`

let at: Releasing
let version = 1
let count = 0
beforeEach(async () => {
  at = await openReleasing()
  version = 1
})
afterEach(() => at.crossing.dispose())

const below = (folder: string, all: Readonly<Record<string, string | Buffer>>) =>
  Object.fromEntries(Object.entries(all).map(([path, content]) => [`${folder}/${path}`, content]))

/** Carries items to the high desk; gives the medium. */
async function carried(item: string): Promise<string> {
  const id = await release(at.crossing, await writeRequest(at.crossing, [item]))
  return writeTo(at.crossing, id, `medium-${++count}`)
}

/** What the high desk says under a rule for models: its exit code, the rule, and what is said of the evidence. */
async function under(medium: string, rule: string): Promise<[number, string[], string[]]> {
  version += 1
  const set = await setItemPolicy(at.crossing, version, identities, `  - {kind: model, name: '**', ${rule}}`)
  expect(set.code, set.stdout).toBe(0)
  const ended: Ended = await sallyport(['verify', medium, '--desk', at.crossing.high], at.crossing.clock)
  return [ended.code, rowsOf(ended, 'policy.signature'), rowsOf(ended, 'policy.evidence')]
}
const byMaker = 'signedBy: {identities: [maker]}'
const byAlice = 'signedBy: {identities: [alice], log: true, time: true}'

/** What those who sign are told of the one signature of a model, and of the rule for it. */
async function assessedAs(model: string): Promise<string[]> {
  const { low, clock } = at.crossing
  const request = await writeRequest(at.crossing, [`model: ${model}`])
  const { id } = await done(['collect', request, '--desk', low], clock)
  const folder = join(low, 'consignments', id)
  const name = (await readdir(folder)).find((one) => one.startsWith('waybill-')) ?? ''
  const waybill = JSON.parse(await readFile(join(folder, name), 'utf8')) as {
    attachments: { role: string; digest: string }[]
  }
  const digest = waybill.attachments.find(({ role }) => role === 'assessment')?.digest ?? ''
  const text = await readFile(join(low, 'store', 'blobs', 'sha256', digest.slice('sha256:'.length)), 'utf8')
  const [item] = (
    JSON.parse(text) as {
      items: {
        judged: { result: string; reason: string | null }[]
        rules: { id: string; result: string }[]
      }[]
    }
  ).items
  const rule = item?.rules.find((one) => one.id === 'policy.signature')
  return [
    ...(item?.judged ?? []).map(({ result, reason }) => `${result} ${String(reason)}`),
    rule?.result ?? '',
  ]
}

async function filesIn(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  return found
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name).slice(folder.length + 1))
    .sort()
}

describe('a folder of a model whose files are not those that were signed', () => {
  const signed = signModel(files)
  const changes: readonly (readonly [string, () => Promise<unknown>, string])[] = [
    ['changed', () => at.lay({ 'assistant/config.json': '{}' }), 'statement.file-differs'],
    ['added', () => at.lay({ 'assistant/modeling.py': 'import os' }), 'statement.file-unlisted'],
    ['removed', () => rm(at.inRequest('assistant', 'config.json')), 'statement.file-missing'],
    [
      'renamed',
      () => rename(at.inRequest('assistant', 'config.json'), at.inRequest('assistant', 'conf.json')),
      'statement.file-missing',
    ],
  ]
  it.each(changes)(
    'one was %s: the rule fails on the far side, and those who sign are told',
    async (_, change, code) => {
      await at.lay(below('assistant', { ...files, 'model.sig': signed }))
      await change()
      const medium = await carried('model: assistant')
      expect(await under(medium, byMaker)).toEqual([4, ['fail differs'], ['fail false']])
      const ended = await sallyport(['verify', medium, '--desk', at.crossing.high], at.crossing.clock)
      const [row] = ended.json.checks.filter((one) => one.id === 'policy.evidence')
      expect(row?.found).toContain(code)
    },
  )
})

describe('a folder of a model', () => {
  it('crosses with the signature in it, proven by a key, and lies there again bit for bit', async () => {
    const signed = signModel(files)
    await at.lay({
      ...below('models/assistant', { ...files, ...beside, 'model.sig': signed }),
      'models/assistant/.git/config': '[core]\n',
    })
    const [one] = await at.collected(['model: models/assistant'])
    expect(one).toMatchObject({ kind: 'model', name: 'assistant', version: null, platforms: [] })
    expect(one?.evidence).toHaveLength(1)
    expect(findingsOf(one)).toEqual([])
    const medium = await carried('model: ./models/assistant')
    expect(await under(medium, byMaker)).toEqual([0, ['pass as-expected'], ['pass as-expected']])
    const verified = await done(['verify', medium, '--desk', at.crossing.high], at.crossing.clock)
    await decideBoth(at.crossing, verified.id, 'accept')
    const out = join(at.crossing.folder, 'out')
    await done(['export', verified.id, '--desk', at.crossing.high, '--to', `dir:${out}`], at.crossing.clock)
    const landed = [...Object.keys({ ...files, ...beside }), 'model.sig'].sort()
    expect(await filesIn(join(out, 'models', 'assistant'))).toEqual(landed)
    for (const path of landed)
      expect(await readFile(join(out, 'models', 'assistant', path))).toEqual(
        await readFile(at.inRequest('models', 'assistant', path)),
      )
    expect(await readdir(out)).toEqual(['models'])
    const layout = join(at.crossing.folder, 'layout')
    const to = `oci-layout:${layout}`
    await done(['export', verified.id, '--desk', at.crossing.high, '--to', to], at.crossing.clock)
    expect(await readFile(join(layout, 'index.json'), 'utf8')).toContain(one?.root.digest)
  })

  it('is signed by a named file beside it, keyless; that lies beside it again', async () => {
    await trustAuthority(at.crossing)
    const keyless = signModel(files, {}, {})
    await at.lay({ ...below('assistant', files), 'm.sig': keyless })
    const asked = '{model: assistant, signature: ./m.sig}'
    const medium = await carried(asked)
    expect(await under(medium, byAlice)).toEqual([0, ['pass as-expected'], ['pass as-expected']])
    const verified = await done(['verify', medium, '--desk', at.crossing.high], at.crossing.clock)
    await decideBoth(at.crossing, verified.id, 'accept')
    const out = join(at.crossing.folder, 'out')
    await done(['export', verified.id, '--desk', at.crossing.high, '--to', `dir:${out}`], at.crossing.clock)
    expect(await filesIn(join(out, 'models'))).toEqual([
      ...Object.keys(files).map((path) => `assistant/${path}`),
      'm.sig',
    ])
    expect(await readFile(join(out, 'models', 'm.sig'), 'utf8')).toBe(keyless)
  })

  it('with a certificate and its chain, as model_signing writes them', async () => {
    await trustAuthority(at.crossing)
    const signed = withChain(signModel(files, {}, {}), [world.codeSigner.certificate])
    await at.lay(below('assistant', { ...files, 'model.sig': signed }))
    const medium = await carried('model: assistant')
    expect(await under(medium, byAlice)).toEqual([0, ['pass as-expected'], ['pass as-expected']])
  })

  it.each([
    ['another signer', signModel(files, {}, { ...withKey, kind: 'p384' })],
    ['digests by BLAKE3', signModel(files, { serialization: { hash_type: 'blake3' } })],
    ['shards', signModel(files, { serialization: { method: 'shards' } })],
    ['no signature that is read', 'not a bundle'],
  ])('%s: nobody known, and nothing of it is called false', async (_, signed) => {
    await at.lay(below('assistant', { ...files, 'model.sig': signed }))
    const medium = await carried('model: assistant')
    expect(await under(medium, byMaker)).toEqual([5, ['not-checked nobody-known'], ['warn unknown']])
    expect(await under(medium, 'nothing: true')).toEqual([0, [], ['warn unknown']])
  })

  it('is judged on the low side too, for those who sign', async () => {
    const policy = join(at.crossing.folder, 'low.yaml')
    const rules = `items:\n  - {kind: model, name: '**', ${byMaker}}`
    await writeFile(policy, `sallyport: policy/v1\nversion: 2\nidentities:\n${identities}\n${rules}\n`)
    await done(['policy', 'set', policy, '--desk', at.crossing.low], at.crossing.clock)
    const signed = signModel(files)
    await at.lay({
      ...below('good', { ...files, 'model.sig': signed }),
      ...below('bad', { ...files, 'config.json': '{}', 'model.sig': signed }),
    })
    expect(await assessedAs('good')).toEqual(['proven null', 'pass'])
    expect(await assessedAs('bad')).toEqual(['bad statement.file-differs', 'fail'])
  })

  it('is refused where it is no folder, has what no model has, or names a signature that is not there', async () => {
    await at.lay({
      ...below('assistant', files),
      ...below('hidden', { ...files, '.env': 'SECRET=1' }),
      ...below('linked', files),
      ...below('bare', { '.git/config': '' }),
    })
    await symlink(at.inRequest('assistant', 'config.json'), at.inRequest('linked', 'link.json'))
    await symlink(join(at.crossing.folder, 'nowhere'), at.inRequest('away.sig'))
    await symlink(join(at.crossing.low, 'desk.json'), at.inRequest('outside.sig'))
    for (const [item, code, facts] of [
      ['model: assistant/config.json', 'folder-refused', { found: 'a file' }],
      ['model: hidden', 'folder-refused', { path: 'hidden/.env' }],
      ['model: linked', 'folder-refused', { found: 'a link' }],
      ['model: bare', 'folder-refused', { found: 'none' }],
      ['model: nothing', 'not-found', { subject: 'nothing' }],
      ['{model: assistant, signature: no.sig}', 'not-found', { subject: 'no.sig' }],
      ['{model: assistant, signature: outside.sig}', 'path-outside', { path: 'outside.sig' }],
      ['{model: assistant, signature: assistant}', 'file-unreadable', { path: 'assistant' }],
    ] as const)
      expect(await at.refused([item])).toMatchObject({ code, facts })
  })

  it('carries as many signatures as the request says, the named one first', async () => {
    const signed = signModel(files)
    await at.lay({
      ...below('assistant', { ...files, 'model.sig': signed }),
      'm.sig': signModel(files, {}, {}),
    })
    const named = '{model: assistant, signature: m.sig'
    expect((await at.collected([`${named}}`]))[0]?.evidence).toHaveLength(2)
    const [one] = await at.collected([`${named}, evidence: {most: 1}}`])
    expect(one?.evidence).toHaveLength(1)
    expect(findingsOf(one)).toEqual(['evidence-left-out assistant'])
    // The one in the folder named is the same one.
    const [same] = await at.collected(['{model: assistant, signature: assistant/model.sig}'])
    expect(same?.evidence).toHaveLength(1)
  })

  it('without a signature passes no rule that asks for one', async () => {
    await at.lay(below('assistant', files))
    const medium = await carried('model: assistant')
    expect(await under(medium, byMaker)).toEqual([4, ['fail none'], ['pass as-expected']])
  })
})
