import { describe, expect, it } from 'vitest'
import type { Role } from '../../../shared/schema.ts'
import { writtenAhead } from '../../../shared/rules/written-ahead.ts'

/* Exceptions that a policy writes ahead: overrides by two people who may decide together, and for their days alone. */

const person = (id: string, ...roles: Role[]) => ({
  person: id,
  name: id.toUpperCase(),
  fingerprint: id.repeat(8),
  roles,
})
const people = [
  person('agent', 'transfer-agent'),
  person('witness', 'witness'),
  person('officer', 'security-officer'),
  person('auditor', 'auditor'),
]
const exception = {
  check: 'policy.sbom',
  subject: 'app',
  reason: 'being made',
  approvers: ['agent', 'witness'],
  since: '2026-01-02',
  until: '2026-01-04',
}
const noon = '2026-01-03T12:00:00Z'

describe('an exception that is written ahead', () => {
  it('is an override by its two approvers, until the end of its last day', () => {
    expect(writtenAhead([exception], people, noon)).toEqual([
      {
        check: 'policy.sbom',
        subject: 'app',
        reason: 'being made',
        until: '2026-01-05T00:00:00Z',
        people: ['AGENT', 'WITNESS'],
      },
    ])
  })

  it('of everything has no subject', () => {
    const { check, reason, approvers, since, until } = exception
    const all = { check, reason, approvers, since, until }
    expect(writtenAhead([all], people, noon)[0]?.subject).toBeNull()
  })

  it('begins with its first day', () => {
    expect(writtenAhead([exception], people, '2026-01-01T23:59:59Z')).toEqual([])
    expect(writtenAhead([exception], people, '2026-01-02T00:00:00Z')).toHaveLength(1)
  })

  it.each([
    ['somebody who is not here', ['agent', 'gone']],
    ['two who may not decide together', ['witness', 'officer']],
    ['one who decides nothing', ['agent', 'auditor']],
    ['one person', ['agent', 'agent']],
    ['one approver', ['agent']],
  ])('counts for nothing by %s', (_, approvers) => {
    expect(writtenAhead([{ ...exception, approvers }], people, noon)).toEqual([])
  })

  it('counts for nothing where the two are one by name or key', () => {
    const twin = { ...person('twin', 'witness'), name: 'Ágent' }
    const sameKey = { ...person('key', 'witness'), fingerprint: people[0]?.fingerprint ?? '' }
    const by = (id: string) =>
      writtenAhead([{ ...exception, approvers: ['agent', id] }], [...people, twin, sameKey], noon)
    expect(by('twin')).toEqual([])
    expect(by('key')).toEqual([])
  })

  it('is never from what people may not except', () => {
    expect(writtenAhead([{ ...exception, check: 'signatures.line' }], people, noon)).toEqual([])
  })
})
