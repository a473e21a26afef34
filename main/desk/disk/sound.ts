import { lstat, readdir } from 'node:fs/promises'
import type { Dirent, Stats } from 'node:fs'
import { join } from 'node:path'
import { zUuid } from '../../../shared/schema.ts'
import { causeOf, Failure } from '../../platform/failure.ts'
import { sharedWith } from '../../platform/owners.ts'
import type { DeskFolder } from '../folder.ts'

/*
 * Whether a desk's folder is a folder of this account alone, and everything in it what it is made as. What acts write and
 * recovery removes goes where its folders lead: to nowhere else.
 */

interface Part {
  readonly name: string
  readonly kind: 'folder' | 'file'
  /** That only this account may read it either. */
  readonly secret?: boolean
}

const parts: readonly Part[] = [
  ...['', 'store', 'store/blobs', 'store/blobs/sha256', 'store/quarantine'],
  ...['consignments', 'reports', 'refused', 'trust', 'trust/roots', 'policy', 'policy/rego'],
].map((name) => ({ name, kind: 'folder' as const }))

const files: readonly Part[] = [
  ...['desk.json', 'desk.holder', 'ledger.jsonl', 'checkpoint', 'checkpoint.next', 'people.json'],
  ...['trust/signers.json', 'policy/policy.yaml'],
].map((name) => ({ name, kind: 'file' as const }))

const key: Part = { name: 'station.key', kind: 'file', secret: true }

/** Whether a name is one that a desk gives the folder of a consignment. */
export const isId = (name: string): boolean => zUuid.safeParse(name).success

const kindOf = (found: Stats | Dirent): string => {
  if (found.isSymbolicLink()) return 'a link'
  if (found.isDirectory()) return 'a folder'
  return found.isFile() ? 'a file' : 'neither file nor folder'
}

async function problemOf(
  root: string,
  { name, kind, secret }: Part,
  owners: boolean,
): Promise<string | null> {
  const shown = name === '' ? 'The folder' : name
  let found: Stats
  try {
    found = await lstat(join(root, name))
  } catch (error) {
    return causeOf(error) === 'ENOENT' ? null : `${shown}: ${causeOf(error)}`
  }
  if (kindOf(found) !== `a ${kind}`) return `${shown} is ${kindOf(found)}`
  const shared = owners ? sharedWith(found, secret) : null
  return shared === null ? null : `${shown} is ${shared}`
}

// Each consignment has a folder by its own id in these. What somebody else put beside them is never looked into.
async function strangersIn(root: string, name: string): Promise<string[]> {
  const entries = await readdir(join(root, name), { withFileTypes: true }).catch(() => [])
  return entries.flatMap((one) => {
    const harmless = one.isDirectory() || (one.isFile() && !isId(one.name))
    return harmless ? [] : [`${name}/${one.name} is ${kindOf(one)}`]
  })
}

// What keeps a desk's folder from being this account's alone, in sentences without their full stops.
async function unsound({ root }: DeskFolder, owners: boolean): Promise<string[]> {
  const found = await Promise.all([...parts, ...files, key].map((part) => problemOf(root, part, owners)))
  const lock = await lstat(join(root, 'desk.lock')).catch(() => null)
  if (lock !== null && !lock.isSocket() && !lock.isFile()) found.push(`desk.lock is ${kindOf(lock)}`)
  const problems = found.filter((one) => one !== null)
  // Behind a folder that leads elsewhere nothing is looked at.
  if (problems.length > 0) return problems
  return [...(await strangersIn(root, 'consignments')), ...(await strangersIn(root, 'store/quarantine'))]
}

/**
 * That nothing keeps others from a desk, where its file system has no owners; else nothing.
 *
 * @param owners whether it has, as for every question here: it is asked once at each opening
 */
export function bareWarning(owners: boolean): string[] {
  if (owners) return []
  return ['The file system of this folder has no owners: whoever reaches it can read and change the desk.']
}

/** What somebody who only reads is told of a folder; nothing where it is this account's alone. */
export async function warningsOf(folder: DeskFolder, owners: boolean): Promise<string[]> {
  const problems = await unsound(folder, owners)
  return [...bareWarning(owners), ...problems.map((one) => `${one}: this desk would not open to be written.`)]
}

/**
 * Asked before anything is read, made or removed in a desk that is opened to write.
 *
 * @throws Failure `desk-damaged`
 */
export async function checkSound(folder: DeskFolder, owners: boolean): Promise<void> {
  const [problem] = await unsound(folder, owners)
  if (problem === undefined) return
  const expected = 'real folders and files of this account alone (chmod -R go-w FOLDER; station.key 0600)'
  throw new Failure('desk-damaged', { expected, found: problem })
}
