import { sextets } from '../parse.ts'
import { Refusal } from '../refusal.ts'

const padding = 0x3d

/** Standard base64 that comes in pieces, as strict as `zBytes`: what it stands for goes through one buffer. */
export class Base64Stream {
  private out: Buffer = Buffer.alloc(0)
  private held = 0
  private bits = 0
  private signs = 0
  private padded = 0

  /**
   * @returns the bytes that this piece ends; only good until the next one is given
   * @throws Refusal `bundle.base64`
   */
  write(piece: Buffer): Buffer {
    if (this.out.length < piece.length) this.out = Buffer.allocUnsafeSlow(piece.length)
    const { out } = this
    let { held, bits } = this
    let done = 0
    for (let at = 0; at < piece.length; at += 1) {
      const byte = piece[at] ?? 0
      const sextet = sextets[byte] ?? 0xff
      if (sextet === 0xff || this.padded > 0) {
        if (byte !== padding) throw notBase64()
        this.padded += 1
        continue
      }
      held = ((held << 6) | sextet) & 0xffff
      bits += 6
      if (bits < 8) continue
      bits -= 8
      out[done] = held >> bits
      done += 1
    }
    this.signs += piece.length
    this.held = held
    this.bits = bits
    return out.subarray(0, done)
  }

  /** @throws Refusal `bundle.base64` where it is not whole, or two texts would be the same bytes */
  end(): void {
    const spare = this.held & ((1 << this.bits) - 1)
    if (this.signs % 4 !== 0 || this.padded > 2 || spare !== 0) throw notBase64()
  }
}

const notBase64 = (): Refusal =>
  new Refusal('bundle.base64', 'a payload in base64', 'the document: not standard base64')
