import type { ComponentField, DocumentField, SbomRule } from '../../../shared/policy-items.ts'
import type { Assessed } from '../../evidence/assess.ts'
import type { Bill, Component } from '../../evidence/sbom/component.ts'
import { sbomKind } from '../../evidence/sbom/read.ts'
import { isTooLarge, missing, saySigner, tooLarge, type Evidence } from '../item-evidence.ts'
import { made, pass, type Answered } from '../rule-result.ts'

const kinds = { spdx: 'SPDX', cyclonedx: 'CycloneDX', syft: 'Syft', any: 'SPDX or CycloneDX' } as const

const has: Readonly<Record<ComponentField, (one: Component) => boolean>> = {
  version: ({ version }) => version !== null && version !== '',
  purl: ({ purls }) => purls.length > 0,
  licence: ({ licences }) => licences.length > 0,
  supplier: ({ supplier }) => supplier !== null,
  hash: ({ hashes }) => hashes.length > 0,
}
const says: Readonly<Record<DocumentField, (bill: Bill) => boolean>> = {
  created: ({ created }) => created !== null,
  author: ({ hasAuthor }) => hasAuthor,
  relations: ({ hasRelations }) => hasRelations,
}
const isOfDocument = (field: string): field is DocumentField => Object.hasOwn(says, field)

const looksInside = ({ fields, unversioned }: SbomRule): boolean =>
  fields.length > 0 || unversioned !== undefined

/** What a bill of materials lacks of what is asked; empty when it lacks nothing. */
function lacks({ fields, unversioned }: SbomRule, { components, repeatedIds }: Bill): string[] {
  const without = (field: ComponentField): number => components.filter((one) => !has[field](one)).length
  const count = without('version')
  return [
    ...(repeatedIds > 0 ? [`${repeatedIds} ids that stand twice`] : []),
    ...fields.flatMap((field) => {
      if (isOfDocument(field)) return []
      const none = without(field)
      return none === 0 ? [] : [`${none} of ${components.length} components without ${field}`]
    }),
    ...(unversioned !== undefined && count > unversioned
      ? [`${count} of ${components.length} components without version`]
      : []),
  ]
}

function sayAsked(rule: SbomRule): string {
  const { describes, fields, unversioned } = rule
  return [
    ...(describes ? [', naming this item'] : []),
    ...(fields.length > 0 ? [`, with ${fields.join(', ')}`] : []),
    ...(unversioned === undefined ? [] : [`, at most ${unversioned} components without version`]),
  ].join('')
}

// What speaks against a bill of materials that one of those who are asked for signed.
function against(rule: SbomRule, { view, bill }: Assessed): string[] {
  if (view.sbom === null || bill === null) return ['a document that cannot be read']
  if (rule.describes && view.sbom.describes !== 'subject')
    return [view.sbom.describes === 'another' ? 'it names another item' : 'it does not say of what it is']
  if (!looksInside(rule)) return []
  const silent = rule.fields.filter((field) => isOfDocument(field) && !says[field](bill))
  return [...silent.map((field) => `it does not say ${field}`), ...lacks(rule, bill)]
}

const sayBill = ({ view, bill }: Assessed): string => {
  const bare = (bill?.components ?? []).filter((one) => !has.version(one)).length
  const without = bare === 0 ? '' : `, ${bare} of them without version`
  return `${view.sbom?.format ?? ''}, ${view.sbom?.components ?? 0} components${without}`
}

/** That a bill of materials as it is asked for is about this item, by one of those who are named. */
export function checkSbom(rule: SbomRule, evidence: Evidence): Answered {
  const id = 'policy.sbom'
  const { format, signedBy } = rule
  const expected = `a bill of materials (${kinds[format]}) signed by ${evidence.say(signedBy)}${sayAsked(rule)}`
  const documents = evidence.about.filter(({ predicateType }) => {
    const found = sbomKind(predicateType ?? '')
    return found !== null && (format === 'any' ? found !== 'syft' : found === format)
  })
  const proven = documents.filter(({ view }) => view.result === 'proven')
  const signed = proven.filter((one) => evidence.isBy(one, signedBy))
  const fitting = signed.filter((one) => against(rule, one).length === 0)
  // Entries that nobody can read may lack what is asked.
  const good = fitting.filter(({ bill }) => !looksInside(rule) || bill?.unread === 0)
  const [first] = good
  if (first !== undefined) {
    return { result: pass(id, expected, `${sayBill(first)}, signed by ${saySigner(first)}`, good), good }
  }
  const [odd] = fitting
  if (odd !== undefined) {
    const found = `${odd.bill?.unread ?? 0} components that cannot be read, signed by ${saySigner(odd)}`
    return { result: made(id, 'not-checked', 'unread', { expected, found }, [odd]), good }
  }
  // That there is one is all that is asked then: its type is signed, and what it is about.
  const large = signed.find(isTooLarge)
  if (large !== undefined) {
    // What it says of its own age is not known either.
    const asks = rule.describes || looksInside(rule) || rule.maxAge !== undefined
    if (asks) return { result: tooLarge(id, expected, large), good }
    const found = `${large.view.predicateType ?? ''}, too large to be looked into, signed by ${saySigner(large)}`
    return { result: pass(id, expected, found, [large]), good: [large] }
  }
  const why = proven.map((one) => {
    if (one.view.sbom === null) return 'a document that cannot be read'
    return evidence.isBy(one, signedBy) ? against(rule, one).join(', ') : `signed by ${saySigner(one)}`
  })
  return { result: missing(id, expected, documents, why), good }
}
