import { z } from 'zod'
import { isDigest, isHex64, type Digest } from './digest.ts'
import { isFileReference, isFreeText, isKeptText, isName, isReference } from './names.ts'

/* The primitive shapes that every schema of ours is made of. */

export const zDigest = z
  .string()
  .refine(isDigest, 'a sha256 digest')
  .transform((v): Digest => v)
export const zHex64 = z.string().refine(isHex64, '64 lower-case hex digits')
export const zName = z.string().refine(isName, 'a name of letters, digits and . _ / @ : + - (at most 200)')
export const zReference = z
  .string()
  .refine(
    isReference,
    'a reference of letters, digits and . _ / @ : + - (at most 300), an IPv6 address in [ ] without a zone',
  )
const fileWords =
  'a file name of letters, digits, blanks and . _ - + ~ , @ = (at most 200 bytes), as every system takes it'
/** A file of the request's folder. */
export const zFileReference = z.string().refine(isFileReference, fileWords)
/** A reference of an item of any kind, and its name. */
export const zAnyReference = z
  .string()
  .refine(
    (value) => isReference(value) || isFileReference(value),
    'a reference (at most 300 characters), or the name of a file',
  )
export const zText = z
  .string()
  .refine(isFreeText, 'text of at most 500 characters that are all seen, not blank')
/** Text that this desk took under older rules. */
export const zKeptText = z.string().refine(isKeptText, 'text of at most 500 visible characters')
export const zSize = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
export const zUuid = z
  .string()
  .regex(
    /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
    'an id such as 3fa3083b-7d3f-46ab-89d3-c38f88cab6ca',
  )
export const zBase64 = z.string().regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/)
export const zMediaType = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}\/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}$/)

/** The form of a time: RFC 3339, UTC, whole seconds. */
export const timeForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/

/** RFC 3339, UTC, whole seconds: `2026-11-22T09:14:00Z`. */
export const zTime = z
  .string()
  .regex(timeForm)
  .refine((v) => {
    const time = new Date(v)
    return !Number.isNaN(time.getTime()) && time.toISOString() === v.replace('Z', '.000Z')
  }, 'an existing date and time')

export const roles = [
  'requester',
  'transfer-agent',
  'release-authority',
  'witness',
  'media-custodian',
  'security-officer',
  'auditor',
] as const
/** A role that a person holds at a desk (product.md, "Who uses it"). */
export const zRole = z.enum(roles)
export type Role = z.infer<typeof zRole>

/** What a line of `waybill.sigstore.jsonl` states; also its order in the file. */
export const signingRoles = ['prepare', 'release', 'witness'] as const
export const zSigningRole = z.enum(signingRoles)
export type SigningRole = z.infer<typeof zSigningRole>
