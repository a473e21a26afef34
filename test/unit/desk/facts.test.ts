import { describe, expect, it } from 'vitest'
import { facts } from '../../../main/desk/state/facts.ts'

const id = '6f1c1d1e-1111-4111-8111-111111111111'
const digest = `sha256:${'a'.repeat(64)}`
const about = { consignment: id, waybill: digest, name: 'n', epoch: 1, created: '2026-11-22T09:00:00Z' }
const more = { expires: '2026-12-22T09:00:00Z', items: 1, bytes: 1, marking: 'M', requester: 'alice' }

describe('events of earlier versions', () => {
  it('are read as they were meant: seen waybills counted, no list of voids was recorded', () => {
    const seen = facts['waybill.seen'].parse({
      ...about,
      ...more,
      stream: null,
      senderName: 'Hill-1',
      reason: 'r',
      destinations: [],
      voids: [],
      head: null,
    })
    expect({ counted: seen.counted, signers: seen.signers }).toEqual({ counted: true, signers: [] })
    const sealed = facts['waybill.sealed'].parse({
      ...about,
      ...more,
      channel: 'payments',
      reason: 'r',
      destinations: [
        {
          sender: 'a'.repeat(64),
          channel: 'payments',
          destination: 'b'.repeat(64),
          sequence: 1,
          previous: null,
        },
      ],
      head: { size: 1, root: 'AAAA' },
    })
    expect({ voids: sealed.voids, replaces: sealed.replaces }).toEqual({ voids: null, replaces: null })
  })
})
