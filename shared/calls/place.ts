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
  /** A file, an OCI layout, or a folder that a request asks for. */
  'content',
  'layout',
  'content-folder',
  /** A desk's card (`desk.json`). */
  'card',
  'key',
  /** A Sigstore bundle or a raw signature. */
  'signature',
  /** A file that a signature is about. */
  'artifact',
  'trusted-root',
  /** A file, or a folder, that somebody wants to look into. */
  'look',
  'look-folder',
  'auth',
  /** The log-in at a proxy. */
  'proxy-auth',
  'ca',
  /** A certificate that proves to a host who asks, its key; a folder of such things for several hosts (`certs.d`). */
  'client-cert',
  'client-key',
  'certs',
  'policy',
  /** The file of a rule set (`.wasm`) that a policy names. */
  'rule-set',
  /** A `waybill.json` that a policy is tried on. */
  'waybill',
  /** A trust package, or a timestamp over one. */
  'package',
  'medium',
  'export',
  'report',
  /** Sheets for the media that leave. */
  'label',
  'custody',
  /** Papers that the other side types from: the key of a person, the id of the desk. */
  'key-card',
  'desk-card',
  'landing-card',
  /** The verdict on a medium that was refused. */
  'refused',
  /** Papers about media: that one was sanitised or destroyed, the numbers of a month. */
  'certificate',
  'statistics',
  /** A `signing_config.json`. */
  'services',
  /** Which name goes where at an export, and the file that says where each went. */
  'map',
  'lock',
  /** The public half of the landing key, a signed list, a kit: what goes to those who run the engines. */
  'landing',
] as const
export type Purpose = (typeof purposes)[number]

/** Purposes for which a name is chosen that does not exist yet; of a medium and a desk, the folder to make it in. */
export const saved: readonly Purpose[] = [
  'desk',
  'card',
  'key',
  'medium',
  'export',
  'report',
  'label',
  'custody',
  'key-card',
  'desk-card',
  'landing-card',
  'refused',
  'certificate',
  'statistics',
  'lock',
  'landing',
]

export const formats = ['pdf', 'html', 'json', 'csv', 'tar', 'pub'] as const

/** Which dialog is shown. Its words are main's. */
const zChoice = z.strictObject({
  purpose: z.enum(purposes),
  intent: z.enum(['open', 'save']),
  /** Of the file, where a purpose has several: a report; a medium or its tar; a key or its public half. */
  format: z.enum(formats).optional(),
  /** Of a file that is saved: the name of what it is of. Main makes a first suggestion of it, and nothing else. */
  name: z.string().max(500).optional(),
})
export type Choice = z.infer<typeof zChoice>

export const placeCalls = {
  /** Asks the person at the screen for a place. `place` is null when they cancelled. */
  'place.choose': call(zChoice, z.strictObject({ place: zPlace.nullable(), label: z.string() })),
} as const
