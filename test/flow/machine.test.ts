import { describe, expect, it } from 'vitest'
import { needed, planFor, type Machine } from '../support/packages.ts'

const bare: Machine = {
  root: true,
  has: (path) => path === '/etc/debian_version' || path === '/usr/bin/apt-get',
  links: () => false,
  environment: {},
}
const names = needed.map((one) => one.name)

describe('on a fresh machine npm test', () => {
  it('installs nothing where it was told not to, and says what is therefore not run', () => {
    const { install, say } = planFor({ ...bare, environment: { CI: 'true', SALLYPORT_TEST_INSTALL: '0' } })
    expect(install).toEqual([])
    expect(say[0]).toBe(`To run everything: sudo apt-get install ${names.join(' ')}`)
    for (const { without } of needed) expect(say).toContain(`Not run without it: ${without}`)
  })

  it.each([
    ['another account than root', { root: false }],
    ['another system than Debian', { has: (path: string) => path === '/usr/bin/apt-get' }],
    ['a Debian without apt-get', { has: (path: string) => path === '/etc/debian_version' }],
  ])('installs nothing as %s', (_, other) => expect(planFor({ ...bare, ...other }).install).toEqual([]))

  it('installs as root on Debian what is missing, and says so first', () => {
    const { install, say } = planFor({ ...bare, links: (library) => library !== 'libgtk-3.so.0' })
    expect(install).toEqual(
      needed.filter((one) => one.shows.startsWith('/') || one.name === 'libgtk-3-0').map((one) => one.name),
    )
    expect(say).toEqual([expect.stringContaining(`apt-get install ${install.join(' ')}`)])
    expect(say[0]).toContain('SALLYPORT_TEST_INSTALL=0')
  })

  it('says nothing where everything is there', () =>
    expect(planFor({ ...bare, has: () => true, links: () => true })).toEqual({ install: [], say: [] }))
})
