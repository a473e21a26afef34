import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SigningRole } from '../../shared/schema.ts'
import type { Blob, Item, Waybill } from '../../shared/waybill.ts'
import type { Digest } from '../../shared/digest.ts'
import { indexBytes } from '../../main/bundle/index-json.ts'
import { headerOf, layoutOf, padded } from '../../main/bundle/layout.ts'
import {
  joinSignatureFile,
  sentenceOf,
  summaryOf,
  waybillPredicate,
  waybillSubject,
} from '../../main/bundle/signature-lines.ts'
import { closureOf } from '../../main/oci/graph.ts'
import { digestOf } from '../../main/platform/hash.ts'
import { canonical } from '../../main/platform/json.ts'
import { openKey } from '../../main/sign/key-file.ts'
import { signStatement, type Signer } from '../../main/sign/signer.ts'
import type { Crossing, PersonId } from './desks.ts'
import { membersOf } from './media.ts'

/*
 * A sender that lies: waybills of any content, signed by the right people with the right keys, as the tar that an
 * honest sender would have written around them.
 */

export async function signerOfPerson(crossing: Crossing, id: PersonId): Promise<Signer> {
  const passphrase = (await readFile(crossing.passphrase, 'utf8')).trim()
  return openKey(await readFile(crossing.people[id].key, 'utf8'), passphrase)
}

/** What a forger may say otherwise in a predicate. */
export interface Claim {
  readonly role: SigningRole
  readonly person: string
  readonly signer: Signer
  readonly sentence?: string
  readonly more?: object
}

/** One signature line over a waybill, honest unless the claim says otherwise. */
export async function lineOf(
  crossing: Crossing,
  waybill: Waybill,
  bytes: Buffer,
  claim: Claim,
): Promise<Buffer> {
  const { role, person, signer } = claim
  const predicate = {
    role,
    person,
    desk: crossing.lowId,
    time: waybill.created,
    sentence: claim.sentence ?? sentenceOf(role, waybill),
    summary: summaryOf(waybill),
    ...claim.more,
  }
  return signStatement(signer, [waybillSubject(digestOf(bytes))], waybillPredicate, predicate)
}

/** The tar of a waybill and its blobs, byte by byte as the format lays it out. */
export function tarOf(
  waybill: Waybill,
  bytes: Buffer,
  signatures: Buffer,
  blobs: ReadonlyMap<Digest, Buffer>,
): Buffer {
  const chunks: Buffer[] = []
  for (const { name, size, content } of layoutOf(waybill, bytes, signatures).entries) {
    const body = typeof content === 'string' ? (blobs.get(content) ?? Buffer.alloc(size)) : content
    chunks.push(headerOf(name, size), body, Buffer.alloc(padded(size) - body.length))
  }
  return Buffer.concat([...chunks, Buffer.alloc(1024)])
}

/** The waybill that the low desk itself made last, to start a lie from. */
export async function honestWaybill(folder: string): Promise<Waybill> {
  return JSON.parse(await readFile(join(folder, 'waybill.json'), 'utf8')) as Waybill
}

/** The contents of an honest bundle, by digest, to build a lie around. */
export async function honestContent(folder: string): Promise<Map<Digest, Buffer>> {
  const tar = await readFile(join(folder, 'bundle.tar'))
  const content = new Map<Digest, Buffer>()
  for (const { name, at, size } of membersOf(tar)) {
    const bytes = Buffer.from(tar.subarray(at + 512, at + 512 + size))
    if (name.startsWith('blobs/')) content.set(digestOf(bytes), bytes)
  }
  return content
}

export interface Forgery {
  readonly items?: readonly Item[]
  readonly content: ReadonlyMap<Digest, Buffer>
  /** Blob entries that replace or add to what the graph honestly needs. */
  readonly blobs?: (honest: Blob[]) => Blob[]
  readonly change?: (waybill: Waybill) => Waybill
  /** The bytes that are signed in place of the canonical ones. */
  readonly bytes?: (canonical: Buffer) => Buffer
  readonly claims?: (honest: Claim[]) => Claim[]
}

/** Writes a signed bundle tar around a waybill that starts from `base` and says what the forgery says. */
export async function forge(
  crossing: Crossing,
  base: Waybill,
  forgery: Forgery,
  name: string,
): Promise<string> {
  const items = [...(forgery.items ?? base.items)]
  const content = new Map(forgery.content)
  // The station of the sender cannot be made to sign the making of a lie; forged ones are tested by themselves.
  const kept = base.attachments.filter((one) => one.role !== 'provenance')
  const attachments = kept.map((one) => {
    const bytes = Buffer.from(`attachment ${one.role}`)
    const digest = digestOf(bytes)
    content.set(digest, bytes)
    return { ...one, digest, size: bytes.length }
  })
  const closure = await closureOf({
    items,
    omitted: new Set(),
    read: async (digest) => content.get(digest) ?? Promise.reject(new Error('not there')),
  })
  const honest: Blob[] = [...closure.blobs].map(([digest, { size, early }]) => ({
    digest,
    size,
    early,
    state: 'carried',
  }))
  for (const { digest, size } of attachments) honest.push({ digest, size, early: true, state: 'carried' })
  const index = indexBytes(items)
  const blobs = (forgery.blobs ?? ((all) => all))(honest).sort((a, b) => (a.digest < b.digest ? -1 : 1))
  const request = attachments.find((one) => one.role === 'request')?.digest ?? base.request.digest
  const first: Waybill = {
    ...base,
    items,
    attachments,
    blobs,
    request: { ...base.request, digest: request },
    index: { digest: digestOf(index), size: index.length },
  }
  const waybill = forgery.change?.(first) ?? first
  const bytes = (forgery.bytes ?? ((same) => same))(canonical(waybill))
  const honestClaims: Claim[] = [
    { role: 'prepare', person: 'bob', signer: await signerOfPerson(crossing, 'bob') },
    { role: 'release', person: 'carol', signer: await signerOfPerson(crossing, 'carol') },
  ]
  const claims = (forgery.claims ?? ((same) => same))(honestClaims)
  const lines = await Promise.all(
    claims.map(async (claim) => ({ role: claim.role, bytes: await lineOf(crossing, waybill, bytes, claim) })),
  )
  const path = join(crossing.folder, `${name}.tar`)
  await writeFile(path, tarOf(waybill, bytes, joinSignatureFile(lines), content))
  return path
}
