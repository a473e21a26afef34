import { writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { signatureType } from '../../main/evidence/judge.ts'
import { makeBundle, statement, type BundlePlan } from './authority/bundle.ts'
import { worldRoot } from './authority/world.ts'
import { done, sallyport, type Ended } from './command-line.ts'
import { release, writeRequest, writeTo, type Crossing } from './desks.ts'
import type { Content } from './images.ts'
import { sampleImage, types, type Named } from './images.ts'

/* Images with evidence by the made-up authority of these tests: nothing beside the repository is needed. */

const bundleType = 'application/vnd.dev.sigstore.bundle.v0.3+json'

/** Evidence, and the manifest that it lies beside: the image itself unless another is given. */
export interface EvidencePlan extends BundlePlan {
  readonly beside?: Named
}

/** A statement about a manifest: a signature unless another predicate is given. */
export function about(
  subject: Named,
  predicateType = signatureType,
  predicate: object = {},
): Pick<BundlePlan, 'content' | 'payload'> {
  const sha256 = subject.digest.slice('sha256:'.length)
  const payload = statement({ subject: [{ name: 'image', digest: { sha256 } }], predicateType, predicate })
  return { content: 'envelope', payload }
}

/** Puts an image of two platforms with its evidence into a layout of the request's folder, as `oci:./app:v1`. */
export async function putSigned(
  crossing: Crossing,
  plans: (image: { readonly root: Named; readonly amd64: Named }) => readonly EvidencePlan[],
  sample = sampleImage(),
): Promise<{ readonly root: Named }> {
  const { content, root, amd64 } = sample
  for (const plan of plans({ root, amd64 })) putEvidence(content, plan.beside ?? root, plan)
  await content.writeLayout(join(crossing.folder, 'request', 'app'), [{ named: root, tag: 'v1' }])
  return { root }
}

/** Puts what speaks for a manifest beside it. */
export function putEvidence(content: Content, subject: Named, plan: BundlePlan): void {
  const layer = content.blob(JSON.stringify(makeBundle(plan).json), bundleType)
  const { mediaType, digest, size } = subject
  content.manifest({
    artifactType: bundleType,
    config: content.blob('{}', types.empty),
    layers: [layer],
    subject: { mediaType, digest, size },
  })
}

/** Lets the high desk, or another, believe the made-up authority. */
export async function trustAuthority(
  crossing: Crossing,
  bytes = worldRoot(),
  desk = crossing.high,
): Promise<void> {
  const path = join(crossing.folder, 'authority.json')
  await writeFile(path, bytes)
  const fingerprint = createHash('sha256').update(bytes).digest('hex')
  const words = ['--desk', desk, '--name', 'made-up', '--fingerprint', fingerprint]
  await done(['trust', 'root', 'add', path, ...words], crossing.clock)
}

/** Carries `oci:./app:v1` across; gives what the high desk says, and its rows of one check. */
export async function carryApp(
  crossing: Crossing,
): Promise<{ readonly id: string; readonly folder: string }> {
  const id = await release(crossing, await writeRequest(crossing, ['image: oci:./app:v1']))
  return { id, folder: await writeTo(crossing, id, 'medium') }
}

/** The rows of a check in a verdict, as `result reason`. */
export function rowsOf(ended: Ended, id: string): string[] {
  return ended.json.checks.filter((one) => one.id === id).map((one) => `${one.result} ${one.reason}`)
}

/** Sets the policy of the high desk; each time a version higher. */
export async function setItemPolicy(
  crossing: Crossing,
  version: number,
  identities: string,
  items: string,
): Promise<Ended> {
  const file = join(crossing.folder, `policy-${version}.yaml`)
  await writeFile(
    file,
    `sallyport: policy/v1\nversion: ${version}\nidentities:\n${identities}\nitems:\n${items}\n`,
  )
  return sallyport(['policy', 'set', file, '--desk', crossing.high], crossing.clock)
}
