import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readVerifierPem } from '../../main/sigstore/verifier-key.ts'
import { publicGoodRoot } from '../../main/trust/public-good.ts'
import { done, sallyport, testClock, type Ended } from '../support/command-line.ts'
import { decideBoth, makeCrossing, release, writeRequest, writeTo, type Crossing } from '../support/desks.ts'
import { copySaved, hasSavedImages, savedImages } from '../support/saved-images.ts'

const trust = join(savedImages, 'private-trust')
const indent = (text: string, by: number): string => text.trim().replaceAll('\n', `\n${' '.repeat(by)}`)

function keyIdentity(name: string, file: string): string {
  const pem = readFileSync(join(trust, file), 'utf8')
  const { fingerprint } = readVerifierPem(pem)
  return `  - name: ${name}\n    fingerprint: ${fingerprint}\n    key: |\n      ${indent(pem, 6)}`
}

const alice = `  - name: alice\n    issuer: http://127.0.0.1:8801/email\n    identity: alice@priv.test`
const workflow =
  'https://github.com/slsa-framework/slsa-github-generator/.github/workflows/generator_container_slsa3.yml@refs/tags/v1.10.0'
const generator = (pins: string): string =>
  `  - name: generator\n    issuer: https://token.actions.githubusercontent.com\n    identity: ${workflow}\n    pins:\n${pins}`

