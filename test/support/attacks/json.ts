import { rewritten, type Attack } from './attack.ts'

const first = (more: string) => (text: string) => text.replace('{', `{${more},`)
const signature = (value: string) => (text: string) =>
  text.replace(/"signature":"[^"]*"/, `"signature":"${value}"`)
const index = (value: string) => (text: string) => text.replace(/"logIndex":"\d+"/, `"logIndex":${value}`)

const mebibyte = 1024 * 1024
const audit = 'in-toto/specification#74'

/** Text that two JSON parsers read differently, or that one cannot bear. */
export const jsonAttacks: readonly Attack[] = [
  rewritten(`${audit}: a name twice, the last one good`, 'bundle.json', first('"mediaType":"other"')),
  rewritten(
    `${audit}: a name twice, once written with an escape`,
    'bundle.json',
    first('"media\\u0054ype":""'),
  ),
  rewritten('a name twice deep inside', 'bundle.json', (text) =>
    text.replace('"signature":', '"signature":"AA==","signature":'),
  ),
  rewritten(`${audit}: a name in other case instead`, 'bundle.shape', (text) =>
    text.replace('mediaType', 'MediaType'),
  ),
  rewritten(`${audit}: a name in other case beside`, 'bundle.shape', first('"MEDIATYPE":""')),
  rewritten('a field in the spelling of protobuf', 'bundle.shape', (text) =>
    text.replace('verificationMaterial', 'verification_material'),
  ),
  rewritten('an unknown field', 'bundle.shape', first('"comment":""')),
  rewritten('__proto__', 'bundle.json', first('"__proto__":{"mediaType":""}')),
  rewritten('constructor', 'bundle.json', first('"constructor":{}')),
  rewritten(
    'lists nested 100,000 deep',
    'bundle.json',
    first(`"a":${'['.repeat(100_000)}${']'.repeat(100_000)}`),
  ),
  rewritten('objects nested 100,000 deep', 'bundle.json', first(`"a":${'{"a":'.repeat(100_000)}`)),
  rewritten('GHSA-cq38-jh5f-37mq: more than 32 MiB', 'bundle.too-large', (text) =>
    Buffer.concat([Buffer.from(text), Buffer.alloc(32 * mebibyte, ' ')]),
  ),
  rewritten('CVE-2024-45395: ten million log entries', 'bundle.json', (text) =>
    text.replace('"tlogEntries":[', `"tlogEntries":[${'{},'.repeat(10_000_000)}`),
  ),
  rewritten(
    'a million names',
    'bundle.json',
    first(Array.from({ length: 1_000_000 }, (_, n) => `"a${n}":0`).join(',')),
  ),
  rewritten('a string of 30 MiB where a name of a type stands', 'bundle.media-type', (text) =>
    text.replace(/"mediaType":"/, `"mediaType":"${'a'.repeat(30 * mebibyte)}`),
  ),
  rewritten('half a surrogate pair', 'bundle.json', first('"a":"\\ud800"')),
  rewritten('half a surrogate pair in a name', 'bundle.json', first('"\\udc00":""')),
  rewritten('UTF-8 of half a surrogate pair', 'bundle.json', (text) =>
    Buffer.concat([Buffer.from('{"a":"'), Buffer.from('eda080', 'hex'), Buffer.from(`",${text.slice(1)}`)]),
  ),
  rewritten('bytes that are not UTF-8', 'bundle.json', (text) =>
    Buffer.concat([Buffer.from('{"'), Buffer.from('ff', 'hex'), Buffer.from(`":1,${text.slice(1)}`)]),
  ),
  rewritten('a number above 2^53', 'bundle.shape', index('"9007199254740993"')),
  rewritten('sigstore-js#1722: a number of 20 digits', 'bundle.shape', index('"18446744073709551621"')),
  rewritten('a number that is not text', 'bundle.shape', index('5')),
  rewritten('a number with an exponent', 'bundle.shape', index('"5e0"')),
  rewritten('a number with a leading zero', 'bundle.shape', index('"05"')),
  rewritten('a number below zero', 'bundle.shape', index('"-5"')),
  rewritten('a number with a blank', 'bundle.shape', index('" 5"')),
  rewritten('a number in Arabic digits', 'bundle.shape', index('"\u0665"')),
  rewritten('NaN', 'bundle.json', index('NaN')),
  rewritten('Infinity', 'bundle.json', index('Infinity')),
  rewritten('a number too large for any', 'bundle.json', index('1e999')),
  rewritten('a byte order mark', 'bundle.json', (text) => `\ufeff${text}`),
  rewritten('UTF-16', 'bundle.json', (text) => Buffer.from(text, 'utf16le')),
  rewritten('bytes after the end', 'bundle.json', (text) => `${text}x`),
  rewritten('a second document after the end', 'bundle.json', (text) => `${text}\n${text}`),
  rewritten('a NUL after the end', 'bundle.json', (text) => `${text}\0`),
  rewritten('cut off', 'bundle.json', (text) => text.slice(0, -1)),
  rewritten('nothing at all', 'bundle.json', () => ''),
  rewritten('a comment', 'bundle.json', (text) => `/**/${text}`),
  rewritten('a comma too many', 'bundle.json', (text) => text.replace(/\}$/, ',}')),
  rewritten('a control character in a string', 'bundle.json', first('"a":"\n"')),
  rewritten('another document: null', 'bundle.shape', () => 'null'),
  rewritten('another document: a list', 'bundle.shape', (text) => `[${text}]`),
  rewritten('base64 of the URL alphabet', 'bundle.base64', signature('-_8=')),
  rewritten('base64 without its padding', 'bundle.base64', signature('QQ')),
  rewritten('base64 with too much padding', 'bundle.base64', signature('QUFB====')),
  rewritten('base64 with spare bits', 'bundle.base64', signature('QR==')),
  rewritten('base64 with a line break', 'bundle.base64', signature('QUFB\\nQUFB')),
  rewritten('base64 with junk that decoders pass over', 'bundle.base64', signature('QUFB!')),
]
