import { z } from 'zod'
import { call, zPlace } from './call.ts'

/*
 * A path never crosses the contract: a place is an opaque id that was registered by a dialog or by the command line,
 * for one purpose and one session.
 */

export const purposes = [
  'desk',
  'request',
  /** The folder that a request's files lie in. */
  'folder',
  /** A file, or an OCI layout, that a request asks for. */
  'content',
  'layout',
  /** A desk's card (`desk.json`). */
  'card',
  'key',
  /** A Sigstore bundle or a raw signature. */
  'signature',
  /** A file that a signature is about. */
  'artifact',
  'trusted-root',
  'auth',
  'ca',
  'policy',
  /** A trust package, or a timestamp over one. */
  'package',
  'medium',
  'export',
  'report',
  /** A `signing_config.json`. */
  'services',
] as const
export type Purpose = (typeof purposes)[number]

export const placeCalls = {
  /** Asks the person at the screen for a place. `place` is null when they cancelled. */
  'place.choose': call(
    z.strictObject({ purpose: z.enum(purposes), title: z.string().max(4096).optional() }),
    z.strictObject({ place: zPlace.nullable(), label: z.string() }),
  ),
} as const
