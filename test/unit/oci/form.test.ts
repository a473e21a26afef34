import { describe, expect, it } from 'vitest'
import { ManifestProblem, parseDescriptor } from '../../../main/oci/descriptor.ts'
import { kindOf } from '../../../main/oci/kind.ts'
import { tagsOf } from '../../../main/oci/layout.ts'
import { parseManifest } from '../../../main/oci/manifest.ts'
import type { Json } from '../../../main/platform/json.ts'
import { limits } from '../../../main/platform/limits.ts'
import { sha256, types } from '../../support/images.ts'

/* The form of manifests and descriptors: what is refused is refused by its reason. */

const named = (bytes = 'x', more: object = {}): { [name: string]: Json } => ({
  ...{ mediaType: 'text/plain', digest: sha256(bytes), size: bytes.length },
  ...more,
})
function refusal(act: () => unknown): readonly string[] {
  try {
    act()
    return ['nothing']
  } catch (error) {
    if (error instanceof ManifestProblem) return [error.reason, error.expected]
    throw error
  }
}

describe('a descriptor', () => {
  const refused = (more: object): readonly string[] => refusal(() => parseDescriptor(named('x', more)))

  it('has a digest by sha256; another algorithm is told from what is none', () => {
    for (const digest of [`sha512:${'a'.repeat(128)}`, 'md5:x', 'multihash+base58:Qm'])
      expect({ digest, why: refused({ digest }) }).toEqual({ digest, why: ['algorithm', 'a sha256 digest'] })
    for (const digest of ['sha256:x', `sha256:${'A'.repeat(64)}`, '', 'x', ':x', 5, null])
      expect({ digest, why: refused({ digest }) }).toEqual({
        digest,
        why: ['manifest-form', 'a sha256 digest'],
      })
  })

  it('may have its content in it, which is then exactly that', () => {
    const inline = (data: unknown, bytes = 'inline'): readonly string[] =>
      refusal(() => parseDescriptor(named(bytes, { data })))
    expect(inline(Buffer.from('inline').toString('base64'))).toEqual(['nothing'])
    expect(inline(undefined)).toEqual(['nothing'])
    for (const data of [5, 'a b', 'YQ===', null]) expect(inline(data)[0]).toBe('inline-content')
    expect(inline(Buffer.from('inlin').toString('base64'))).toEqual(['inline-content', '6 bytes'])
    expect(inline(Buffer.from('Inline').toString('base64'))).toEqual(['inline-content', sha256('inline')])
  })

  it('names a platform by system and architecture, or none', () => {
    const platform = (value: unknown): unknown => parseDescriptor(named('x', { platform: value })).platform
    const linux = { os: 'linux', architecture: 'arm64' }
    const unsaid = { osVersion: null, osFeatures: [] }
    expect(platform({ ...linux, variant: 'v8' })).toEqual({ ...linux, ...unsaid, variant: 'v8' })
    for (const variant of ['', 5, undefined])
      expect(platform({ ...linux, variant })).toEqual({ ...linux, ...unsaid, variant: null })
    expect([platform(undefined), platform(null)]).toEqual([null, null])
    for (const value of [{ os: 'linux' }, { architecture: 'arm64' }, { os: 1, architecture: 'arm64' }])
      expect(refusal(() => platform(value))).toEqual(['manifest-form', 'platform: os and architecture'])
  })
})

describe('a manifest', () => {
  const config = named('{}')
  const read = (body: object, mediaType: string = types.manifest) =>
    parseManifest(Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, ...body })), mediaType)

  it('may name a subject, or say that it has none', () => {
    const subjectOf = (subject: unknown): string | undefined =>
      read({ config, layers: [], subject }).subject?.digest
    expect(subjectOf(named('subject'))).toBe(sha256('subject'))
    expect([subjectOf(null), subjectOf(undefined)]).toEqual([undefined, undefined])
    expect(refusal(() => subjectOf({}))[0]).toBe('manifest-form')
  })

  it('has so many layers and no more', () => {
    const layers = (count: number): unknown[] => Array.from({ length: count }, () => ({ ...named() }))
    const { descriptors } = limits
    expect(read({ config, layers: layers(descriptors) })).toMatchObject({ kind: 'manifest' })
    expect(refusal(() => read({ config, layers: layers(descriptors + 1) }))).toEqual([
      'too-many',
      `at most ${descriptors} layers`,
    ])
  })

  it('is of one kind, of the type under which it was named, and of a format that is read', () => {
    const index = { manifests: [] }
    expect(read(index, types.index).kind).toBe('index')
    for (const more of [{ config }, { layers: [] }])
      expect(refusal(() => read({ ...index, ...more }, types.index))[0]).toBe('two-kinds')
    expect(refusal(() => read({ config, layers: [], mediaType: types.index }))[0]).toBe('media-type-differs')
    expect(refusal(() => read({ config, layers: [], schemaVersion: 1 }))[0]).toBe('format-refused')
    expect(refusal(() => read({ config, layers: [], schemaVersion: 3 }))[0]).toBe('manifest-form')
    expect(read({ config, layers: [], mediaType: undefined }).mediaType).toBe(types.manifest)
  })

  it('of an index is an image where some manifest below is one, whatever it calls itself', () => {
    const index = (more: object = {}) => read({ manifests: [], ...more }, types.index)
    expect(kindOf(index(), true)).toBe('image')
    expect(kindOf(index(), false)).toBe('artifact')
    expect(kindOf(index({ artifactType: 'application/x' }), true)).toBe('image')
    expect(kindOf(index({ artifactType: 'application/x' }), false)).toBe('artifact')
  })
})

describe('an entry of a layout', () => {
  it('goes by the tag of a full reference, or by the tag alone', () => {
    const tags = (annotations: object): string[] => tagsOf(parseDescriptor(named('x', { annotations })))
    const ref = 'org.opencontainers.image.ref.name'
    expect(tags({ [ref]: '1.2.3' })).toEqual(['1.2.3'])
    expect(tags({ [ref]: 'registry.test:5000/app:1.2.3' })).toEqual(['1.2.3'])
    expect(tags({ [ref]: 'registry.test:5000/app' })).toEqual(['registry.test:5000/app'])
    expect(tags({ 'io.containerd.image.name': 'registry.test/app:2', [ref]: '2' })).toEqual(['2', '2'])
    expect(tags({})).toEqual([])
  })
})
