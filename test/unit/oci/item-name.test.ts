import { describe, expect, it } from 'vitest'
import { normalForm } from '../../../main/oci/normal-form.ts'
import { isAbout } from '../../../main/oci/item-name.ts'

const image = (reference: string) => ({ kind: 'image' as const, name: normalForm('image', reference).name })
const file = (name: string) => ({ kind: 'file' as const, name })
const asks = (name: string) => ({ kind: 'any' as const, name })
const nothing = (name: string) => ({ kind: 'any' as const, name, nothing: true as const })

const alpine = [
  'alpine:3.19',
  'docker.io/alpine:3.19',
  'DOCKER.IO/library/alpine:3.19',
  'index.docker.io/library/alpine:3.19',
  'registry-1.docker.io:443/library/alpine:3.19',
  'oci:./lay:alpine:3.19',
]

describe('a rule that asks for something', () => {
  it.each([
    'docker.io/library/*',
    'docker.io/library/alpine',
    'docker.io/alpine',
    'docker.io/*',
    'docker.io/**',
    'index.docker.io/library/*',
    'Docker.IO/Library/Alpine',
    'registry-1.docker.io:443/library/*',
    'library/*',
    'alpine',
    'ALPINE',
    'alp*',
    '**',
    '**/alpine',
  ])('written %s meets every spelling of one image', (pattern) => {
    expect(alpine.filter((one) => !isAbout(asks(pattern), image(one)))).toEqual([])
  })

  it.each([
    'registry.example/team/*',
    'REGISTRY.example/Team/*',
    'registry.example:443/team/app',
    '*.EXAMPLE/team/*',
  ])('written %s meets a registry of the house in any spelling', (pattern) => {
    const app = [
      'registry.example/team/app:1',
      'Registry.EXAMPLE:443/team/app:1',
      'oci:./m:REGISTRY.example/team/app:1',
    ]
    expect(app.filter((one) => !isAbout(asks(pattern), image(one)))).toEqual([])
  })

  it('meets files and folders without regard to case', () => {
    expect(isAbout(asks('*.exe'), file('SETUP.EXE'))).toBe(true)
    expect(isAbout(asks('oci:./layouts/*'), image('oci:Layouts/app:1'))).toBe(true)
    expect(isAbout(asks('./layouts/app'), image('oci:./layouts//app:1'))).toBe(true)
  })

  it.each([
    ['docker.io/library/*', 'docker.io/team/alpine:1'],
    ['docker.io/library/*', 'quay.io/library/alpine:1'],
    ['alpine', 'quay.io/alpine:1'],
    ['registry.example/team/*', 'registry.example:5000/team/app:1'],
    ['registry.example/team/*', 'registry.example/team/app/evil:1'],
    ['registry.example/team/*', 'registry.example.evil/team/app:1'],
  ])('written %s does not meet %s', (pattern, reference) => {
    expect(isAbout(asks(pattern), image(reference))).toBe(false)
  })

  it('keeps to its kind', () => {
    expect(isAbout({ kind: 'file', name: '**' }, image('alpine:1'))).toBe(false)
    expect(isAbout({ kind: 'image', name: '**' }, file('a.txt'))).toBe(false)
  })
})

describe('a rule that asks for nothing', () => {
  it('meets what it names, in the form that names have', () => {
    expect(alpine.every((one) => isAbout(nothing('docker.io/library/alpine'), image(one)))).toBe(true)
    expect(alpine.every((one) => isAbout(nothing('Index.Docker.io/alpine'), image(one)))).toBe(true)
    expect(isAbout(nothing('oci:./layouts/app'), image('oci:layouts/app:1'))).toBe(true)
    expect(isAbout(nothing('notes.pdf'), file('notes.pdf'))).toBe(true)
  })

  it('lets nothing pass that it is only short for, or that differs by capitals', () => {
    expect(isAbout(nothing('alpine'), image('alpine:1'))).toBe(false)
    expect(isAbout(nothing('library/*'), image('alpine:1'))).toBe(false)
    expect(isAbout(nothing('notes.pdf'), file('NOTES.pdf'))).toBe(false)
    expect(isAbout(nothing('layouts/app'), image('oci:Layouts/app:1'))).toBe(false)
  })
})
