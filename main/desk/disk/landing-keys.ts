import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { causeOf, Failure } from '../../platform/failure.ts'
import { makeFolder, readCapped, writeRecord } from '../../platform/files.ts'
import { limits } from '../../platform/limits.ts'
import { createKey, createStationKey, openKey, openStationKey } from '../../sign/key-file.ts'
import type { Signer } from '../../sign/signer.ts'
import type { Desk } from '../desk.ts'
import type { LandingKey } from '../state/state.ts'

/** Of those that wait for a second officer. */
function pendingKeys({ state }: Desk): string[] {
  return state.changes.flatMap(({ document: { change }, signed, withdrawn }) =>
    change.kind === 'landing.key' && signed === null && withdrawn === null ? [change.fingerprint] : [],
  )
}

/** Removes the private halves of landing keys that are neither in force nor asked for: nothing needs them any more. */
export async function settleLandingKeys(desk: Desk): Promise<void> {
  const { landing } = desk.state
  const kept = new Set([...pendingKeys(desk), ...(landing === null ? [] : [landing.fingerprint])])
  const names = await readdir(desk.folder.landing).catch(() => [])
  for (const name of names) {
    // Also what a crash left of one that was being written.
    const [, fingerprint, part] = /^([0-9a-f]{64})\.key(\.[0-9a-f]{12}\.tmp)?$/.exec(name) ?? []
    if (fingerprint !== undefined && (part !== undefined || !kept.has(fingerprint)))
      await rm(join(desk.folder.landing, name))
  }
}

/** Makes a landing key in the desk's folder (P-256, PKCS#8, 0600), encrypted where there is a passphrase. */
export async function makeLandingKey(desk: Desk, passphrase: string | null): Promise<Signer> {
  await settleLandingKeys(desk)
  const { secret, signer } =
    passphrase === null ? await createStationKey() : await createKey('p256', passphrase)
  await makeFolder(desk.folder.landing)
  await writeRecord(desk.folder.landingKey(signer.key.fingerprint), secret, 0o600)
  return signer
}

/** @throws Failure `landing-none` */
export function landingKeyOf(desk: Desk): LandingKey {
  const { landing } = desk.state
  if (landing === null) throw new Failure('landing-none')
  return landing
}

async function opened(pem: string, locked: boolean, passphrase: string | undefined): Promise<Signer> {
  if (!locked) return openStationKey(pem)
  if (passphrase === undefined)
    throw new Failure('landing-locked', { found: 'none was given', expected: 'its passphrase' })
  return openKey(pem, passphrase).catch((error: unknown) => {
    if (!(error instanceof Failure) || error.code !== 'key-locked') throw error
    throw new Failure('landing-locked', { found: 'another passphrase', expected: 'its own' }, error)
  })
}

/**
 * The landing key in force, opened for one act. What lies in the folder is held against the key that the ledger names.
 *
 * @throws Failure `landing-none`, `landing-locked`, `landing-key-lost`
 */
export async function openLandingKey(desk: Desk, passphrase: string | undefined): Promise<Signer> {
  const { fingerprint, locked } = landingKeyOf(desk)
  const lost = (found: string, cause?: unknown): Failure =>
    new Failure('landing-key-lost', { found, expected: `the key ${fingerprint}` }, cause)
  const pem = await readCapped(desk.folder.landingKey(fingerprint), limits.keyFileBytes).catch(
    (error: unknown) => {
      const said = error instanceof Failure ? error.facts.found : undefined
      throw lost(String(said ?? causeOf(error)), error)
    },
  )
  const signer = await opened(pem.toString('utf8'), locked, passphrase).catch((error: unknown) => {
    if (error instanceof Failure && error.code === 'key-unreadable')
      throw lost(String(error.facts.found ?? 'something else'), error)
    throw error
  })
  const found = signer.key.fingerprint
  if (found !== fingerprint) throw lost(`the key ${found}`)
  return signer
}
