import { describe, expect, it } from 'vitest'
import { noProxyHere, proxyHere } from '../../../main/desk/work/environment.ts'
import type { Failure } from '../../../main/platform/failure.ts'
import { isExcepted } from '../../../main/platform/no-proxy.ts'
import { nameOfProxy, parseProxy } from '../../../main/platform/proxy.ts'

describe('the address of a proxy', () => {
  it('is read as other tools read it', () => {
    const read = (text: string): unknown[] => {
      const proxy = parseProxy(text, 'it')
      return [nameOfProxy(proxy), proxy.login]
    }
    expect(read('http://proxy.example:3128')).toEqual(['http://proxy.example:3128', null])
    expect(read('proxy.example:3128')).toEqual(['http://proxy.example:3128', null])
    expect(read('10.0.0.1:3128')).toEqual(['http://10.0.0.1:3128', null])
    expect(read('http://proxy.example')).toEqual(['http://proxy.example:80', null])
    expect(read('https://proxy.example/')).toEqual(['https://proxy.example:443', null])
    expect(read('https://proxy.example:80')).toEqual(['https://proxy.example:80', null])
    expect(read('socks5://proxy.example')).toEqual(['socks5://proxy.example:1080', null])
    expect(read('SOCKS5H://[fd00::1]:1081')).toEqual(['socks5://[fd00::1]:1081', null])
    expect(read('http://bob:a%3Ab%40c@proxy.example:1')).toEqual([
      'http://proxy.example:1',
      { user: 'bob', password: 'a:b@c' },
    ])
  })

  it.each([
    'ftp://proxy.example:1',
    'socks4://proxy.example:1',
    'http://',
    'http://proxy.example:99999',
    'http://proxy.example:0',
    'http://proxy.example:1/path',
    'http://proxy.example:1?secret',
    'http://bob:%zz@proxy.example:1',
    'http://:secret@proxy.example:1',
    'http://b%3Ab:secret@proxy.example:1',
    `http://bob:${'s'.repeat(256)}@proxy.example:1`,
    'http://bob:se%0Acret@proxy.example:1',
  ])('is refused and not repeated: %s', (text) => {
    const act = (): unknown => parseProxy(text, 'HTTPS_PROXY')
    expect(act).toThrow(expect.objectContaining({ code: 'proxy-form' }) as Error)
    try {
      act()
    } catch (error) {
      const said = JSON.stringify((error as Failure).view())
      expect(said).not.toMatch(/secret|sss|bob/)
      expect(said).toContain('HTTPS_PROXY')
    }
  })

  it('comes from the environment, small letters first, and for everything where none is for TLS', () => {
    const named = (environment: Record<string, string>): string | null => {
      const found = proxyHere(environment)
      return found === null ? null : nameOfProxy(found.proxy)
    }
    expect(named({})).toBe(null)
    expect(named({ HTTP_PROXY: 'http://a:1' })).toBe(null)
    expect(named({ HTTPS_PROXY: '', ALL_PROXY: 'socks5://b:2' })).toBe('socks5://b:2')
    expect(named({ HTTPS_PROXY: 'http://a:1', ALL_PROXY: 'socks5://b:2' })).toBe('http://a:1')
    expect(named({ HTTPS_PROXY: 'http://a:1', https_proxy: 'http://c:3' })).toBe('http://c:3')
    expect(noProxyHere({ NO_PROXY: 'a', no_proxy: 'b' })).toBe('b')
  })
})

describe('NO_PROXY', () => {
  const rows: [list: string, host: string, port: number, excepted: boolean][] = [
    ['', 'a.example', 443, false],
    ['*', 'a.example', 443, true],
    ['a.example', 'a.example', 443, true],
    ['A.Example.', 'a.example', 443, true],
    ['a.example', 'x.a.example', 443, true],
    ['a.example', 'xa.example', 443, false],
    ['.a.example', 'x.a.example', 443, true],
    ['.a.example', 'a.example', 443, false],
    ['*.a.example', 'x.a.example', 443, true],
    ['b.example, a.example', 'a.example', 443, true],
    ['b.example a.example', 'a.example', 443, true],
    ['a.example:5000', 'a.example', 5000, true],
    ['a.example:5000', 'a.example', 443, false],
    ['10.0.0.0/8', '10.1.2.3', 443, true],
    ['10.0.0.0/8', '11.1.2.3', 443, false],
    ['10.0.0.0/8', '10.example', 443, false],
    ['10.0.0.0/99', '10.1.2.3', 443, false],
    ['10.0.0.0/x', '10.0.0.0', 443, false],
    ['a.example/8', 'a.example', 443, false],
    ['10.1.2.3', '10.1.2.3', 443, true],
    ['10.1.2.3:5000', '10.1.2.3', 5000, true],
    ['10.1.2.3:5000', '10.1.2.3', 443, false],
    ['10.1.2.3', 'x.10.1.2.3', 443, false],
    ['fd00::/8', 'fd00::1', 443, true],
    ['fd00::/8', 'fe00::1', 443, false],
    ['fd00:0:0::1', 'fd00::1', 443, true],
    ['[fd00::1]', 'fd00::1', 443, true],
    ['[fd00::1]:5000', 'fd00::1', 5000, true],
    ['[fd00::1]:5000', 'fd00::1', 443, false],
    ['., ,,', 'a.example', 443, false],
  ]
  it.each(rows)('%j, %s:%d: %s', (list, host, port, excepted) =>
    expect(isExcepted(list, host, port)).toBe(excepted),
  )
})
