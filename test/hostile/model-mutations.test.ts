import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { modelArtifact } from '../../main/evidence/model/artifact.ts'
import { digestOf } from '../../main/platform/hash.ts'
import { Refusal } from '../../main/sigstore/refusal.ts'
import { inTotoType, readStatement } from '../../main/sigstore/subject.ts'
import { subject } from '../support/attacks/evidence.ts'
import { ignored, modelStatement, type ModelFiles } from '../support/signed-model.ts'

/* Whatever one thing is changed in a folder after it was signed, the signature does not speak for it any more. */

const itself = digestOf(Buffer.from('the signature'))

function speaksFor(signed: ModelFiles, came: ModelFiles): string {
  const files = Object.entries(came).map(([path, content]) => {
    const bytes = Buffer.from(content)
    return { path, digest: digestOf(bytes), size: bytes.length }
  })
  const { own } = modelArtifact(subject, { title: 'assistant', version: null, files })(itself)
  try {
    own?.check(readStatement(modelStatement(signed), inTotoType))
    return 'proven'
  } catch (error) {
    if (error instanceof Refusal) return error.reason.code
    throw error
  }
}

const step = fc
  .stringMatching(/^[a-z0-9_.-]{1,8}$/)
  .filter((text) => !ignored.includes(text) && text !== '.' && text !== '..')
const path = fc.array(step, { minLength: 1, maxLength: 3 }).map((steps) => steps.join('/'))
const folder = fc.dictionary(path, fc.string(), { minKeys: 1, maxKeys: 8, noNullPrototype: true })
const one = (files: ModelFiles, n: number): [string, string | Buffer] => {
  const entries = Object.entries(files)
  return entries[n % entries.length] ?? ['', '']
}
const without = (files: ModelFiles, name: string): ModelFiles =>
  Object.fromEntries(Object.entries(files).filter(([path]) => path !== name))

describe('a folder of a model', () => {
  it('is spoken for as it was signed, with what is left out beside it', () => {
    fc.assert(
      fc.property(folder, fc.constantFrom(...ignored), (files, left) => {
        expect(speaksFor(files, { ...files, [left]: 'x', [`${left}/y`]: 'x' })).toBe('proven')
      }),
    )
  })

  it('is not with a file changed, removed, renamed or added', () => {
    fc.assert(
      fc.property(folder, fc.nat(), path, fc.string(), (files, n, other, text) => {
        const [name, content] = one(files, n)
        fc.pre(!Object.hasOwn(files, other) && text !== content)
        expect(speaksFor(files, { ...files, [name]: text })).toBe('statement.file-differs')
        const rest = without(files, name)
        expect(speaksFor(files, rest)).toBe('statement.file-missing')
        expect(speaksFor(files, { ...rest, [other]: content })).toBe('statement.file-missing')
        expect(speaksFor(files, { ...files, [other]: text })).toBe('statement.file-unlisted')
        expect(speaksFor({ ...rest, [other]: content }, files)).toBe('statement.file-missing')
      }),
    )
  })
})
