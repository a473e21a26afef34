import { createPublicKey, verify } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { done, sallyport, type Ended, type Said } from './command-line.ts'
import { decideBoth, makeBundle, release, signing, writeRequest, writeTo, type Crossing } from './desks.ts'
import { eventsOf } from './forged-desk.ts'
import { highDesk } from './high-desk.ts'
import { sampleImage, sha256, types, type SampleImage } from './images.ts'
import type { TestRegistry } from './registry.ts'

/** The policy of a high desk that may push to a registry on this computer. */
export async function allowRegistry(
  crossing: Crossing,
  host: string,
  version = 2,
  more = '',
  signs: readonly string[] = [],
): Promise<Said> {
  const path = join(crossing.folder, `policy-${version}.yaml`)
  const text = `sallyport: policy/v1\nversion: ${version}\nexportRegistries:\n  - host: "${host}"\n    allow: [plain-http]\n${more}`
  await writeFile(path, text)
  return done(['policy', 'set', path, '--desk', crossing.high, ...signs], crossing.clock)
}

/** An image with two platforms that crossed and was accepted; gives the consignment at the high desk. */
export async function acceptedImage(
  crossing: Crossing,
  name = 'app',
  sample: SampleImage = sampleImage(20_000, name),
): Promise<{ readonly id: string; readonly sample: SampleImage }> {
  const id = await highDesk(() => crossing).accepted(await carriedImage(crossing, name, sample))
  return { id, sample }
}

/** The same on a medium that nobody has read yet; gives its folder. */
export async function carriedImage(
  crossing: Crossing,
  name = 'app',
  sample: SampleImage = sampleImage(20_000, name),
): Promise<string> {
  await sample.content.writeLayout(join(crossing.folder, 'request', name), [
    { named: sample.root, tag: '1.0' },
  ])
  const request = await writeRequest(crossing, [`image: oci:./${name}:1.0`], { name: `carry-${name}` })
  return writeTo(crossing, await release(crossing, request), `medium-${name}`)
}

/** Files that hold the cause of a rejection, accepted by an exception of two people; gives the consignment. */
export async function acceptedAnyway(
  crossing: Crossing,
  name: string,
  files: Readonly<Record<string, string>>,
): Promise<string> {
  const { high, clock } = crossing
  const { folder } = await makeBundle(crossing, name, files)
  const { id } = (await highDesk(() => crossing).verify(folder)).said
  const until = new Date(clock.now().getTime() + 86_400_000).toISOString().replace(/\.\d+/, '')
  const why = ['--check', 'cause.rejected', '--reason', 'Agreed', '--until', until]
  for (const person of ['dave', 'erin'] as const)
    await done(['override', id, ...why, '--desk', high, ...signing(crossing, person)], clock)
  await highDesk(() => crossing).verify(folder)
  await decideBoth(crossing, id, 'accept')
  return id
}

/** Makes a landing key on a desk that is founding; gives its public half as a file. */
export async function landingKey(crossing: Crossing, name = 'landing.pub'): Promise<string> {
  const out = join(crossing.folder, name)
  await done(['landing', 'key', 'create', '--desk', crossing.high], crossing.clock)
  await done(['landing', 'key', 'show', '--desk', crossing.high, '--out', out], crossing.clock)
  return out
}

/** Exports to a registry. */
export const exportTo = (
  crossing: Crossing,
  id: string,
  target: string,
  more: string[] = [],
): Promise<Said> =>
  done(['export', id, '--desk', crossing.high, '--to', `registry:${target}`, ...more], crossing.clock)

/** The same, whatever comes of it. */
export const tryExport = (
  crossing: Crossing,
  id: string,
  target: string,
  more: string[] = [],
): Promise<Ended> =>
  sallyport(['export', id, '--desk', crossing.high, '--to', `registry:${target}`, ...more], crossing.clock)

/** Seals what landed at a registry, whatever comes of it. */
export const trySeal = (
  crossing: Crossing,
  id: string,
  target: string,
  more: string[] = [],
): Promise<Ended> =>
  sallyport(['landing', 'seal', id, '--desk', crossing.high, '--target', target, ...more], crossing.clock)

/** The types of what a desk recorded, and how often each was. */
export async function recordedOf(desk: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { type } of await eventsOf(desk)) counts[type] = (counts[type] ?? 0) + 1
  return counts
}

