import { describe, expect, it } from 'vitest'
import { moved, useView, type Move } from '../../../renderer/state/view.ts'

const start = useView.getInitialState()
const from = (...moves: Move[]) => moves.reduce(moved, start)

describe('moving through the window', () => {
  it('shows one page at a time, whatever was shown before', () => {
    const moves: readonly Move[] = [
      { to: 'place', place: 'ledger' },
      { to: 'consignment', id: 'a', step: 'report' },
      { to: 'receive' },
      { to: 'refused', sequence: 7 },
      { to: 'look' },
      { to: 'job', id: 'j' },
      { to: 'start' },
    ]
    for (const before of moves) {
      for (const last of moves) {
        const view = from(before, last)
        expect(view.job !== null).toBe(last.to === 'job')
        expect(view.receiving).toBe(last.to === 'receive')
        expect(view.looking).toBe(last.to === 'look')
        expect(view.refused !== null).toBe(last.to === 'refused')
        if (last.to !== 'job') expect(view.consignment !== null).toBe(last.to === 'consignment')
      }
    }
  })

  it('keeps the consignment under a decision and under its export', () => {
    const shown = from({ to: 'consignment', id: 'a', step: 'verdict' })
    expect(moved(shown, { to: 'decide', outcome: 'hold' })).toMatchObject({
      consignment: 'a',
      step: 'decide',
      outcome: 'hold',
    })
    expect(moved(shown, { to: 'job', id: 'j' })).toMatchObject({ consignment: 'a', job: 'j' })
  })

  it('never carries an outcome from one consignment to another', () => {
    const view = from(
      { to: 'consignment', id: 'a', step: 'verdict' },
      { to: 'decide', outcome: 'reject' },
      { to: 'consignment', id: 'b', step: 'verdict' },
    )
    expect(view).toMatchObject({ consignment: 'b', step: 'verdict', outcome: start.outcome })
  })

  it('keeps the registry that a page is about under its work, and nowhere else', () => {
    const sealing = from({ to: 'consignment', id: 'a', step: 'seal', target: 'registry:r/apps' })
    expect(moved(sealing, { to: 'job', id: 'j' }).target).toBe('registry:r/apps')
    expect(moved(sealing, { to: 'consignment', id: 'a', step: 'export' }).target).toBeNull()
    expect(moved(sealing, { to: 'place', place: 'landing' }).target).toBeNull()
  })
})