describe.skipIf(!hasSavedImages)('rules for items (needs ../shared/fixtures)', () => {
  let crossing: Crossing
  let version = 1
  beforeEach(async () => {
    crossing = await makeCrossing(testClock(new Date().toISOString()))
    version = 1
  })
  afterEach(() => crossing.dispose())

  async function setPolicy(identities: readonly string[], items: string): Promise<Ended> {
    version += 1
    const file = join(crossing.folder, `policy-${version}.yaml`)
    const text = `sallyport: policy/v1\nversion: ${version}\nidentities:${identities.length === 0 ? ' []' : `\n${identities.join('\n')}`}\nitems:\n${items}\n`
    await writeFile(file, text)
    return sallyport(['policy', 'set', file, '--desk', crossing.high], crossing.clock)
  }

  async function addRoot(path: string, name = 'test'): Promise<void> {
    const fingerprint = createHash('sha256').update(readFileSync(path)).digest('hex')
    await done(
      ['trust', 'root', 'add', path, '--desk', crossing.high, '--name', name, '--fingerprint', fingerprint],
      crossing.clock,
    )
  }
  const addPrivateRoot = (): Promise<void> => addRoot(join(trust, 'trusted_root.json'))

  /** Carries an image across and gives what the high desk says of it. */
  async function carry(image: string): Promise<{ verified: Ended; item: (id: string) => string[] }> {
    await copySaved(image, join(crossing.folder, 'request', 'app'))
    const id = await release(crossing, await writeRequest(crossing, ['image: oci:./app:v1']))
    const folder = await writeTo(crossing, id, 'medium')
    const verified = await sallyport(['verify', folder, '--desk', crossing.high], crossing.clock)
    const item = (check: string): string[] =>
      verified.json.checks.filter((one) => one.id === check).map((one) => `${one.result} ${one.reason}`)
    return { verified, item }
  }

  it('accepts an image that the named key signed, with provenance by the named pair; the rules hold at decision and export', async () => {
    await addPrivateRoot()
    const set = await setPolicy(
      [keyIdentity('key', 'k-p256.pub')],
      `  - kind: image\n    name: '**'\n    signedBy: {identities: [key]}\n    provenance:\n      - {builder: https://priv.test/builder, signedBy: key, source: https://priv.test/acme/*}`,
    )
    expect(set.code).toBe(0)
    const { verified, item } = await carry('private-legacy')
    expect(verified.code).toBe(0)
    for (const check of ['policy.item-rule', 'policy.evidence', 'policy.signature', 'policy.provenance']) {
      expect({ check, is: item(check) }).toEqual({ check, is: ['pass as-expected'] })
    }
    expect(verified.json.notAsked).toContainEqual({ id: 'policy.sbom', reason: 'policy-does-not-ask' })
    const { id } = verified.json
    await decideBoth(crossing, id, 'accept')
    await done(
      ['export', id, '--desk', crossing.high, '--to', `oci-layout:${join(crossing.folder, 'out')}`],
      crossing.clock,
    )
  })

  it('refuses an image by an item that no rule is about, and without rules asks nothing', async () => {
    await setPolicy([], `  - {kind: file, name: '**', nothing: true}`)
    const { verified, item } = await carry('private-legacy')
    expect({ code: verified.code, rule: item('policy.item-rule') }).toEqual({ code: 4, rule: ['fail none'] })
  })

  it('shows evidence but asks nothing when the policy has no rules for items', async () => {
    const { verified, item } = await carry('private-legacy')
    expect({ code: verified.code, rule: item('policy.signature') }).toEqual({ code: 0, rule: [] })
    const asked = verified.json.notAsked.map((one) => one.id)
    expect(asked).toEqual(expect.arrayContaining(['policy.item-rule', 'policy.signature', 'policy.sbom']))
  })

  it('never takes an attestation for a signature, nor another key for the named one', async () => {
    await addPrivateRoot()
    await setPolicy(
      [keyIdentity('other', 'k-wrong.pub'), keyIdentity('key', 'k-p256.pub')],
      `  - {kind: any, name: '**', signedBy: {identities: [other]}}`,
    )
    const { verified, item } = await carry('private-legacy')
    expect({ code: verified.code, is: item('policy.signature') }).toEqual({ code: 4, is: ['fail differs'] })
  })

  it('wants provenance, not only a signature: builder and signer as a pair, and the source', async () => {
    await addPrivateRoot()
    const both = [keyIdentity('key', 'k-p256.pub'), keyIdentity('other', 'k-wrong.pub')]
    const build = (rule: string): string => `  - {kind: image, name: '**', provenance: [{${rule}}]}`
    const { verified } = await carry('private-legacy')
    const { id } = verified.json
    const folder = join(crossing.folder, 'medium')
    expect(id).toBeTruthy()
    for (const [rule, code] of [
      ['builder: https://priv.test/builder, signedBy: key', 0],
      ['builder: https://priv.test/builder, signedBy: other', 4],
      ['builder: https://priv.test/builder-evil, signedBy: key', 4],
      ['builder: https://priv.test/builder, signedBy: key, source: https://priv.test/acme/widget-evil', 4],
      ['builder: https://priv.test/builder, signedBy: key, source: https://priv.test/acme/widget', 0],
      ['builder: https://priv.test/builder, signedBy: key, source: https://priv.test/*', 4],
      ['builder: https://priv.test/builder, signedBy: key, ref: refs/heads/main', 4],
      ['builder: https://priv.test/builder, signedBy: key, buildType: https://priv.test/build/v1', 0],
      ['builder: https://priv.test/builder, signedBy: key, buildType: https://priv.test/build/v2', 4],
    ] as const) {
      await setPolicy(both, build(rule))
      const again = await sallyport(['verify', folder, '--desk', crossing.high], crossing.clock)
      expect({ rule, code: again.code }).toEqual({ rule, code })
    }
  })

  it('says not-checked, never pass and never fail, of a signer whom no root of the desk vouches for', async () => {
    await setPolicy([alice], `  - {kind: image, name: '**', signedBy: {identities: [alice]}}`)
    const { verified, item } = await carry('private-multi')
    expect({ code: verified.code, is: item('policy.signature') }).toEqual({
      code: 5,
      is: ['not-checked nobody-known'],
    })
    // With the root installed the same medium passes; a bundle cannot bring that root itself.
    await addPrivateRoot()
    const again = await sallyport(
      ['verify', join(crossing.folder, 'medium'), '--desk', crossing.high],
      crossing.clock,
    )
    expect(again.code).toBe(0)
  })

  it('compares names and issuers whole, and every pin', async () => {
    const root = join(crossing.folder, 'public.json')
    await writeFile(root, publicGoodRoot)
    await addRoot(root)
    const { verified } = await carry('slsa-generic-container-v1.10.0/container_workflow_dispatch')
    expect(verified.code).toBe(0)
    const folder = join(crossing.folder, 'medium')
    const rule = `  - {kind: image, name: '**', provenance: [{builder: '${workflow}', signedBy: generator, source: https://github.com/slsa-framework/example-package, ref: refs/tags/*}]}`
    for (const [identity, code] of [
      [generator('      source-repository: https://github.com/slsa-framework/example-package'), 0],
      [generator('      source-owner-id: "80431187"\n      runner-environment: github-hosted'), 0],
      [generator('      source-repository: https://github.com/slsa-framework/example-package-evil'), 4],
      [generator('      source-repository: https://github.com/slsa-framework/example'), 4],
      [generator('      source-owner-id: "80431188"'), 4],
      [generator('      runner-environment: self-hosted'), 4],
      [generator('      deployment-environment: production'), 4],
      [generator('      build-trigger: push').replace('refs/tags/v1.10.0', 'refs/tags/v1.10.1'), 4],
      [generator('      build-trigger: push').replace('token.actions', 'token.action'), 4],
    ] as const) {
      expect((await setPolicy([identity], rule)).code).toBe(0)
      const again = await sallyport(['verify', folder, '--desk', crossing.high], crossing.clock)
      expect({ identity, code: again.code }).toEqual({ identity, code })
    }
  })

  it('asks for a bill of materials, its format, its signer, and what it is of', async () => {
    await addPrivateRoot()
    const both = [keyIdentity('key', 'k-p256.pub'), keyIdentity('other', 'k-wrong.pub')]
    await carry('private-key')
    const folder = join(crossing.folder, 'medium')
    for (const [rule, code, reason] of [
      ['signedBy: [key]', 0, 'as-expected'],
      ['signedBy: [key], format: spdx', 0, 'as-expected'],
      ['signedBy: [key], format: cyclonedx', 4, 'none'],
      ['signedBy: [other]', 4, 'differs'],
      ['signedBy: [key], describes: true', 4, 'differs'],
    ] as const) {
      await setPolicy(both, `  - {kind: image, name: '**', sbom: {${rule}}}`)
      const again = await sallyport(['verify', folder, '--desk', crossing.high], crossing.clock)
      const found = again.json.checks.find((one) => one.id === 'policy.sbom')
      expect({ rule, code: again.code, reason: found?.reason }).toEqual({ rule, code, reason })
    }
  })

  it('says not-checked of a time or log that a bare key cannot have', async () => {
    await addPrivateRoot()
    await setPolicy(
      [keyIdentity('key', 'k-p256.pub')],
      `  - {kind: image, name: '**', signedBy: {identities: [key], time: true}}`,
    )
    const { verified, item } = await carry('private-legacy')
    expect({ code: verified.code, is: item('policy.signature') }).toEqual({
      code: 5,
      is: ['not-checked no-time'],
    })
  })

  it('makes a verdict stale when the rules change between reading and decision', async () => {
    const { verified } = await carry('private-legacy')
    await setPolicy(
      [keyIdentity('other', 'k-wrong.pub')],
      `  - {kind: image, name: '**', signedBy: {identities: [other]}}`,
    )
    const { id } = verified.json
    await expect(decideBoth(crossing, id, 'accept')).rejects.toThrow('verdict-stale')
  })

  it('judges again what a revoked root or key vouched for, and flags what was accepted', async () => {
    await addPrivateRoot()
    await setPolicy(
      [keyIdentity('key', 'k-p256.pub')],
      `  - {kind: image, name: '**', signedBy: {identities: [key]}}`,
    )
    const { verified } = await carry('private-key')
    const { id } = verified.json
    expect(verified.code).toBe(0)
    const show = async (): Promise<unknown> =>
      (await done(['consignment', 'show', id, '--desk', crossing.high], crossing.clock))['revoked']
    await decideBoth(crossing, id, 'accept')
    expect(await show()).toEqual([])
    const { fingerprint } = readVerifierPem(readFileSync(join(trust, 'k-p256.pub'), 'utf8'))
    await done(
      ['trust', 'revoke', fingerprint, '--desk', crossing.high, '--reason', 'stolen'],
      crossing.clock,
    )
    expect(await show()).toMatchObject([{ fingerprint, name: 'key', reason: 'stolen' }])
  })

  it('judges an undecided consignment again when the key or the root of its evidence is revoked', async () => {
    for (const [what, image, identity] of [
      ['key', 'private-legacy', keyIdentity('key', 'k-p256.pub')],
      ['root', 'private-multi', alice.replace('name: alice', 'name: key')],
    ] as const) {
      await crossing.dispose()
      crossing = await makeCrossing(testClock(new Date().toISOString()))
      version = 1
      await addPrivateRoot()
      await setPolicy([identity], `  - {kind: image, name: '**', signedBy: {identities: [key]}}`)
      const { verified } = await carry(image)
      expect({ what, code: verified.code }).toEqual({ what, code: 0 })
      const fingerprint =
        what === 'key'
          ? readVerifierPem(readFileSync(join(trust, 'k-p256.pub'), 'utf8')).fingerprint
          : createHash('sha256')
              .update(readFileSync(join(trust, 'trusted_root.json')))
              .digest('hex')
      await done(
        ['trust', 'revoke', fingerprint, '--desk', crossing.high, '--reason', 'stolen'],
        crossing.clock,
      )
      await expect(decideBoth(crossing, verified.json.id, 'accept')).rejects.toThrow(
        /verdict-not-passed|verdict-stale/,
      )
    }
  })

  it('refuses a policy with a name nobody has, a fingerprint of another key, an unknown pin, or a rule that asks nothing', async () => {
    const key = keyIdentity('key', 'k-p256.pub')
    for (const [identities, items] of [
      [[key], `  - {kind: image, name: '**', signedBy: {identities: [kei]}}`],
      [[key, key], `  - {kind: image, name: '**', nothing: true}`],
      [
        [key.replace(/fingerprint: ./, (text) => `${text.slice(0, -1)}${text.endsWith('0') ? '1' : '0'}`)],
        `  - {kind: image, name: '**', nothing: true}`,
      ],
      [[`${alice}\n    pins: {owner: x}`], `  - {kind: image, name: '**', nothing: true}`],
      [[key], `  - {kind: image, name: '**'}`],
      [[key], `  - {kind: image, name: '**', nothing: true, signedBy: {identities: [key]}}`],
      [[key], `  - {kind: image, name: '**', signedBy: {identities: [key], least: 2}}`],
      [[key], `  - {kind: image, name: '**', signedBy: {identities: [key], least: 0}}`],
      [[key], `  - {kind: image, name: '**', signedBy: {identities: [key], least: 1.5}}`],
      [[key], `  - {kind: image, name: '**', signedBy: {identities: [key], least: "1"}}`],
      [[key], `  - {kind: image, name: '**', signedBy: {identities: []}}`],
      [[key], `  - {kind: imag, name: '**', nothing: true}`],
      [[key], `  - {kind: image, name: '', nothing: true}`],
      [[key], `  - {kind: image, name: '**', nothing: true, unless: x}`],
    ] as const) {
      const set = await setPolicy(identities, items)
      expect({ items, code: set.code, failure: set.json.failure.code }).toEqual({
        items,
        code: 1,
        failure: 'policy-form',
      })
      version -= 1
    }
  })
})
