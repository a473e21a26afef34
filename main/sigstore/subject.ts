import { z } from 'zod'
import { limits } from '../platform/limits.ts'
import { JsonError, JsonExceeds, parseStrict, type Json } from '../platform/json.ts'
import { MembersReader } from '../platform/json-members.ts'
import { readShape } from './parse.ts'
import { Refusal } from './refusal.ts'
import type { HashName } from './verifier-key.ts'

/** An in-toto Statement of anybody (signing.md, 5.1). */
export interface Statement {
  readonly type: string
  readonly subjects: readonly { readonly name: string; readonly digest: Readonly<Record<string, string>> }[]
  readonly predicateType: string
  /** `null` where there is none, and where it was too large to be read. */
  readonly predicate: Json
  /** Whether the predicate was read, and not only passed by: its form alone is checked then. */
  readonly whole: boolean
}

/** The payload type of in-toto statements; no other one is read. */
export const inTotoType = 'application/vnd.in-toto+json'
const types = ['https://in-toto.io/Statement/v1', 'https://in-toto.io/Statement/v0.1'] as const

const zStatement = z.object({
  _type: z.string(),
  subject: z
    .array(
      z.object({
        name: z.string().max(4096).default(''),
        digest: z
          .record(z.string().max(64), z.string().max(512))
          .refine((digests) => Object.keys(digests).length <= limits.digestsPerSubject, 'too many digests'),
      }),
    )
    .min(1)
    .max(limits.subjects),
  predicateType: z.string().min(1).max(2048),
  predicate: z.unknown().optional(),
})

/** Demands the one type of payload that is read. @throws Refusal `statement.type` */
export function checkPayloadType(payloadType: string): void {
  if (payloadType !== inTotoType) throw new Refusal('statement.type', inTotoType, payloadType)
}

const codes = { shape: 'statement.form', base64: 'statement.form' } as const

function statementOf(json: Json, whole: boolean): Statement {
  const read = readShape(json, zStatement, 'an in-toto statement', codes)
  if (!types.some((type) => type === read._type))
    throw new Refusal('statement.type', types.join(' or '), read._type)
  const predicate = (json as { predicate?: Json }).predicate ?? null
  return { type: read._type, subjects: read.subject, predicateType: read.predicateType, predicate, whole }
}

const tooLarge = (error: JsonExceeds): Refusal =>
  new Refusal('statement.too-large', 'a statement that names what it is about in short', error.message)

/** What is wrong with the JSON of a statement, as a refusal. */
function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof JsonExceeds) return tooLarge(error)
  if (!(error instanceof JsonError)) throw error
  return new Refusal('statement.form', 'one JSON document, strictly', error.message)
}

const about = ['_type', 'subject', 'predicateType'] as const

/**
 * A statement that streams by: who it is about and what it calls itself is read, all else is only held to its form. What is
 * wrong is told at the end, after whoever signed it.
 */
export class StatementStream {
  private readonly members = new MembersReader(new Set<string>(about), limits.aboutBytes)
  private wrong: Refusal | null = null

  write(piece: Buffer): void {
    if (this.wrong !== null) return
    try {
      this.members.write(piece)
    } catch (error) {
      this.wrong = refusalOf(error)
    }
  }

  /** What it comes to, once all was given. */
  end(): Statement | Refusal {
    if (this.wrong !== null) return this.wrong
    try {
      const kept = this.members.end()
      const parts = about.flatMap((name) => {
        const value = kept.get(name)
        if (value === null) throw new JsonExceeds(`more than ${limits.aboutBytes} bytes of ${name}`, 0)
        return value === undefined ? [] : [`"${name}":${value.toString('utf8')}`]
      })
      const json = parseStrict(Buffer.from(`{${parts.join(',')}}`), limits.statementValues)
      return statementOf(json, false)
    } catch (error) {
      return refusalOf(error)
    }
  }
}

/** A statement of more values than are held in memory: the same is read of it as of one that streams by. */
function streamed(payload: Buffer): Statement {
  const stream = new StatementStream()
  stream.write(payload)
  const found = stream.end()
  if (found instanceof Refusal) throw found
  return found
}

