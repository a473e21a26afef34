import { describe, expect, it } from 'vitest'
import { originOf, readCheckpoint, signCheckpoint } from '../../../main/ledger/checkpoint.ts'
import type { Head } from '../../../main/ledger/merkle.ts'
import { createStationKey } from '../../../main/sign/key-file.ts'

const desk = 'a'.repeat(64)
const head: Head = { size: 12, root: Buffer.alloc(32, 7) }
const { signer } = await createStationKey()
const stranger = (await createStationKey()).signer
const read = (text: string): Head | null => readCheckpoint(text, desk, signer.key)

/** A checkpoint with any body and any name, whose signature by the station is genuine. */
async function signed(body: string, name = originOf(desk), by = signer): Promise<string> {
  const hash = Buffer.from(by.key.fingerprint.slice(0, 8), 'hex')
  const signature = Buffer.concat([hash, await by.sign(Buffer.from(body, 'utf8'))])
  return `${body}\n— ${name} ${signature.toString('base64')}\n`
}
const body = (origin = originOf(desk), size: number | string = 12, root = head.root): string =>
  `${origin}\n${size}\n${root.toString('base64')}\n`

describe('a checkpoint', () => {
  it('says the head that was signed', async () => {
    expect(read(await signCheckpoint(desk, head, signer))).toEqual(head)
    expect(read(await signed(body()))).toEqual(head)
    const empty = { size: 0, root: Buffer.alloc(32, 1) }
    expect(read(await signCheckpoint(desk, empty, signer))).toEqual(empty)
  })

  it('is of this desk, in both its lines, and by this station, in hash and signature', async () => {
    const other = originOf('b'.repeat(64))
    expect(read(await signed(body(other)))).toBeNull()
    expect(read(await signed(body(other), other))).toBeNull()
    expect(read(await signed(body(), other))).toBeNull()
    expect(read(await signed(body(), originOf(desk), stranger))).toBeNull()
    const text = await signed(body())
    const wrongHash = text.replace(/ ([A-Za-z0-9+/=]+)\n$/, (_all, signature: string) => {
      const bytes = Buffer.from(signature, 'base64')
      bytes[0] = (bytes[0] ?? 0) ^ 1
      return ` ${bytes.toString('base64')}\n`
    })
    expect(read(wrongHash)).toBeNull()
    const wrongSignature = await signed(body(originOf(desk), 13))
    expect(read(`${body()}\n${wrongSignature.split('\n\n')[1] ?? ''}`)).toBeNull()
  })

  it('has one form: nothing more, nothing else, nothing written otherwise', async () => {
    const text = await signed(body())
    for (const other of [
      '',
      'x',
      `${text}\n`,
      ` ${text}`,
      text.slice(0, -1),
      text.replace('\n12\n', '\n012\n'),
      text.replace('— ', '- '),
      text.replace(/=*\n$/, '=\n\n'),
      `${text}${text.split('\n\n')[1] ?? ''}`,
    ]) {
      expect({ other, head: read(other) }).toEqual({ other, head: null })
    }
    // The same signature in base64 that decodes alike but is not the canonical one.
    const loose = text.replace(/([A-Za-z0-9+/])(=+)\n$/, (_all, last: string, pad: string) => {
      const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
      return `${letters[letters.indexOf(last) + 1] ?? 'B'}${pad}\n`
    })
    if (loose !== text) expect(read(loose)).toBeNull()
    // Likewise of the root: other letters, the same bytes.
    const root = head.root.toString('base64')
    const twin = `${root.slice(0, -2)}${String.fromCharCode(root.charCodeAt(42) + 1)}=`
    expect(Buffer.from(twin, 'base64')).toEqual(head.root)
    expect(read(await signed(`${originOf(desk)}\n12\n${twin}\n`))).toBeNull()
    const said = await signed(body())
    expect(read(said.replace(root, twin))).toBeNull()
    // More events than a number can say exactly.
    for (const many of ['9007199254740993', '9007199254740992']) {
      expect(read(await signed(body(originOf(desk), many)))).toBeNull()
      expect(
        read(
          (await signed(body(originOf(desk), '9007199254740992'))).replace(
            '\n9007199254740992\n',
            `\n${many}\n`,
          ),
        ),
      ).toBeNull()
    }
    expect(read(await signed(body(originOf(desk), '9007199254740991')))?.size).toBe(Number.MAX_SAFE_INTEGER)
  })
})
