import { chmod, mkdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { kitEngines, registryTarget } from '../../../shared/landing.ts'
import { sumsBytes } from '../../bundle/medium.ts'
import { fillTarget } from '../../export/target.ts'
import { engines as known } from '../../landing/kit/engines.ts'
import type { KitFile } from '../../landing/kit/kit-facts.ts'
import { makeKit } from '../../landing/kit/kit.ts'
import { flushFolder, writeRecord } from '../../platform/files.ts'
import { digestOf, sha256Hex } from '../../platform/hash.ts'
import { noServices } from '../../sign/keyless/signing-config.ts'
import { signBundle } from '../../sign/sign-bundle.ts'
import type { Signer } from '../../sign/signer.ts'
import { openLandingKey } from '../disk/landing-keys.ts'
import { checkOutside } from '../disk/outside.ts'
import { acceptedHere, checkStanding } from '../judging/standing.ts'
import { writable, type Context } from '../work/context.ts'
import { kitFacts } from '../work/kit-facts.ts'

const sumsFile = 'SHA256SUMS'

async function writeKit(
  folder: string,
  files: readonly KitFile[],
  sums: Buffer,
  signer: Signer,
): Promise<void> {
  const places = new Set<string>()
  for (const { path } of files) for (let at = dirname(path); at !== '.'; at = dirname(at)) places.add(at)
  for (const place of [...places].sort()) await mkdir(join(folder, place))
  for (const { path, bytes, executable } of files) {
    await writeRecord(join(folder, path), bytes, 0o644)
    if (executable === true) await chmod(join(folder, path), 0o755)
  }
  await writeRecord(join(folder, sumsFile), sums, 0o644)
  const { bundle, signature } = await signBundle({
    content: { kind: 'file', path: join(folder, sumsFile) },
    by: { kind: 'key', signer },
    ...{ services: noServices, gate: null, roots: [] },
  })
  await writeRecord(join(folder, `${sumsFile}.sig.bin`), signature, 0o644)
  await writeRecord(join(folder, `${sumsFile}.sigstore.json`), bundle, 0o644)
  for (const place of [...places, '.']) await flushFolder(join(folder, place))
}

/** `kit.make`: of what was accepted and exported there, and still stands. */
export async function make(context: Context, input: CallInput<'kit.make'>): Promise<CallOutput<'kit.make'>> {
  const desk = writable(context)
  desk.need('high')
  const { one, verdict } = await acceptedHere(desk, input.id)
  await checkStanding(desk, one, verdict, false)
  const facts = await kitFacts(desk, one, input.target, input.trust)
  const signer = await openLandingKey(desk, input.passphrase)
  const folder = context.places.path(input.place, 'landing')
  await checkOutside(desk, folder)
  const names =
    input.engines.length === 0 ? kitEngines : kitEngines.filter((name) => input.engines.includes(name))
  const files = [...makeKit(facts, names), { path: 'landing.pub', bytes: Buffer.from(facts.gate.pem) }]
  const sums = sumsBytes(files.map(({ path, bytes }) => ({ name: path, sha256: sha256Hex(bytes) })))
  const target = registryTarget(input.target)
  const kit = digestOf(sums)
  const key = signer.key.fingerprint
  const about = { consignment: one.id, waybill: one.waybill, target }
  await desk.record(
    'landing.kit',
    { ...about, engines: [...names], trust: input.trust, kit, key },
    { subjects: [one.waybill, kit] },
  )
  await fillTarget(folder, (place) => writeKit(place, files, sums, signer))
  return {
    engines: [...names],
    files: files.length + 3,
    notExpressed: names.map((engine) => ({ engine, rules: known[engine](facts).notExpressed.length })),
    keys: facts.trust.kind === 'landing' ? facts.trust.keys.map(({ fingerprint }) => fingerprint) : [],
    folder: basename(folder),
  }
}
