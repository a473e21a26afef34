import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chainPem, makeAuthority, makeTimestampLeaf, type TestAuthority } from '../pki/certificate.ts'
import { makeKey, pem, type TestKey } from '../pki/key.ts'
import { startCtLog } from './ct-log.ts'
import { signingConfig, trustedRoot, type SigningConfigPlan, type TrustedRootPlan } from './documents.ts'
import { fulcioConfig } from './fulcio-config.ts'
import { startIssuer, type Issuer } from './issuer.ts'
import { buildPrograms, programPath } from '../go-programs.ts'
import { freePorts, startProgram, type Running } from './server.ts'

/** Everything to sign keyless with, on this computer. */
export interface PrivateSigstore extends Running {
  readonly folder: string
  readonly issuer: Issuer
  /** What its trusted root is made from; tests change it to see it noticed. */
  readonly root: TrustedRootPlan
  readonly services: Required<Pick<SigningConfigPlan, 'fulcio' | 'issuers' | 'rekor' | 'tsa'>>
  /** The trusted root of all of it, as a file. */
  readonly trustedRootFile: string
  /** Writes a signing configuration of these services, changed as asked, and gives its path. */
  signingConfigFile(change?: SigningConfigPlan): string
}

const key = (one: TestKey): string => {
  return pem('PRIVATE KEY', one.privateKey.export({ type: 'pkcs8', format: 'der' }))
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { mode: 0o600 })
}

async function startFulcio(
  folder: string,
  name: string,
  ct: string,
): Promise<Running & { readonly url: string }> {
  const [http = 0, grpc = 0, metrics = 0] = await freePorts(3)
  const url = `http://127.0.0.1:${http}`
  const words = `serve --host 127.0.0.1 --port ${http} --grpc-host 127.0.0.1 --grpc-port ${grpc} --metrics-port ${metrics} --legacy-unix-domain-socket ${join(folder, `${name}.sock`)} --config-path fulcio.yaml --ca fileca --fileca-cert fulcio.chain.pem --fileca-key fulcio.key --fileca-watch=false`
  const more = ['--fileca-key-passwd', '', '--ct-log-url', ct]
  const known = ct === '' ? [] : ['--ct-log-public-key-path', 'ct.pub']
  const running = await startProgram(
    programPath('fulcio'),
    [...words.split(' '), ...more, ...known],
    `${url}/healthz`,
    folder,
  )
  return { ...running, url }
}

async function startTsa(folder: string): Promise<Running & { readonly url: string }> {
  const [http = 0] = await freePorts(1)
  const words = `serve --host 127.0.0.1 --port ${http} --timestamp-signer file --file-signer-key-path tsa.key --certificate-chain-path tsa.chain.pem --disable-ntp-monitoring`
  const origin = `http://127.0.0.1:${http}`
  const all = [...words.split(' '), '--file-signer-passwd', '']
  const running = await startProgram(programPath('timestamp-server'), all, `${origin}/ping`, folder)
  return { ...running, url: `${origin}/api/v1/timestamp` }
}

async function startRekor(
  folder: string,
  name: string,
  host: string,
): Promise<Running & { readonly url: string }> {
  const [http = 0, grpc = 0, metrics = 0] = await freePorts(3)
  const words = `serve --hostname ${host} --http-address 127.0.0.1 --http-port ${http} --grpc-address 127.0.0.1 --grpc-port ${grpc} --http-metrics-port ${metrics} --storage-dir ${join(folder, name)} --signer-filepath ${name}.key --checkpoint-interval 100ms --batch-max-age 50ms`
  const running = await startProgram(
    programPath('rekor-server-posix'),
    words.split(' '),
    `http://127.0.0.1:${http}/healthz`,
    folder,
  )
  return { ...running, url: `http://${host}:${http}` }
}

interface Keys {
  readonly fulcio: TestAuthority
  readonly tsa: TestAuthority
  readonly rekor: TestKey
  readonly rekorSecond: TestKey
}

function makeKeys(folder: string): Keys {
  const root = makeAuthority({ name: 'fulcio root', pathLength: 1 })
  const fulcio = makeAuthority({ name: 'fulcio', parent: root, pathLength: 0, purposes: ['codeSigning'] })
  const tsaRoot = makeAuthority({ name: 'tsa root' })
  const tsaMiddle = makeAuthority({ name: 'tsa intermediate', parent: tsaRoot, purposes: ['timeStamping'] })
  const tsa = makeTimestampLeaf(tsaMiddle)
  const rekor = makeKey('ed25519')
  const rekorSecond = makeKey('p256')
  write(folder, {
    'fulcio.chain.pem': chainPem(fulcio.chain),
    'fulcio.key': key(fulcio.key),
    'tsa.chain.pem': chainPem(tsa.chain),
    'tsa.key': key(tsa.key),
    'rekor.key': key(rekor),
    'rekor2.key': key(rekorSecond),
  })
  return { fulcio, tsa, rekor, rekorSecond }
}

/** Starts issuer, certificate transparency log, Fulcio with and without it, a timestamp authority and two logs. */
export async function startPrivateSigstore(): Promise<PrivateSigstore> {
  buildPrograms()
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-sigstore-'))
  const running: Running[] = []
  const close = async (): Promise<void> => {
    await Promise.all(running.map((one) => one.close()))
    rmSync(folder, { recursive: true, force: true })
  }
  const keep = <One extends Running>(one: One): One => {
    running.push(one)
    return one
  }
  try {
    const keys = makeKeys(folder)
    const issuer = keep(await startIssuer())
    const ct = keep(await startCtLog())
    write(folder, {
      'ct.pub': pem('PUBLIC KEY', ct.key.spki),
      'fulcio.yaml': fulcioConfig((path) => issuer.name(path)),
    })
    const [fulcio, bare, tsa, rekor, second] = await Promise.all([
      startFulcio(folder, 'fulcio', ct.origin).then(keep),
      startFulcio(folder, 'fulcio-bare', '').then(keep),
      startTsa(folder).then(keep),
      startRekor(folder, 'rekor', '127.0.0.1').then(keep),
      startRekor(folder, 'rekor2', 'localhost').then(keep),
    ])
    const root: TrustedRootPlan = {
      logs: [
        { url: rekor.url, key: keys.rekor, origin: '127.0.0.1' },
        { url: second.url, key: keys.rekorSecond, origin: 'localhost' },
      ],
      ctLogs: [{ url: ct.origin, key: ct.key }],
      authorities: [{ url: fulcio.url, chain: keys.fulcio.chain }],
      timestampAuthorities: [{ url: tsa.url, chain: keys.tsa.chain }],
    }
    const services = {
      fulcio: [{ url: fulcio.url }, { url: bare.url, operator: 'bare.test', start: '2019-01-01T00:00:00Z' }],
      issuers: [{ url: issuer.name('email') }],
      rekor: [
        { url: rekor.url, version: 2 },
        { url: second.url, version: 2, operator: 'second.test', start: '2019-01-01T00:00:00Z' },
      ],
      tsa: [{ url: tsa.url }],
    }
    const trustedRootFile = join(folder, 'trusted_root.json')
    writeFileSync(trustedRootFile, JSON.stringify(trustedRoot(root)))
    let configs = 0
    const signingConfigFile = (change: SigningConfigPlan = {}): string => {
      const path = join(folder, `signing_config-${(configs += 1)}.json`)
      writeFileSync(path, JSON.stringify(signingConfig({ ...services, ...change })))
      return path
    }
    return { folder, issuer, root, services, trustedRootFile, signingConfigFile, close }
  } catch (error) {
    await close()
    throw error
  }
}
