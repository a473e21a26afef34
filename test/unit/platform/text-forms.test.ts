import { describe, expect, it } from 'vitest'
import { fromBase64, fromHex, textOf, withoutMark } from '../../../main/platform/text-forms.ts'

describe('text as systems leave it behind', () => {
  const words = 'key ✓\r\n'
  it.each([
    ['UTF-8', Buffer.from(words)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${words}`)],
    ['UTF-16', Buffer.from(`\ufeff${words}`, 'utf16le')],
    ['UTF-16, the other way round', Buffer.from(`\ufeff${words}`, 'utf16le').swap16()],
    ['UTF-16 without a mark', Buffer.from(words, 'utf16le')],
    ['UTF-16 without a mark, the other way round', Buffer.from(words, 'utf16le').swap16()],
  ])('%s', (_, bytes) => {
    expect(textOf(bytes)).toBe(words)
    expect(withoutMark(bytes).toString('utf8')).toBe(words)
  })
  it.each([
    ['no UTF-8', Buffer.from([0x61, 0xff])],
    ['half a sign of UTF-16', Buffer.from([0xff, 0xfe, 0x61])],
    ['half a pair', Buffer.from([0xff, 0xfe, 0x00, 0xd8])],
    ['a control', Buffer.from('a\u0001')],
    ['zeros', Buffer.alloc(8)],
  ])('%s is none', (_, bytes) => {
    expect(textOf(bytes)).toBeNull()
    expect(withoutMark(bytes)).toBe(bytes)
  })
})

describe('bytes written as text', () => {
  it.each([
    ['+/8=', 'fbff'],
    ['-_8=', 'fbff'],
    ['-_8', 'fbff'],
    ['+/8', 'fbff'],
    ['AAEC\r\nAwQF\n', '000102030405'],
    ['  AAEC  \n', '000102'],
  ])('base64 %j', (text, hex) => expect(fromBase64(text)?.toString('hex')).toBe(hex))
  it.each(['', '+_8=', 'AA=', 'AB==', 'A', 'AA EC', 'AAEC.', 'AAEC=AAEC', '====', 'AAEC\u00a0x'])(
    'no base64 %j',
    (text) => expect(fromBase64(text)).toBeNull(),
  )
  it.each([
    ['00ff', '00ff'],
    ['00:FF\n', '00ff'],
    ['EC-SHA256(a file)= 00ff', '00ff'],
  ])('hexadecimal %j', (text, hex) => expect(fromHex(text)?.toString('hex')).toBe(hex))
  it.each(['', '0', '00f', '0x00', '00 ff', 'gg'])('no hexadecimal %j', (text) =>
    expect(fromHex(text)).toBeNull(),
  )
})
