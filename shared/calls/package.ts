import { z } from 'zod'
import { zRootView } from '../changes.ts'
import { zDigest, zHex64, zTime } from '../schema.ts'
import { call, long, zPlace, zWay } from './call.ts'
import { zOfficer, zPending } from './officer.ts'

/** What a package proves: the root's digest, the versions of its metadata, the time at which that holds. */
const zProvenPackage = {
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

export const packageCalls = {
  /** Low: collects what proves the trusted root of a TUF repository, verified as it is collected. */
  'package.make': long(
    z.strictObject({
      from: z.union([z.strictObject({ url: z.string().max(2000) }), z.strictObject({ folder: zPlace })]),
      /** The root to begin with; the other side types its fingerprint. */
      root: zPlace,
      to: zPlace,
      ...zWay,
    }),
    z.strictObject({ file: z.string(), digest: zDigest, anchor: zHex64, ...zProvenPackage }),
  ),
  /** Verifies a package at a time; nothing is changed. */
  'package.check': call(z.strictObject(zPackageAsk), z.strictObject({ digest: zDigest, ...zProvenPackage })),
  /** Verifies a package at a time that officers or a timestamp authority attest, and installs its root. */
  'package.add': call(z.strictObject({ ...zPackageAsk, ...zOfficer }), zRootView.extend(zPending)),
} as const