const nothing: Json = {}
const ofPackage = [
  ...['SPDXID', 'name', 'versionInfo', 'checksums', 'externalRefs'],
  ...['supplier', 'licenseConcluded', 'licenseDeclared'],
] as const
const ofComponent = [
  ...['bom-ref', 'name', 'version', 'purl', 'hashes', 'licenses', 'components'],
  ...['supplier', 'publisher', 'manufacturer'],
] as const
const ofVulnerability = ['cve', 'ids', 'product_status', 'flags', 'threats'] as const
const ofFile = ['checksums', 'digests'] as const
const ofArtifact = ['id', 'name', 'version', 'purl', 'licenses'] as const
const ofRelationship = ['relationshipType', 'spdxElementId', 'relatedSpdxElement'] as const

function only(names: readonly string[], element: Json): Json {
  if (typeof element !== 'object' || element === null || Array.isArray(element)) return element
  const kept: { [name: string]: Json } = {}
  for (const name of names) if (element[name] !== undefined) kept[name] = element[name]
  return kept
}

// Components lie within components.
function component(element: Json): Json {
  const kept = only(ofComponent, element)
  if (typeof kept !== 'object' || kept === null || Array.isArray(kept)) return kept
  const { components } = kept
  return Array.isArray(components) ? { ...kept, components: components.map(component) } : kept
}

// Bills of materials are long lists, of which nothing here reads more than their length and a few members. What they have
// is held to its form, then let go: at once they would take many times the memory of their text.
function reduced(member: string, element: Json): Json {
  switch (member) {
    case 'components':
      return component(element)
    case 'artifacts':
      return only(ofArtifact, element)
    case 'vulnerabilities':
      return only(ofVulnerability, element)
    case 'dependencies':
    case 'artifactRelationships':
    case 'snippets':
      return nothing
    case 'files':
      return only(ofFile, element)
    case 'packages':
      return only(ofPackage, element)
    case 'relationships':
      return only(ofRelationship, element)
    default:
      return element
  }
}

/**
 * Reads the payload of an envelope as a statement. Unknown fields are allowed, as in-toto asks; double ones are not.
 *
 * @throws Refusal `statement.*`
 */
export function readStatement(payload: Buffer, payloadType: string): Statement {
  checkPayloadType(payloadType)
  let json: Json
  try {
    json = parseStrict(payload, limits.statementValues, reduced)
  } catch (error) {
    if (error instanceof JsonExceeds) return streamed(payload)
    throw refusalOf(error)
  }
  return statementOf(json, true)
}

const strong = ['sha256', 'sha384', 'sha512'] as const

/**
 * Demands that the statement is about the artifact: a subject of which at least one strong digest is the artifact's,
 * and no strong digest that can be compared is another's (in-toto, DigestSet).
 *
 * @throws Refusal `statement.other-subject`, `statement.weak-digest`
 */
export function checkSubject(statement: Statement, artifact: Partial<Record<HashName, Buffer>>): void {
  const known = strong.flatMap((name) => {
    const value = artifact[name]
    return value === undefined ? [] : [{ name, hex: value.toString('hex') }]
  })
  const about = statement.subjects.some(({ digest }) => {
    const both = known.filter(({ name }) => Object.hasOwn(digest, name))
    return both.length > 0 && both.every(({ name, hex }) => digest[name] === hex)
  })
  if (about) return
  const named = statement.subjects.flatMap(({ digest }) => Object.entries(digest))
  const expected = known.map(({ name, hex }) => `${name}:${hex}`).join(', ')
  if (!named.some(([name]) => strong.some((one) => one === name))) {
    throw new Refusal(
      'statement.weak-digest',
      'a subject by SHA-256, SHA-384 or SHA-512',
      named.map(([name]) => name).join(', '),
    )
  }
  const found = named.slice(0, 3).map(([name, hex]) => `${name}:${hex}`)
  throw new Refusal('statement.other-subject', expected, found.join(', '))
}
