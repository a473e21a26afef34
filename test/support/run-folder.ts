import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runFolder } from './prepared.ts'

/** A folder for what the tests of one run prepare, cleared away after the last. */
export async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-run-'))
  process.env[runFolder] = folder
  return () => rm(folder, { recursive: true, force: true })
}
