import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EvidenceReport } from '../../shared/evidence.ts'
import { readVerifierPem } from '../../main/sigstore/verifier-key.ts'
import { build } from '../support/attacks/provenance.ts'
import { done, sallyport, testClock } from '../support/command-line.ts'
import { decideBoth, makeCrossing, release, writeRequest, writeTo, type Crossing } from '../support/desks.ts'
import { hasDockerRegistry, startDockerRegistry } from '../support/docker-registry.ts'
import type { ServedRegistry } from '../support/served-registry.ts'
import { Content, layer, sampleImage, types } from '../support/images.ts'
import { TestRegistry } from '../support/registry.ts'
import { cosign, tokenFile } from '../support/sigstore/cosign.ts'
import { predicates } from '../support/sigstore/predicates.ts'
import { startPrivateSigstore, type PrivateSigstore } from '../support/sigstore/private-sigstore.ts'
import { missingPrograms } from '../support/go-programs.ts'

const missing = missingPrograms() ?? (hasDockerRegistry ? null : 'there is no docker-registry')
if (missing !== null) console.log(`Not run: images that cosign signed, because ${missing}.`)

const clock = testClock(new Date().toISOString())
const alice = 'alice@priv.test'
const rows: string[] = []
const old = ['--new-bundle-format=false', '--use-signing-config=false', '--tlog-upload=false']

// A case waits most of its time for the logs, and has a repository of its own.
const sideBySide = { concurrent: true }

