import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readTrustedRoot } from '../../main/sigstore/trusted-root.ts'
import { bytesArtifact } from '../../main/sigstore/artifact.ts'
import { readVerifierPem } from '../../main/sigstore/verifier-key.ts'
import { verifyBundle, type Ask } from '../../main/sigstore/verify-bundle.ts'
import { sallyport, testClock, type Ended } from '../support/command-line.ts'
import { cosign, cosignPassphrase, tokenFile } from '../support/sigstore/cosign.ts'
import { trustedRoot, type SigningConfigPlan } from '../support/sigstore/documents.ts'
import { workflowClaims, workflowIdentity } from '../support/sigstore/fulcio-config.ts'
import { startPrivateSigstore, type PrivateSigstore } from '../support/sigstore/private-sigstore.ts'
import { missingPrograms } from '../support/go-programs.ts'

const missing = missingPrograms()
if (missing !== null) console.log(`Not run: interop with the servers of Sigstore, because ${missing}.`)

const clock = testClock(new Date().toISOString())
const predicate = 'https://example.test/checked/v1'
const rows: string[] = []

// Side by side: a case waits most of its time for the logs, and has files of its own.
describe.skipIf(missing !== null)('signatures between Sallyport and cosign', { concurrent: true }, () => {
  let sigstore: PrivateSigstore
  let folder = ''
  const at = (name: string): string => join(folder, name)
  beforeAll(async () => {
    sigstore = await startPrivateSigstore()
    folder = sigstore.folder
    writeFileSync(at('passphrase'), `${cosignPassphrase}\n`)
  }, 900_000)
  afterAll(async () => {
    console.log(['Signed by, with, what: taken by the other', ...rows].join('\n'))
    await sigstore.close()
  })

  /** A new file, or a statement about it, of its own: no log holds one signature twice. */
  const write = (name: string, statement: boolean): string => {
    const file = at(name)
    writeFileSync(file, `content of ${name}\n`)
    if (!statement) return file
    const digest = createHash('sha256').update(readFileSync(file)).digest('hex')
    const subject = [{ name, digest: { sha256: digest } }]
    const body = {
      _type: 'https://in-toto.io/Statement/v1',
      subject,
      predicateType: predicate,
      predicate: { ok: true },
    }
    writeFileSync(`${file}.json`, JSON.stringify(body))
    return `${file}.json`
  }
  const keyless = (config: SigningConfigPlan, path: string, claims: object): string[] => {
    const token = tokenFile(folder, sigstore.issuer.mint(path, { ...claims }))
    return ['--identity-token', token, '--signing-config', sigstore.signingConfigFile(config)]
  }
  const trust = (): string[] => ['--trusted-root', sigstore.trustedRootFile]
  const expectDone = (ended: Ended): void => {
    expect({ code: ended.code, out: ended.code === 0 ? '' : ended.stdout }).toEqual({ code: 0, out: '' })
  }
  const identity = (name: string, path: string): string[] => [
    '--certificate-identity',
    name,
    '--certificate-oidc-issuer',
    sigstore.issuer.name(path),
  ]
  const ourKeys = new Map<string, Promise<string>>()
  const makeOurs = async (algorithm: string): Promise<string> => {
    const path = at(`${algorithm}.key`)
    const words = ['key', 'create', path, '--algorithm', algorithm, '--form', 'cosign']
    expectDone(await sallyport([...words, '--passphrase-file', at('passphrase')], clock))
    return path
  }
  /** The one key of ours of an algorithm, for all cases: whoever comes first makes it. */
  const ourKey = (algorithm: string): Promise<string> => {
    const key = ourKeys.get(algorithm) ?? makeOurs(algorithm)
    ourKeys.set(algorithm, key)
    return key
  }
  const people = [
    { who: 'email', path: 'email', claims: { email: 'alice@priv.test' }, name: 'alice@priv.test' },
    { who: 'workflow', path: 'github', claims: workflowClaims, name: workflowIdentity },
    {
      who: 'SPIFFE',
      path: 'spiffe',
      claims: { sub: 'spiffe://priv.test/builder' },
      name: 'spiffe://priv.test/builder',
    },
  ]

  describe.each(people)('keyless: $who', ({ who, path, claims, name }) => {
    it.each([false, true])('cosign takes what we sign, offline (statement: %s)', async (statement) => {
      const file = write(`ours-${path}-${statement}`, statement)
      const both = { logSelector: { selector: 'ALL' } }
      const form = statement ? ['--in-toto'] : []
      expectDone(
        await sallyport(['sign-file', file, ...form, ...keyless(both, path, claims), ...trust()], clock),
      )
      const subject = statement ? file.slice(0, -'.json'.length) : file
      const verify = statement ? ['verify-blob-attestation', '--type', predicate] : ['verify-blob']
      const words = [...verify, ...trust(), '--bundle', `${file}.sigstore.json`, ...identity(name, path)]
      const taken = await cosign(folder, [...words, subject], true)
      expect(taken).toMatchObject({ ok: true })
      writeFileSync(at('other'), 'other')
      expect(await cosign(folder, [...words, at('other')], true)).toMatchObject({ ok: false })
      rows.push(`Sallyport, ${who}, ${statement ? 'statement' : 'file'}, two logs: yes`)
    })

    it.each([false, true])('we take what cosign signs (statement: %s)', async (statement) => {
      const file = write(`theirs-${path}-${statement}`, false)
      writeFileSync(at('predicate.json'), '{"ok":true}')
      const sign = statement
        ? ['attest-blob', '--type', predicate, '--predicate', at('predicate.json')]
        : ['sign-blob']
      const out = ['--bundle', `${file}.b.json`]
      const made = await cosign(folder, [
        ...sign,
        '--yes',
        ...keyless({}, path, claims),
        ...trust(),
        ...out,
        file,
      ])
      expect(made).toMatchObject({ ok: true })
      const ask: Ask = {
        roots: [readTrustedRoot(readFileSync(sigstore.trustedRootFile))],
        key: null,
        identity: { san: name, issuer: sigstore.issuer.name(path) },
        logs: 1,
        times: 1,
        scts: 1,
        ...(statement ? { predicateType: predicate } : {}),
      }
      const bundle = readFileSync(`${file}.b.json`)
      expect(await verifyBundle(bundle, bytesArtifact(readFileSync(file)), ask)).toMatchObject({ ok: true })
      const other = await verifyBundle(bundle, bytesArtifact(Buffer.from('other')), ask)
      expect(other).toMatchObject({ ok: false })
      rows.push(`cosign, ${who}, ${statement ? 'statement' : 'file'}: yes`)
    })
  })

  it('the official client protocol: sign-bundle', async () => {
    const file = write('protocol', false)
    const token = sigstore.issuer.mint('email', { email: 'alice@priv.test' })
    const config = ['--signing-config', sigstore.signingConfigFile()]
    const out = ['--bundle', at('protocol.b.json')]
    const words = ['sign-bundle', '--identity-token', token, ...out, ...trust(), ...config, file]
    expectDone(await sallyport(words, clock))
    const verify = ['verify-blob', ...trust(), ...out, ...identity('alice@priv.test', 'email'), file]
    expect(await cosign(folder, verify, true)).toMatchObject({ ok: true })
    expect(
      (
        await sallyport(
          words.filter((word) => word !== config[0] && word !== config[1]),
          clock,
        )
      ).code,
    ).toBe(1)
  })

  it('an authority without a certificate log: refused where the root asks for one, else signed', async () => {
    const bare = { fulcio: sigstore.services.fulcio.filter(({ operator }) => operator === 'bare.test') }
    const file = write('bare', false)
    const how = keyless(bare, 'email', { email: 'alice@priv.test' })
    const refused = await sallyport(['sign-file', file, ...how, ...trust()], clock)
    expect(refused.json.failure.code).toBe('signature-unproven')
    writeFileSync(at('bare-root.json'), JSON.stringify(trustedRoot({ ...sigstore.root, ctLogs: [] })))
    expectDone(await sallyport(['sign-file', file, ...how, '--trusted-root', at('bare-root.json')], clock))
  })

  // cosign v3.1.3 hashes SHA-256 for larger curves, and does not verify the Ed25519ph that logs take.
  const keys = [
    { algorithm: 'p256', taken: { alone: true, logged: true, stated: true } },
    { algorithm: 'p384', taken: { alone: false, logged: false, stated: false } },
    { algorithm: 'p521', taken: { alone: false, logged: false, stated: false } },
    { algorithm: 'rsa3072', taken: { alone: true, logged: true, stated: true } },
    { algorithm: 'ed25519', taken: { alone: true, logged: false, stated: false } },
  ] as const

  describe.each(keys)('key: $algorithm', ({ algorithm, taken }) => {
    const verifyOurs = async (file: string, subject: string, more: string[]): Promise<boolean> => {
      const statement = file !== subject
      const verify = statement ? ['verify-blob-attestation', '--type', predicate] : ['verify-blob']
      const key = ['--key', at(`${algorithm}.key.pub`), '--bundle', `${file}.sigstore.json`]
      return (await cosign(folder, [...verify, ...key, ...more, subject], true)).ok
    }

    it('alone, without a log: bundle and bare signature', async () => {
      const key = await ourKey(algorithm)
      const file = write(`bare-${algorithm}`, false)
      const secret = ['--key', key, '--passphrase-file', at('passphrase')]
      expectDone(await sallyport(['sign-file', file, ...secret, '--sig-bin'], clock))
      const open = ['--key', `${key}.pub`]
      expectDone(await sallyport(['verify-file', file, ...open], clock))
      expectDone(await sallyport(['verify-file', file, ...open, '--signature', `${file}.sig.bin`], clock))
      const ok = await verifyOurs(file, file, ['--insecure-ignore-tlog'])
      rows.push(`Sallyport, ${algorithm} key alone, file: ${ok ? 'yes' : 'no'}`)
      expect(ok).toBe(taken.alone)
    })

    it('with a log and a timestamp', async () => {
      const key = await ourKey(algorithm)
      const file = write(`logged-${algorithm}`, false)
      const secret = ['--key', key, '--passphrase-file', at('passphrase')]
      const services = ['--signing-config', sigstore.signingConfigFile(), ...trust()]
      expectDone(await sallyport(['sign-file', file, ...secret, ...services], clock))
      expectDone(await sallyport(['verify-file', file, '--key', `${key}.pub`], clock))
      const ok = await verifyOurs(file, file, trust())
      rows.push(`Sallyport, ${algorithm} key, log, file: ${ok ? 'yes' : 'no'}`)
      expect(ok).toBe(taken.logged)
      const again = await sallyport(
        ['sign-file', write(`logged-${algorithm}`, false), ...secret, ...services],
        clock,
      )
      expect(again.json.failure.code).toBe('file-exists')
    })

    it('a statement, with a log', async () => {
      const key = await ourKey(algorithm)
      const file = write(`stated-${algorithm}`, true)
      const secret = ['--key', key, '--passphrase-file', at('passphrase')]
      const services = ['--signing-config', sigstore.signingConfigFile(), ...trust()]
      const ended = await sallyport(['sign-file', file, '--in-toto', ...secret, ...services], clock)
      if (algorithm === 'ed25519') {
        expect(ended.json.failure.code).toBe('key-not-for-log')
        return
      }
      expectDone(ended)
      const ok = await verifyOurs(file, file.slice(0, -'.json'.length), trust())
      rows.push(`Sallyport, ${algorithm} key, log, statement: ${ok ? 'yes' : 'no'}`)
      expect(ok).toBe(taken.stated)
    })

    it('a key file of ours signs in cosign, and we take it', async () => {
      const key = await ourKey(algorithm)
      const file = write(`cosigned-${algorithm}`, false)
      const services = ['--signing-config', sigstore.signingConfigFile()]
      const out = ['--bundle', `${file}.sigstore.json`]
      const made = await cosign(folder, ['sign-blob', '--yes', '--key', key, ...services, ...out, file])
      expect(made).toMatchObject({ ok: true })
      const ended = await sallyport(['verify-file', file, '--key', `${key}.pub`], clock)
      rows.push(`cosign, ${algorithm} key file of ours, log, file: ${ended.code === 0 ? 'yes' : 'no'}`)
      expectDone(ended)
    })
  })

  it('a key pair of cosign signs here, and cosign takes it', async () => {
    await cosign(folder, ['generate-key-pair', '--output-key-prefix', 'theirs'])
    const file = write('theirs-key', false)
    const secret = ['--key', at('theirs.key'), '--passphrase-file', at('passphrase')]
    expectDone(await sallyport(['sign-file', file, ...secret, '--sig-bin'], clock))
    const bundle = ['--bundle', `${file}.sigstore.json`, '--insecure-ignore-tlog']
    const taken = await cosign(folder, ['verify-blob', '--key', at('theirs.pub'), ...bundle, file], true)
    expect(taken).toMatchObject({ ok: true })
    expect(readVerifierPem(readFileSync(at('theirs.pub'), 'utf8')).kind).toBe('p256')
    rows.push('Sallyport, key file of cosign, file: yes')
  })

  it('a log that has a signature already gives no proof of it: said, and nothing is written', async () => {
    const key = await ourKey('rsa3072')
    const [file, second] = [write('twice', false), at('twice-again')]
    writeFileSync(second, readFileSync(file))
    const secret = ['--key', key, '--passphrase-file', at('passphrase')]
    const services = ['--signing-config', sigstore.signingConfigFile(), ...trust()]
    expectDone(await sallyport(['sign-file', file, ...secret, ...services], clock))
    const ended = await sallyport(['sign-file', second, ...secret, ...services], clock)
    expect(ended.json.failure.code).toBe('log-entry-exists')
  })
})