/** Everything that lies in a repository of a registry in memory, by name: to see that nothing came or went. */
export function contentOf(registry: TestRegistry, name: string): Record<string, string> {
  const { blobs, manifests } = registry.repository(name)
  return Object.fromEntries([
    ...[...blobs].map(([key, bytes]) => [`blob ${key}`, sha256(bytes)]),
    ...[...manifests].map(([key, { bytes }]) => [key, sha256(bytes)]),
  ]) as Record<string, string>
}

interface Layer {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
  readonly annotations?: Readonly<Record<string, string>>
}

/** A manifest, as far as tests of seals look at it. */
export interface ReadBack {
  readonly mediaType: string
  readonly artifactType?: string
  readonly config: Layer
  readonly layers: readonly Layer[]
  readonly subject?: { readonly mediaType: string; readonly digest: string; readonly size: number }
  readonly annotations?: Readonly<Record<string, string>>
  readonly manifests?: readonly {
    readonly digest: string
    readonly artifactType?: string
    readonly annotations?: Readonly<Record<string, string>>
  }[]
}

/** A manifest in a registry in memory; `null` where there is none. */
export function manifestAt(registry: TestRegistry, name: string, reference: string): ReadBack | null {
  const found = registry.repository(name).manifests.get(reference)
  return found === undefined ? null : (JSON.parse(found.bytes.toString()) as ReadBack)
}

/** What refers to a manifest in a registry in memory, whatever lists it. */
export function referrersAt(registry: TestRegistry, name: string, subject: string): ReadBack[] {
  const { manifests } = registry.repository(name)
  return [...manifests]
    .filter(([key]) => key.includes(':'))
    .map(([, { bytes }]) => JSON.parse(bytes.toString()) as ReadBack)
    .filter((one) => one.subject?.digest === subject)
}

/** A blob of a registry in memory as JSON. */
export function blobAt(registry: TestRegistry, name: string, digest: string): unknown {
  return JSON.parse(registry.repository(name).blobs.get(digest)?.toString() ?? 'null')
}

export interface Statement {
  readonly _type: string
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[]
  readonly predicateType: string
  readonly predicate: Readonly<Record<string, unknown>>
}

interface Envelope {
  readonly payload: string
  readonly payloadType: string
  readonly signatures: readonly { readonly sig: string; readonly keyid?: string }[]
}

/** The signed bytes of an envelope (DSSE v1, “PAE”), written down here again. */
function encoded({ payload, payloadType }: Envelope): Buffer {
  const body = Buffer.from(payload, 'base64')
  return Buffer.concat([Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${body.length} `), body])
}

/** Whether one signature of an envelope is by this key, as any library of a cluster would see it. */
export function envelopeBy(envelope: Envelope, pem: string): boolean {
  const key = createPublicKey(pem)
  const hash = key.asymmetricKeyType === 'ed25519' ? null : 'sha256'
  return envelope.signatures.some(({ sig }) =>
    verify(hash, encoded(envelope), key, Buffer.from(sig, 'base64')),
  )
}

/** The same over bytes as they are. */
export const bytesBy = (bytes: Buffer, signature: string, pem: string): boolean =>
  verify(
    createPublicKey(pem).asymmetricKeyType === 'ed25519' ? null : 'sha256',
    bytes,
    createPublicKey(pem),
    Buffer.from(signature, 'base64'),
  )

export const statementIn = (envelope: Envelope): Statement =>
  JSON.parse(Buffer.from(envelope.payload, 'base64').toString()) as Statement

/** The bundles that refer to a manifest: by predicate, each with its envelope and its manifest. */
export function bundlesAt(registry: TestRegistry, name: string, subject: string) {
  return referrersAt(registry, name, subject).map((manifest) => {
    const bundle = blobAt(registry, name, manifest.layers[0]?.digest ?? '') as {
      readonly mediaType: string
      readonly dsseEnvelope: Envelope
      readonly verificationMaterial: unknown
    }
    return { manifest, bundle, envelope: bundle.dsseEnvelope, statement: statementIn(bundle.dsseEnvelope) }
  })
}

/** The tag that stands for a digest. */
export const tagOf = (digest: string): string => digest.replace(':', '-')

/** Puts something that a registry holds by a name, as somebody else would. */
export function putAt(registry: TestRegistry, name: string, reference: string, body: object): string {
  const bytes = Buffer.from(JSON.stringify(body))
  const entry = { bytes, mediaType: types.manifest }
  const { manifests } = registry.repository(name)
  manifests.set(reference, entry)
  manifests.set(sha256(bytes), entry)
  return sha256(bytes)
}
