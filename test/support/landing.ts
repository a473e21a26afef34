import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { done, type Said } from './command-line.ts'
import { release, writeRequest, writeTo, type Crossing } from './desks.ts'
import { highDesk } from './high-desk.ts'
import { sampleImage, type SampleImage } from './images.ts'

/** The policy of a high desk that may push to a registry on this computer. */
export async function allowRegistry(crossing: Crossing, host: string, version = 2, more = ''): Promise<void> {
  const path = join(crossing.folder, `policy-${version}.yaml`)
  const text = `sallyport: policy/v1\nversion: ${version}\nexportRegistries:\n  - host: "${host}"\n    allow: [plain-http]\n${more}`
  await writeFile(path, text)
  await done(['policy', 'set', path, '--desk', crossing.high], crossing.clock)
}

/** An image with two platforms that crossed and was accepted; gives the consignment at the high desk. */
export async function acceptedImage(
  crossing: Crossing,
  name = 'app',
  sample: SampleImage = sampleImage(20_000, name),
): Promise<{ readonly id: string; readonly sample: SampleImage }> {
  await sample.content.writeLayout(join(crossing.folder, 'request', name), [
    { named: sample.root, tag: '1.0' },
  ])
  const request = await writeRequest(crossing, [`image: oci:./${name}:1.0`], { name: `carry-${name}` })
  const released = await release(crossing, request)
  const id = await highDesk(() => crossing).accepted(await writeTo(crossing, released, `medium-${name}`))
  return { id, sample }
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
