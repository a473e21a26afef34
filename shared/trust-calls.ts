import { z } from 'zod'
import { call, zNothing, zPlace, zSigner } from './calls.ts'
import { zChangeView, zPeerView, zRootView } from './changes.ts'
import { zDigest, zHex64, zRole, zSigningRole, zTime, zUuid } from './schema.ts'
import { zPersonView, zSignerView } from './views.ts'

/** The officer who asks for a change; not while the desk is founding. */
const zOfficer = { officer: z.strictObject(zSigner).optional() }
/** The change that waits for a second officer; `null` where it is in force at once, on a founding desk. */
const zPending = { pending: zChangeView.nullable() }
/** Consignments that a change in force had judged again, and accepted ones that it has flagged. */
const zTouched = { judged: z.array(zUuid), flagged: z.array(zUuid) }

/** What a package proves: the root's digest, the versions of its metadata, the time at which that holds. */
const zPackage = {
  root: zDigest,
  versions: z.strictObject({
    root: z.number(),
    timestamp: z.number(),
    snapshot: z.number(),
    targets: z.number(),
  }),
  at: zTime,
}
const zPackageAsk = {
  place: zPlace,
  name: z.string(),
  /** Of the first TUF root, typed from paper; not needed where a package of this name was taken before. */
  fingerprint: z.string().max(1000).optional(),
  /** The time as the officers state it, or a timestamp (RFC 3161) over the package. */
  reference: z.union([z.strictObject({ at: zTime }), z.strictObject({ timestamp: zPlace })]),
}

/** The calls that change people, trust, policy and peers, and those by which officers sign such changes. */
export const trustCalls = {
  'person.add': call(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      roles: z.array(zRole).min(1).max(7),
      key: zPlace,
      ...zOfficer,
    }),
    zPersonView.extend(zPending),
  ),
  /** Replaces a person's key; the old one is revoked. */
  'person.key': call(
    z.strictObject({ id: z.string(), key: zPlace, ...zOfficer }),
    zPersonView.extend({ ...zPending, ...zTouched }),
  ),
  'trust.add': call(
    z.strictObject({
      key: zPlace,
      name: z.string(),
      roles: z.array(zSigningRole).min(1).max(3),
      sender: zHex64.optional(),
      channel: z.string().optional(),
      /** As typed from paper: 64 hex digits or 16 words. */
      fingerprint: z.string().max(1000),
      ...zOfficer,
    }),
    zSignerView.extend(zPending),
  ),
  /** A key of a signer or of a person here, or a trusted root, never counts again. */
  'trust.revoke': call(
    z.strictObject({ fingerprint: z.string().max(1000), reason: z.string(), ...zOfficer }),
    z.strictObject({ fingerprint: zHex64, name: z.string(), reason: z.string(), ...zPending, ...zTouched }),
  ),
  /** Only with the whole fingerprint of the file, typed from paper. */
  'root.add': call(
    z.strictObject({
      /** `null`: the copy of the public instance's root that is built in. */
      place: zPlace.nullable(),
      name: z.string(),
      fingerprint: z.string().max(1000),
      ...zOfficer,
    }),
    zRootView.extend(zPending),
  ),
  /** Low: collects what proves the trusted root of a TUF repository, verified as it is collected. */
  'package.make': call(
    z.strictObject({
      from: z.union([z.strictObject({ url: z.string().max(2000) }), z.strictObject({ folder: zPlace })]),
      /** The root to begin with; the other side types its fingerprint. */
      root: zPlace,
      to: zPlace,
    }),
    z.strictObject({ file: z.string(), digest: zDigest, anchor: zHex64, ...zPackage }),
  ),
  /** Verifies a package at a time; nothing is changed. */
  'package.check': call(z.strictObject(zPackageAsk), z.strictObject({ digest: zDigest, ...zPackage })),
  /** Verifies a package at a time that officers or a timestamp authority attest, and installs its root. */
  'package.add': call(z.strictObject({ ...zPackageAsk, ...zOfficer }), zRootView.extend(zPending)),
  /** Pairs with another desk: its id and the digest of its seal are typed from paper. */
  'peer.add': call(
    z.strictObject({
      card: zPlace,
      id: z.string().max(1000),
      seal: z.string().max(1000).optional(),
      ...zOfficer,
    }),
    zPeerView.extend(zPending),
  ),
  'policy.set': call(
    z.strictObject({ place: zPlace, ...zOfficer }),
    z.strictObject({ version: z.number(), digest: zDigest, ...zPending }),
  ),

  /** One officer's signature on the seal of this desk; the second one's seals it. */
  'desk.seal': call(
    z.strictObject(zSigner),
    z.strictObject({ sealed: z.boolean(), seal: zDigest, words: z.array(z.string()), ...zPending }),
  ),
  /** Every change since the founding, the newest first. */
  'change.list': call(zNothing, z.strictObject({ changes: z.array(zChangeView) })),
  'change.show': call(z.strictObject({ number: z.number().int().min(1) }), zChangeView),
  /** The second officer: with this the change is in force. */
  'change.sign': call(
    z.strictObject({ number: z.number().int().min(1), ...zSigner }),
    zChangeView.extend(zTouched),
  ),
  'change.withdraw': call(z.strictObject({ number: z.number().int().min(1), ...zSigner }), zChangeView),
} as const
