import { describe, expect, it } from 'vitest'
import {
  isFileReference,
  isFileTitle,
  isFreeText,
  isKeptText,
  isReference,
  visible,
} from '../../../shared/names.ts'
import { alikeTo, looksAlike } from '../../../shared/rules/alike.ts'

const at = (code: number): string => String.fromCodePoint(code)

/** What nobody sees, by its kind. */
const unseen: Readonly<Record<string, readonly number[]>> = {
  controls: [0x00, 0x07, 0x0a, 0x1b, 0x7f, 0x85, 0x9f],
  'format characters': [
    0xad, 0x61c, 0x180e, 0x200b, 0x200d, 0x200e, 0x202e, 0x2060, 0x2066, 0xfeff, 0x110bd, 0x1d173,
  ],
  'line and paragraph separators': [0x2028, 0x2029],
  tags: [0xe0001, 0xe0020, 0xe0041, 0xe007f],
  fillers: [0x115f, 0x1160, 0x3164, 0xffa0, 0x2800],
  'selectors of variants': [0xfe00, 0xfe0f, 0x180b, 0xe0100, 0xe01ef],
  'joiners and vowels without a form': [0x34f, 0x17b4, 0x17b5],
  'private use': [0xe000, 0xf8ff, 0xf0000, 0x10fffd],
  'unassigned characters': [0x378, 0x2fe0, 0xe0080, 0x1fbff + 0x100],
  noncharacters: [0xfdd0, 0xfffe, 0xffff, 0x1fffe, 0x10ffff],
}

describe('free text', () => {
  it.each(Object.entries(unseen))('has no %s', (_, codes) => {
    for (const code of codes) {
      for (const text of [`Bob${at(code)} Lind`, at(code), `${at(code)}Bob`, `Bob${at(code)}`]) {
        expect([code.toString(16), isFreeText(text)]).toEqual([code.toString(16), false])
      }
      expect(visible(`a${at(code)}b`)).toMatch(/^a⟦U\+[0-9A-F]{4,}⟧b$/)
    }
  })

  it.each(['', ' ', '\u00a0', '\u3000\u2003', '\u0301', ' \u0301', 'a \u0301', '\ud800', 'Cafe\u0301'])(
    'is not blank, has no accent without its letter, and is composed: %j',
    (text) => expect(isFreeText(text)).toBe(false),
  )

  it.each([
    'Bob Lind',
    'José Müller-Ångström',
    'Ольга Кузнецова',
    '山田 太郎',
    'محمد علي',
    'नरेन्द्र',
    '홍길동',
    'change 12: “urgent” – see #7',
    '🚀',
    'a'.repeat(500),
  ])('is what people write: %s', (text) => expect(isFreeText(text)).toBe(true))

  it('of an honest past is still read', () => {
    expect([isKeptText(' '), isKeptText(`Bob${at(0xfe0f)}`), isKeptText(`Bob${at(0x202e)}`)]).toEqual([
      true,
      true,
      false,
    ])
  })
})

describe('a reference', () => {
  it('has brackets around an address before it, and nowhere else', () => {
    for (const text of [
      '[::1]:5000/a:1',
      'docker://[fd00::1]/a:1',
      'oci://[fd00::1]:5000/a:1',
      'oci:./lay:[fd00::1]:5000/a:1',
      '[::ffff:1.2.3.4]/a',
    ])
      expect([text, isReference(text)]).toEqual([text, true])
    for (const text of [
      'a[::1]',
      '[]/a',
      '[::1%eth0]/a:1',
      '[x]/a',
      '[::1]',
      'r.example/[::1]/a',
      `[::1]/${'a'.repeat(295)}`,
    ])
      expect([text, isReference(text)]).toEqual([text, false])
  })
})

describe('the title of a file', () => {
  it.each([
    'libstdc++6_12.2.0-14_amd64.deb',
    'rke2-server-1.29.3~rke2r1-0.el8.x86_64.rpm',
    'torch-2.4.0+cu124-cp312-cp312-linux_x86_64.whl',
    'node@20.tgz',
    'Release notes 1.2.pdf',
    'Änderungen.pdf',
    '変更.txt',
    'नोट्स.txt',
    'a=b,c.txt',
    'x'.repeat(200),
  ])('is a name as packages and people have it: %s', (title) => {
    expect(isFileTitle(title)).toBe(true)
    expect(isFileReference(`./folder one/${title}`)).toBe(true)
  })

  it.each([
    ...[
      '',
      '.',
      '..',
      '.hidden',
      'ends.',
      ' a',
      'a ',
      'a/b',
      'a\\b',
      'a:b',
      'a*',
      'a?',
      'a|b',
      'a"b',
      'a<b',
      "a'b",
    ],
    ...[
      'CON',
      'con.txt',
      'Lpt1.log',
      'nul',
      'a\u00a0b',
      'a\u200bb',
      'a\u202eb',
      'nai\u0308ve',
      '\u0301a',
      'a\nb',
    ],
    ...['x'.repeat(201), 'é'.repeat(101), '😀', 'a;b', 'a$b', 'a%b', 'a(b)', '\ue000'],
  ])('is none that some system would not take: %j', (title) => expect(isFileTitle(title)).toBe(false))
})

describe('names that look alike', () => {
  it.each([
    ['Bob Lind', 'Воb Lind'],
    ['Bob Lind', 'BOB LIND'],
    ['Bob Lind', 'Bob  Lind'],
    ['Bob Lind', 'Bob L\u0131nd'],
    ['Bob Lind', 'Bob 1ind'],
    ['Bob Lind', 'Bob-Lind'],
    ['José', 'Jose'],
    ['Alice Warner', 'АIiсе Wаrпеr'],
    ['Carmen', 'Carrnen'],
    ['Otto', '0tt0'],
    ['Ωlga'.normalize('NFC'), 'ωlga'],
  ])('%s and %s', (a, b) => expect([looksAlike(a, b), looksAlike(b, a)]).toEqual([true, true]))

  it.each([
    ['Bob Lind', 'Bob Lund'],
    ['Dave Okoro', 'Erin Okoro'],
    ['山田 太郎', '山田 次郎'],
    ['Ольга', 'Олег'],
  ])('%s and %s do not', (a, b) => expect(looksAlike(a, b)).toBe(false))

  it('are told of everyone else, by the key', () => {
    const bob = { name: 'Bob Lind', key: '1' }
    const other = { name: 'Воb Lind', key: '2' }
    const keyOf = (one: { key: string }): string => one.key
    expect(alikeTo(bob, [bob, other, { name: 'Carol', key: '3' }], keyOf)).toEqual([other])
  })
})