describe.skipIf(missing !== null)('images that cosign signed, in a real registry', sideBySide, () => {
  let sigstore: PrivateSigstore
  let registry: ServedRegistry
  let folder = ''
  const at = (name: string): string => join(folder, name)
  beforeAll(async () => {
    sigstore = await startPrivateSigstore()
    registry = await startDockerRegistry()
    folder = sigstore.folder
    await cosign(folder, ['generate-key-pair', '--output-key-prefix', 'k'])
    for (const { type, document } of predicates) writeFileSync(at(`${type}.json`), JSON.stringify(document))
  }, 900_000)
  afterAll(async () => {
    console.log(['Image that cosign signed: what evidence says', ...rows].join('\n'))
    await registry.close()
    await sigstore.close()
  })

  const keyless = (): string[] => [
    '--identity-token',
    tokenFile(folder, sigstore.issuer.mint('email', { email: alice })),
    ...['--signing-config', sigstore.signingConfigFile(), '--trusted-root', sigstore.trustedRootFile],
  ]
  const withKey = (): string[] => [
    ...['--key', at('k.key')],
    ...['--signing-config', sigstore.signingConfigFile(), '--trusted-root', sigstore.trustedRootFile],
  ]
  const oldKey = (): string[] => ['--key', at('k.key'), ...old]

  const run = async (...words: string[]): Promise<void> => {
    expect(await cosign(folder, [...words, '--allow-http-registry'])).toMatchObject({ ok: true })
  }
  const sign = (image: string, how: string[], ...more: string[]): Promise<void> =>
    run('sign', '--yes', ...how, ...more, image)
  const attest = (image: string, how: string[], type: string): Promise<void> =>
    run('attest', '--yes', '--type', type, '--predicate', at(`${type}.json`), ...how, image)

  /** Puts an image of its own into the registry and gives its reference by digest. */
  async function push(name: string): Promise<string> {
    const content = new Content()
    const image = content.image({ os: 'linux', architecture: 'amd64' }, [layer('a', Buffer.from(name))])
    await registry.push(`team/${name}`, content, { v1: image })
    return `${registry.host}/team/${name}@${image.digest}`
  }
  const trust = (): string[] => ['--trusted-root', sigstore.trustedRootFile, '--key', at('k.pub')]

  async function evidence(image: string, what: string, more = trust()): Promise<EvidenceReport> {
    const ended = await sallyport(['evidence', image, '--plain-http', ...more], clock)
    const report = ended.json as unknown as EvidenceReport
    const said = report.pieces.map(
      ({ kind, predicateType, result, reason }) =>
        `${kind === 'signature' ? 'signature' : (predicateType ?? '?')} ${result}${reason === null ? '' : ` (${reason.code})`}`,
    )
    rows.push(`${what}: ${said.sort().join(', ')}`)
    return report
  }
  const resultsOf = ({ pieces }: EvidenceReport): string[] => pieces.map(({ result }) => result)

  describe.each([
    { how: 'keyless, as referrers', words: keyless, name: 'keyless' },
    { how: 'with a key and a log, as referrers', words: withKey, name: 'logged' },
    { how: 'with a key, in the tags of old', words: oldKey, name: 'old' },
  ])('$how', ({ how, words, name }) => {
    it('a signature, and attestations of three kinds, are proven', async () => {
      const image = await push(`all-${name}`)
      await sign(image, words())
      for (const { type } of predicates) await attest(image, words(), type)
      const report = await evidence(image, how)
      expect(resultsOf(report)).toEqual(['proven', 'proven', 'proven', 'proven'])
      expect(report.pieces.filter(({ kind }) => kind === 'signature')).toHaveLength(1)
      expect(report.pieces.map(({ predicateType }) => predicateType)).toEqual(
        expect.arrayContaining(predicates.map(({ uri }) => uri)),
      )
      expect(report.pieces.find(({ provenance }) => provenance !== null)?.provenance?.builder).toBe(
        build.workflow,
      )
      expect(report.pieces.flatMap(({ sbom }) => sbom?.format ?? [])).toHaveLength(2)
    })

    it('an attestation alone is no signature', async () => {
      const image = await push(`attested-${name}`)
      await attest(image, words(), 'slsaprovenance1')
      const report = await evidence(image, `${how}, only attested`)
      expect(report.pieces.map(({ kind, result }) => `${kind} ${result}`)).toEqual(['attestation proven'])
    })

    it('nobody known vouches for it on a desk without trust', async () => {
      const image = await push(`unknown-${name}`)
      await sign(image, words())
      const report = await evidence(image, `${how}, nobody known`, [])
      expect(resultsOf(report)).toEqual(['unknown'])
    })
  })

  it.each([
    { how: 'keyless, as referrers', words: keyless, name: 'keyless' },
    { how: 'with a key, in the tags of old', words: oldKey, name: 'old' },
  ])('$how, in a repository of signatures: found where that is named, and nowhere else', async (one) => {
    const image = await push(`beside-${one.name}`)
    const beside = `${registry.host}/sec/signatures-${one.name}`
    const words = ['sign', '--yes', ...one.words(), image, '--allow-http-registry']
    expect(await cosign(folder, words, false, { COSIGN_REPOSITORY: beside })).toMatchObject({ ok: true })
    expect(resultsOf(await evidence(image, `${one.how}, in a repository of their own, not named`))).toEqual(
      [],
    )
    const named = [...trust(), '--signatures', beside]
    const report = await evidence(image, `${one.how}, in a repository of their own`, named)
    expect(resultsOf(report)).toEqual(['proven'])
  })

  it('signed in the form of old without a log, keyless: refused, because nobody could have noticed a false one', async () => {
    const image = await push('old-keyless')
    const [fulcio, tsa] = [sigstore.services.fulcio[0]?.url ?? '', sigstore.services.tsa[0]?.url ?? '']
    const [, token = ''] = keyless()
    const how = [
      '--fulcio-url',
      fulcio,
      '--insecure-skip-verify',
      '--timestamp-server-url',
      tsa,
      '--identity-token',
      token,
    ]
    await sign(image, [...how, ...old])
    const report = await evidence(image, 'keyless, in the tags of old, without a log')
    expect(report.pieces.map(({ reason }) => reason?.code)).toEqual(['log.none'])
  })

  it('a registry without the referrers API keeps them under a tag, one with it needs none', async () => {
    const image = await push('tagged')
    await sign(image, keyless())
    const [, digest = ''] = image.split('@')
    const api = await fetch(`http://${registry.host}/v2/team/tagged/referrers/${digest}`)
    const tag = await fetch(`http://${registry.host}/v2/team/tagged/manifests/${digest.replace(':', '-')}`, {
      headers: { accept: types.index },
    })
    expect([api.status, tag.status]).toEqual([404, 200])
    const other = await new TestRegistry().open()
    try {
      const content = new Content()
      const made = content.image({ os: 'linux', architecture: 'amd64' }, [layer('a', Buffer.from('a'))])
      other.add('team/app', content, { v1: made })
      const listed = `${other.host}/team/app@${made.digest}`
      for (const { type } of predicates) await attest(listed, keyless(), type)
      await sign(listed, keyless())
      const report = await evidence(listed, 'keyless, in a registry with the referrers API')
      expect(resultsOf(report)).toEqual(['proven', 'proven', 'proven', 'proven'])
      expect(other.heard.some(({ path }) => path.includes('/referrers/'))).toBe(true)
    } finally {
      await other.close()
    }
  })

  it('an index, signed with all that it holds', async () => {
    const sample = sampleImage()
    await registry.push('team/index', sample.content, { v1: sample.root })
    const image = `${registry.host}/team/index@${sample.root.digest}`
    await sign(image, keyless(), '--recursive')
    const report = await evidence(image, 'keyless, an index with --recursive')
    expect(new Set(resultsOf(report))).toEqual(new Set(['proven']))
    const about = report.pieces.map(({ subject }) => subject)
    expect(about).toEqual(
      expect.arrayContaining([sample.root.digest, sample.amd64.digest, sample.arm64.digest]),
    )
  })

  describe('a whole crossing', () => {
    let crossing: Crossing
    beforeAll(async () => {
      crossing = await makeCrossing(clock)
    })
    afterAll(() => crossing.dispose())

    const pem = (): string => readFileSync(at('k.pub'), 'utf8')
    const identities = (): string =>
      [
        'identities:',
        `  - {name: alice, issuer: '${sigstore.issuer.name('email')}', identity: ${alice}}`,
        `  - name: key\n    fingerprint: ${readVerifierPem(pem()).fingerprint}\n    key: |\n      ${pem().trim().replaceAll('\n', '\n      ')}`,
      ].join('\n')
    let version = 1
    async function setPolicy(rules: string): Promise<void> {
      version += 1
      const file = join(crossing.folder, `policy-${version}.yaml`)
      writeFileSync(
        file,
        `sallyport: policy/v1\nversion: ${version}\n${identities()}\nitems:\n  - {kind: image, name: '**', ${rules}}\n`,
      )
      await done(['policy', 'set', file, '--desk', crossing.high], clock)
    }

    it('collect, write, verify by the rules of the high desk, accept', async () => {
      const root = readFileSync(sigstore.trustedRootFile)
      const fingerprint = createHash('sha256').update(root).digest('hex')
      const add = [
        'trust',
        'root',
        'add',
        sigstore.trustedRootFile,
        '--desk',
        crossing.high,
        '--name',
        'private',
      ]
      await done([...add, '--fingerprint', fingerprint], clock)
      const image = await push('crossing')
      await sign(image, keyless())
      for (const { type } of predicates) await attest(image, keyless(), type)
      const asks = (who: string): string =>
        `signedBy: {identities: [${who}], log: true, time: true}, provenance: [{builder: '${build.workflow}', signedBy: ${who}, source: '${build.repository}'}], sbom: {signedBy: [${who}]}`
      await setPolicy(asks('alice'))
      const id = await release(
        crossing,
        await writeRequest(crossing, [`{ image: "${image}", allow: [plain-http] }`]),
      )
      const medium = await writeTo(crossing, id, 'medium')
      const verify = ['verify', medium, '--desk', crossing.high]
      const verified = await sallyport(verify, clock)
      const rules = verified.json.checks
        .filter((one) => one.id.startsWith('policy.'))
        .map((one) => `${one.id} ${one.result}`)
      rows.push(`a whole crossing, keyless: ${rules.join(', ')}`)
      expect(verified.code).toBe(0)
      for (const check of ['signature', 'provenance', 'sbom']) expect(rules).toContain(`policy.${check} pass`)
      await setPolicy(asks('key'))
      expect((await sallyport(verify, clock)).code).toBe(4)
      await setPolicy(asks('alice'))
      const again = await sallyport(verify, clock)
      expect(again.code).toBe(0)
      await decideBoth(crossing, again.json.id, 'accept')
    })
  })
})
