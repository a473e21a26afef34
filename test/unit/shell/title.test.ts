import { expect, it } from 'vitest'
import { titleOf } from '../../../main/shell/title.ts'

it('the title of the window says which desk is open, in letters that show what they are', () => {
  expect(titleOf(null)).toBe('No desk is open · Sallyport')
  expect(titleOf({ name: 'Delta-2', side: 'high' })).toBe('Delta-2, high side · Sallyport')
  expect(titleOf({ name: '$& \u202e', side: 'low' })).toBe('$& ⟦U+202E⟧, low side · Sallyport')
})
