import { describe, expect, it } from 'vitest'
import { answerOf } from '../../support/answer-keys.ts'
import { expectedAnswer, keyForms, signedMessage } from '../../support/key-forms.ts'

/* One key has one form, whichever library reads it; the same table runs in Electron (test/e2e/key-forms). */

describe('public keys', () => {
  it('each have a name of their own here', () => {
    expect(new Set(keyForms.map(({ name }) => name)).size).toBe(keyForms.length)
    const sound = keyForms.filter(({ core }) => core !== 'refused')
    console.log(`${keyForms.length} forms of keys: ${sound.length} to be taken, the rest refused`)
  })
  for (const form of keyForms) {
    it(`${form.name}: ${form.core}`, () => {
      expect(answerOf(form, signedMessage)).toEqual(expectedAnswer(form))
    })
  }
})
