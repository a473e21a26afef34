import { describe, expect, it } from 'vitest'
import { askedOnce, normalForm, statedBy } from '../../../main/oci/normal-form.ts'
import { Failure } from '../../../main/platform/failure.ts'

const digest = `sha256:${'a'.repeat(64)}`
const nameOf = (reference: string): string => normalForm('image', reference).name

/** How one place is written, by its one name. */
const spellings: Readonly<Record<string, readonly string[]>> = {
  'docker.io/library/alpine': [
    'alpine:3.19',
    'library/alpine:3.19',
    'docker.io/alpine:3.19',
    'docker.io/library/alpine:3.19',
    'DOCKER.IO/library/alpine:3.19',
    'Docker.io/alpine:3.19',
    'index.docker.io/library/alpine:3.19',
    'index.docker.io/alpine:3.19',
    'INDEX.docker.IO/alpine:3.19',
    'registry-1.docker.io/library/alpine:3.19',
    'registry.hub.docker.com/library/alpine:3.19',
    'www.docker.io/alpine:3.19',
    'docker.io:443/library/alpine:3.19',
    'index.docker.io:443/alpine:3.19',
    'registry-1.docker.io:0443/library/alpine:3.19',
    'docker://alpine:3.19',
    'docker://docker.io/library/alpine:3.19',
    'oci://docker.io/library/alpine:3.19',
    'oci:./lay:alpine:3.19',
    'oci:lay:docker.io/library/alpine:3.19',
    'oci:lay:Index.Docker.io:443/alpine:3.19',
  ],
  'docker.io/bitnami/redis': [
    'bitnami/redis:7',
    'docker.io/bitnami/redis:7',
    'index.docker.io/bitnami/redis:7',
    'oci:x:bitnami/redis:7',
  ],
  'registry.example/team/app': [
    'registry.example/team/app:1',
    'REGISTRY.example/team/app:1',
    'registry.EXAMPLE:443/team/app:1',
    'oci://registry.example/team/app:1',
    'docker://REGISTRY.example:443/team/app:1',
    'Registry.Example:00443/team/app:1',
    `registry.example/team/app@${digest}`,
    `registry.example/team/app:1@${digest}`,
    'oci:./mirror:registry.example/team/app:1',
    'oci:./mirror:Registry.example:443/team/app:1',
  ],
  'localhost:5000/team/app': [
    'localhost:5000/team/app:1',
    'LOCALHOST:5000/team/app:1',
    'localhost:05000/team/app:1',
  ],
  '127.0.0.1:5000/app': [
    '127.0.0.1:5000/app:1',
    '127.1:5000/app:1',
    '127.0.1:5000/app:1',
    '0x7f.1:5000/app:1',
  ],
  '[::1]:5000/app': ['[::1]:5000/app:1', '[0:0:0:0:0:0:0:1]:05000/app:1', 'oci:./lay:[::0001]:5000/app:1'],
  '[fd00::a]/app': ['[fd00::a]/app:1', '[FD00:0::A]:443/app:1', 'docker://[fd00::a]/app:1'],
  'localhost/app': ['localhost/app:1', 'Localhost/app:1', 'LOCALHOST/app:1', 'localhost:443/app:1'],
  'layouts/app': [
    'oci:layouts/app:1',
    'oci:./layouts/app:1',
    'oci:././layouts//app:1',
    'oci:layouts/./app/:1',
    `oci:./layouts/app@${digest}`,
    'oci:layouts/app',
  ],
}

describe('one name for one place', () => {
  it.each(Object.entries(spellings))('%s, however it is spelled', (name, written) => {
    expect(written.map((one) => [one, nameOf(one)])).toEqual(written.map((one) => [one, name]))
  })

  it('keeps apart what are two places', () => {
    const places = [
      'r.example/app:1',
      'r.example:5000/app:1',
      'r.example:80/app:1',
      's.example/app:1',
      'mirror.gcr.io/library/alpine:1',
      'docker.io.example/library/alpine:1',
      'docker.io/team/alpine:1',
      'alpine:1',
      'oci:Layouts/app:1',
      'oci:layouts/app:1',
    ]
    expect(new Set(places.map(nameOf)).size).toBe(places.length)
  })

  it('takes tag and digest out of every form', () => {
    expect(normalForm('image', `r.example:5000/a/b:1@${digest}`)).toEqual({
      name: 'r.example:5000/a/b',
      tag: '1',
      digest,
    })
    expect(normalForm('image', 'oci:./lay:8.0')).toEqual({ name: 'lay', tag: '8.0', digest: null })
    expect(normalForm('image', 'oci:./lay:platform/mysql:8.0')).toEqual({
      name: 'docker.io/platform/mysql',
      tag: '8.0',
      digest: null,
    })
    expect(normalForm('file', './notes/plan.pdf')).toEqual({ name: 'plan.pdf', tag: null, digest: null })
  })

  it.each([
    ['a port that is none', 'localhost:99999/app:1', 'a port from 1 to 65535'],
    ['port 0', 'localhost:0/app:1', 'a port from 1 to 65535'],
    ['an address that is none', '300.1.2.3/app:1', 'a host name'],
    ['a step up', 'r.example/../app:1', 'a repository name in lower case'],
    ['a step that stays', 'r.example/./app:1', 'a repository name in lower case'],
    ['capitals in a repository', 'r.example/Team/app:1', 'a repository name in lower case'],
    [
      'a full name without tag and digest',
      'oci:./lay:team/app',
      'a tag or a digest; “latest” is never assumed',
    ],
    [
      'a version with a plus',
      'host/charts/x:1.0+up2',
      'a tag of letters, digits and . _ -; a registry has it as 1.0_up2',
    ],
    ['an address of the web', 'https://host/app:1', 'a reference without http:// or https:// before it'],
    ['a full name with two tags', 'oci:./lay:team/app:1:2', 'a tag of letters, digits and . _ -'],
  ])('refuses %s', (_, reference, expected) => {
    try {
      nameOf(reference)
      expect.unreachable(reference)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      expect([error.code, error.facts.expected]).toEqual(['reference-form', expected])
    }
  })

  it('a version is the tag, and none where the tag was not resolved to the digest', () => {
    const finding = [{ code: 'tag-not-resolved' }]
    expect(statedBy('image', `r.example/a:1@${digest}`, [])).toEqual({ name: 'r.example/a', version: '1' })
    expect(statedBy('image', `r.example/a:1@${digest}`, finding)).toEqual({
      name: 'r.example/a',
      version: null,
    })
    // A finding takes no version from a tag that stands alone: that one was resolved.
    expect(statedBy('image', 'r.example/a:1', finding)).toEqual({ name: 'r.example/a', version: '1' })
    expect(statedBy('file', 'r.example/notes:1', [])).toEqual({ name: null, version: null })
  })

  it('counts as one what asks for one thing', () => {
    expect(askedOnce('image', 'alpine:1')).toBe(askedOnce('artifact', 'index.docker.io/library/alpine:1'))
    expect(askedOnce('image', 'oci:./a:1')).toBe(askedOnce('image', 'oci:a//:1'))
    expect(askedOnce('image', 'oci:./a:alpine:1')).not.toBe(askedOnce('image', 'alpine:1'))
    expect(askedOnce('image', 'oci:./a:alpine:1')).not.toBe(askedOnce('image', 'oci:./b:alpine:1'))
    expect(askedOnce('image', 'a.example/x:1')).not.toBe(askedOnce('image', 'a.example/x:2'))
    expect(askedOnce('file', './a/x.txt')).toBe(askedOnce('file', 'a/./x.txt'))
  })
})
