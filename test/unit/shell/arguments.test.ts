import { describe, expect, it } from 'vitest'
import { readStart } from '../../../main/shell/arguments.ts'

describe('a start', () => {
  it('names a desk or none', () => {
    expect(readStart([], false)).toEqual({ desk: null, refused: null })
    expect(readStart(['./high'], false)).toEqual({ desk: './high', refused: null })
    expect(readStart(['--lang=en-GB', './high'], false)).toEqual({ desk: './high', refused: null })
  })

  it.each([
    '--remote-debugging-port=9222',
    '--remote-debugging-pipe',
    '--inspect',
    '--inspect-brk=0.0.0.0:1',
    '--no-sandbox',
    '--disable-web-security',
    '--disable-features=x',
    '--load-extension=/tmp/x',
    '--user-data-dir=/tmp/x',
    '--js-flags=--allow-natives-syntax',
    '--host-resolver-rules=MAP * 1.2.3.4',
    '--proxy-server=1.2.3.4',
    '--lang-no-sandbox',
    '-r',
    '-',
    '--',
  ])('refuses %s', (word) => {
    expect(readStart([word], false)).toEqual({ desk: null, refused: word })
    expect(readStart(['./high', word], false)).toMatchObject({ desk: null })
  })

  it('lets itself be driven only where the build allows it', () => {
    const words = ['--inspect=0', '--remote-debugging-port=0', '/desk']
    expect(readStart(words, true)).toEqual({ desk: '/desk', refused: null })
    expect(readStart(words, false)).toMatchObject({ refused: '--inspect=0' })
    expect(readStart(['--no-sandbox'], true)).toMatchObject({ refused: '--no-sandbox' })
  })

  it('refuses a second desk', () =>
    expect(readStart(['/a', '/b'], false)).toEqual({ desk: null, refused: '/b' }))
})
