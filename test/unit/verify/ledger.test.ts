import { describe, expect, it } from 'vitest'
import type { Digest } from '../../../shared/digest.ts'
import type { Waybill } from '../../../shared/waybill.ts'
import { deskIdOf } from '../../../main/bundle/waybill.ts'
import { signCheckpoint } from '../../../main/ledger/checkpoint.ts'
import { leafHash, Tree } from '../../../main/ledger/merkle.ts'
import { createStationKey } from '../../../main/sign/key-file.ts'
import { CheckList } from '../../../main/verify/check.ts'
import { checkLedger } from '../../../main/verify/checks/ledger.ts'
import type { HeadProof, SeenHead } from '../../../main/verify/types.ts'

/* A sender's ledger of many bundles, each with proofs for the 64 before it, as a low desk writes them. */

const { signer } = await createStationKey()
const sender = {
  format: 'sallyport.desk/v1',
  side: 'low',
  name: 'Hill-1',
  created: '2026-11-22T09:00:00Z',
  nonce: '0'.repeat(64),
  station: signer.key.spki.toString('base64'),
} as const
const digestOf = (number: number): Digest => `sha256:${String(number).padStart(64, '0')}`

interface Sent extends SeenHead {
  readonly checkpoint: string
  readonly brought: readonly HeadProof[]
}

/** Bundles 1 … `count`, each three events after the one before; `fork` writes another history from there on. */
async function history(count: number, proofs: number, read: () => void, fork = Infinity): Promise<Sent[]> {
  const tree = new Tree()
  const sent: Sent[] = []
  for (let number = 1; number <= count; number++) {
    const other = number >= fork ? 'other ' : ''
    for (const event of [0, 1, 2]) tree.append(leafHash(Buffer.from(`${other}${number}.${event}`)))
    const head = { size: tree.size, root: tree.root() }
    const brought = sent.slice(-proofs).map(({ head: before }) => ({
      size: before.size,
      root: before.root.toString('base64'),
      hashes: tree.proof(before.size).map((hash) => hash.toString('base64')),
    }))
    const checkpoint = await signCheckpoint(deskIdOf(sender), head, signer)
    const given = (): Promise<readonly HeadProof[]> => {
      read()
      return Promise.resolve(brought)
    }
    sent.push({ waybill: digestOf(number), head, checkpoint, brought, proofs: given })
  }
  return sent
}

async function resultsOf(newest: Sent, seen: readonly Sent[]): Promise<Record<string, number>> {
  const list = new CheckList()
  const { checkpoint, brought } = newest
  const waybill = { sender, ledger: { checkpoint, witnessed: [], proofs: brought } } as unknown as Waybill
  await checkLedger(waybill, newest.waybill, seen, list)
  const results: Record<string, number> = {}
  for (const { result } of list.checks) results[result] = (results[result] ?? 0) + 1
  return results
}

describe('a sender’s ledger over a long history', () => {
  it('is joined to every earlier head, reading few of the earlier waybills', async () => {
    let reads = 0
    const sent = await history(1000, 64, () => (reads += 1))
    const newest = sent[999]!
    expect(await resultsOf(newest, sent)).toEqual({ pass: 65 })
    expect(reads).toBe(15)
  })

  it('tells, and asks no more, where a waybill on the way is gone', async () => {
    const sent = await history(200, 64, () => undefined)
    const gone = sent.map((one, i) => (i === 135 ? { ...one, proofs: () => Promise.resolve([]) } : one))
    const { pass, warn, 'not-checked': unknown } = await resultsOf(sent[199]!, gone)
    expect({ pass, warn, unknown }).toEqual({ pass: 64, warn: 1, unknown: undefined })
  })

  it('needs a proof from the newest head known, whatever it proves of older ones', async () => {
    const sent = await history(20, 64, () => undefined)
    const newest = { ...sent[19]!, brought: sent[19]!.brought.filter((one) => one.size < 57) }
    const { pass, 'not-checked': unknown } = await resultsOf(newest, sent)
    expect({ pass, unknown }).toEqual({ pass: 18, unknown: 1 })
  })

  it('tells of an older one that no later waybill proves', async () => {
    const sent = await history(20, 2, () => undefined)
    expect(await resultsOf(sent[9]!, [sent[19]!])).toEqual({ warn: 1 })
  })

  it('says loudly that a raise of the epoch ended the chain', async () => {
    const sent = await history(2, 64, () => undefined)
    const list = new CheckList()
    const { checkpoint } = sent[1]!
    const waybill = { sender, ledger: { checkpoint, witnessed: [], proofs: [] } } as unknown as Waybill
    await checkLedger(waybill, sent[1]!.waybill, [], list, 'epoch 2 of channel payments')
    expect(list.checks.map(({ result, reason }) => `${result} ${reason}`)).toEqual(['warn epoch-raised'])
  })

  it('fails where the sender went on from another beginning, however long ago', async () => {
    const honest = await history(200, 64, () => undefined)
    const other = await history(200, 64, () => undefined, 100)
    // Bundle 150 of the first history was seen here; the sender now shows the other one.
    const seen = [...other.slice(0, 199), { ...honest[149]!, waybill: digestOf(9150) }]
    const { fail, 'not-checked': unknown } = await resultsOf(other[199]!, seen)
    expect({ fail, unknown }).toEqual({ fail: 1, unknown: undefined })
  })

  it('holds an old waybill that comes again against the newer heads, by their own proofs', async () => {
    const sent = await history(20, 64, () => undefined)
    expect(await resultsOf(sent[9]!, sent)).toEqual({ pass: 19 })
  })
})
