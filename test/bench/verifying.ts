import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleForSecond, secondOpinion } from '../../main/sigstore/second/opinion.ts'
import { makeBundle, verified, type BundlePlan } from '../support/authority/bundle.ts'
import { world } from '../support/authority/world.ts'
import { line, measure, median, must } from './measure.ts'

const rounds = 5
const each = 200
const gib = 1024 ** 3

/** Verifications in a second of one core's work, whatever else the machine does. */
async function rateOf(plan: BundlePlan, second = false): Promise<number> {
  const made = makeBundle(plan)
  const bytes = Buffer.from(JSON.stringify(made.json))
  const rates: number[] = []
  for (let round = 0; round <= rounds; round++) {
    const before = process.cpuUsage()
    for (let n = 0; n < each; n++) {
      const verdict = await verified(made, {}, bytes)
      if (!verdict.ok) throw new Error(verdict.reason.code)
      if (!second) continue
      const { artifact, ask } = made
      const asked = { json: bundleForSecond(bytes), artifact, roots: ask.roots, proven: verdict.proven, ask }
      if ((await secondOpinion(asked)).answer !== 'agrees')
        throw new Error('the second verifier does not agree')
    }
    const { user, system } = process.cpuUsage(before)
    // The first round warms up.
    if (round > 0) rates.push(each / ((user + system) / 1e6))
  }
  return median(rates)
}

const plans: readonly (readonly [name: string, plan: BundlePlan])[] = [
  ['keyless, log, timestamp', {}],
  ['keyless, two logs, attestation', { content: 'envelope', logs: [world.two, world.three] }],
  ['keyless, Rekor v1', { form: '0.1', logs: [world.one], stamps: [] }],
  ['P-256 key, log, timestamp', { signer: 'key' }],
  ['RSA 3072 key, log, timestamp', { signer: 'key', kind: 'rsa3072' }],
]

async function largeBlob(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-verifying-'))
  const at = (name: string): string => join(folder, name)
  try {
    writeFileSync(at('blob'), '')
    truncateSync(at('blob'), 4 * gib)
    writeFileSync(at('small'), 'small')
    writeFileSync(at('passphrase'), 'correct horse battery staple\n')
    const secret = ['--passphrase-file', at('passphrase')]
    await must(0, 'key', 'create', at('k.key'), '--algorithm', 'p256', ...secret)
    const peaks: number[] = []
    let seconds = 0
    for (const name of ['small', 'blob']) {
      await must(0, 'sign-file', at(name), '--key', at('k.key'), ...secret)
      const bundle = ['--bundle', at(`${name}.sigstore.json`), '--key', at('k.key.pub'), '--logs', '0']
      const done = await must(0, 'verify-bundle', ...bundle, at(name))
      peaks.push(done.peak)
      seconds = done.seconds
    }
    const openssl = await measure('openssl', ['dgst', '-sha256', at('blob')])
    const [small = 0, large = 0] = peaks
    line(
      'verify-bundle, file of 4 GiB',
      `${large.toFixed(0)} MB at most (a file of 5 bytes: ${small.toFixed(0)} MB)`,
    )
    line('', `${seconds.toFixed(2)} s, ${(openssl.seconds / seconds).toFixed(2)} × openssl dgst -sha256`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** How many bundles are verified in a second, and how much memory the bundle of a large file takes. */
export async function verifyingBench(): Promise<void> {
  for (const [name, plan] of plans) {
    line(`verify: ${name}`, `${(await rateOf(plan)).toFixed(0)} a second of one core`)
    if (plan.signer === 'key') continue
    line('', `${(await rateOf(plan, true)).toFixed(0)} a second with a second opinion`)
  }
  await largeBlob()
}
