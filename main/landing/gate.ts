import { isDigest } from '../../shared/digest.ts'
import { visible } from '../../shared/names.ts'
import { JsonError, parseStrict } from '../platform/json.ts'
import type { AdmitList } from './list.ts'

/** What an engine asks (containerd, “image verifier”: `bindir`). */
export interface AdmitQuestion {
  readonly name: string
  readonly digest: string
  /** The media type of what comes on standard input, where it is said. */
  readonly stdinType: string | null
  /** What came there: the descriptor. */
  readonly descriptor: Buffer
}

/** Whether an image may be used, and why in one line. */
export interface Admission {
  readonly admit: boolean
  readonly reason: string
}

const refuse = (reason: string): Admission => ({ admit: false, reason })
const descriptorType = 'application/vnd.oci.descriptor.v1+json'
/** Hours by which this clock may be behind the making of a list. */
const clockHours = 48

// Never more of what somebody says than fits on a line.
const shown = (text: string): string => visible(text).slice(0, 200)

function descriptorProblem({ digest, stdinType, descriptor }: AdmitQuestion): string | null {
  if (stdinType !== null && stdinType !== descriptorType)
    return `standard input is said to hold ${shown(stdinType)}, not ${descriptorType}`
  let value
  try {
    value = parseStrict(descriptor, 10_000)
  } catch (error) {
    if (error instanceof JsonError) return 'standard input holds no descriptor'
    throw error
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'standard input holds no descriptor'
  const { digest: found, mediaType, size } = value
  if (typeof found !== 'string' || typeof mediaType !== 'string' || typeof size !== 'number')
    return 'standard input holds no descriptor'
  return found === digest ? null : `the descriptor says ${shown(found)}, not ${digest}`
}

function questionProblem(question: AdmitQuestion): string | null {
  const { name, digest } = question
  if (!isDigest(digest)) return `-digest is no sha256 digest: ${shown(digest)}`
  if (name === '' || /[\s\p{C}]/u.test(name) || name.length > 4096) return '-name is no name of an image'
  const named = /@(.+)$/.exec(name)?.[1]
  if (named !== undefined && named !== digest) return `-name says ${shown(named)}, not ${digest}`
  return descriptorProblem(question)
}

function listProblem({ made, expires, sequence }: AdmitList, now: Date): string | null {
  if (now.getTime() > Date.parse(expires)) return `list ${sequence} expired at ${expires}`
  const behind = Date.parse(made) - now.getTime()
  return behind > clockHours * 3_600_000
    ? `list ${sequence} was made at ${made}, and the clock here says ${now.toISOString()}`
    : null
}

/** What was seen of lists here before: their site, and the highest number. */
export interface Seen {
  readonly site: string
  readonly sequence: number
}

function seenProblem({ site, sequence }: AdmitList, seen: Seen | null): string | null {
  if (seen === null) return null
  if (seen.site !== site) return `the list is of the site ${site}, and this node belongs to ${seen.site}`
  return sequence < seen.sequence
    ? `list ${sequence} is older than list ${seen.sequence}, which was seen here`
    : null
}

/**
 * Whether a list admits an image: the list is not expired and not older than one that was seen, the question is whole and
 * agrees with itself, and the digest stands on the list.
 *
 * @param seen `undefined` where no state is kept: then age alone is judged, which the reason says
 */
export function admission(
  list: AdmitList,
  question: AdmitQuestion,
  seen: Seen | null | undefined,
  now: Date,
): Admission {
  const problem = listProblem(list, now) ?? seenProblem(list, seen ?? null) ?? questionProblem(question)
  if (problem !== null) return refuse(problem)
  const { sequence, expires, name } = list
  const { digest } = question
  if (!(list.digests as readonly string[]).includes(digest))
    return refuse(`${digest} is not on list ${sequence} of ${shown(name)}`)
  const only = seen === undefined ? '; no state is kept, so an older list would not be noticed' : ''
  return {
    admit: true,
    reason: `${digest} is on list ${sequence} of ${shown(name)}, which holds until ${expires}${only}`,
  }
}
