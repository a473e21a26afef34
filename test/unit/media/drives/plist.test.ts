import { describe, expect, it } from 'vitest'
import { parsePlist } from '../../../../main/media/drives/plist.ts'
import { limits } from '../../../../main/platform/limits.ts'

const head =
  '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n'
const plist = (body: string): Buffer => Buffer.from(`${head}<plist version="1.0">\n${body}\n</plist>\n`)
const lists = (depth: number): string => '<array>'.repeat(depth) + '</array>'.repeat(depth)

describe('a property list', () => {
  it.each([
    ['nothing', Buffer.from('')],
    ['a binary one', Buffer.from('bplist00')],
    ['no UTF-8', Buffer.from([...plist('<true/>'), 0xff])],
    [
      'entities of its own',
      Buffer.from('<!DOCTYPE plist [<!ENTITY a "aaaa">]><plist version="1.0"><string>&a;</string></plist>'),
    ],
    ['an entity that nobody knows', plist('<string>&nbsp;</string>')],
    ['a bare &', plist('<string>a & b</string>')],
    ['a character that there is not', plist('<string>&#x110000;</string>')],
    ['an attribute', plist('<string id="x">a</string>')],
    ['another element', plist('<script/>')],
    ['a comment', plist('<!-- x --><true/>')],
    ['a key without a value', plist('<dict><key>a</key></dict>')],
    ['a value without a key', plist('<dict><true/></dict>')],
    ['a name twice', plist('<dict><key>a</key><true/><key>a</key><true/></dict>')],
    ['a name of the language', plist('<dict><key>__proto__</key><dict/></dict>')],
    ['an element in a text', plist('<string>a<b/></string>')],
    ['no end', Buffer.from(`${head}<plist version="1.0"><array>`)],
    ['something behind it', Buffer.concat([plist('<true/>'), Buffer.from('<x/>')])],
    ['two values', plist('<true/><false/>')],
    ['a number that is none', plist('<integer>1e9</integer>')],
    ['a number without end', plist(`<integer>${'9'.repeat(30)}</integer>`)],
    ['too many values', plist(`<array>${'<true/>'.repeat(limits.plistValues)}</array>`)],
    ['too deep a value', plist(lists(limits.plistDepth + 1))],
    ['too many bytes', Buffer.alloc(limits.driveListBytes + 1, 0x20)],
  ])('is refused with %s', (_, bytes) => expect(() => parsePlist(bytes)).toThrow())

  it('is read up to its limits', () => {
    expect(parsePlist(plist(`<array>${'<true/>'.repeat(limits.plistValues - 1)}</array>`))).toHaveLength(
      limits.plistValues - 1,
    )
    expect(parsePlist(plist(lists(limits.plistDepth)))).toBeInstanceOf(Array)
  })

  it('gives every kind of value', () => {
    const body = `<dict>
      <key>a &amp; b</key><string>&lt;x&gt; &#233;&#x1F600;</string>
      <key>n</key><integer>-42</integer><key>r</key><real>1.5</real>
      <key>yes</key><true/><key>no</key><false/>
      <key>when</key><date>2026-01-01T00:00:00Z</date><key>bytes</key><data>AAAA</data>
      <key>none</key><array/><key>empty</key><dict/><key>blank</key><string/>
    </dict>`
    expect(parsePlist(plist(body))).toEqual({
      'a & b': '<x> é😀',
      n: -42,
      r: 1.5,
      yes: true,
      no: false,
      when: '2026-01-01T00:00:00Z',
      bytes: 'AAAA',
      none: [],
      empty: {},
      blank: '',
    })
  })
})
