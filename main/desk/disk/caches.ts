import { join } from 'node:path'
import { hexOf } from '../../../shared/digest.ts'
import { readCapped, writeRecord, makeFolder } from '../../platform/files.ts'
import { digestOf } from '../../platform/hash.ts'
import { canonical } from '../../platform/json.ts'
import { limits } from '../../platform/limits.ts'
import { trustFile } from '../../trust/signers.ts'
import type { DeskFolder } from '../folder.ts'
import type { DeskState } from '../state/state.ts'

interface Cache {
  readonly name: string
  readonly path: string
  readonly bytes: Buffer
}

/** People, trust and policy as files: caches of what the ledger says, for people and other tools to look at. */
function cachesOf(folder: DeskFolder, state: DeskState): Cache[] {
  return [
    {
      name: 'people.json',
      path: folder.people,
      bytes: canonical({ format: 'sallyport.people/v1', people: state.people }),
    },
    { name: 'trust/signers.json', path: join(folder.trust, 'signers.json'), bytes: trustFile(state.trust) },
    ...state.roots.map(({ digest, source }) => ({
      name: `trust/roots/${hexOf(digest)}.json`,
      path: join(folder.trust, 'roots', `${hexOf(digest)}.json`),
      bytes: Buffer.from(source, 'utf8'),
    })),
    {
      name: 'policy/policy.yaml',
      path: join(folder.policies, 'policy.yaml'),
      bytes: Buffer.from(state.policy.source, 'utf8'),
    },
  ]
}

/** Names of the caches that are missing or say something else than the ledger. */
export async function differingCaches(folder: DeskFolder, state: DeskState): Promise<string[]> {
  const differing: string[] = []
  for (const { name, path, bytes } of cachesOf(folder, state)) {
    const found = await readCapped(path, limits.deskFileBytes).catch(() => null)
    if (found?.equals(bytes) !== true) differing.push(name)
  }
  return differing
}

/** Names of the files of rule sets that the policy in force names and that are missing or other ones: nothing here makes them anew. */
export async function differingSets(folder: DeskFolder, { policy }: DeskState): Promise<string[]> {
  const differing: string[] = []
  for (const { digest } of policy.document.rego) {
    const found = await readCapped(folder.ruleSet(digest), limits.regoBytes).catch(() => null)
    if (found === null || digestOf(found) !== digest) differing.push(`policy/rego/${hexOf(digest)}.wasm`)
  }
  return differing
}

/** Makes the caches anew from the ledger. */
export async function writeCaches(folder: DeskFolder, state: DeskState): Promise<void> {
  await makeFolder(join(folder.trust, 'roots'))
  await makeFolder(folder.policies)
  for (const { path, bytes } of cachesOf(folder, state)) await writeRecord(path, bytes)
}
