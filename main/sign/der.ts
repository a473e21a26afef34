/* A writer of the little DER that is sent or stored here: encrypted keys and timestamp queries. */

/** One element: a tag byte and its parts, up to 65,535 bytes. */
export function tag(id: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  const length =
    body.length < 0x80
      ? [body.length]
      : body.length < 0x100
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 0xff]
  return Buffer.concat([Buffer.from([id, ...length]), body])
}

/** A SEQUENCE. */
export const sequence = (...parts: readonly Buffer[]): Buffer => tag(0x30, ...parts)

/** An OCTET STRING. */
export const octets = (bytes: Buffer): Buffer => tag(0x04, bytes)

/** An OBJECT IDENTIFIER from its content in hex. */
export const oid = (hex: string): Buffer => tag(0x06, Buffer.from(hex, 'hex'))

/** NULL. */
export const nothing = tag(0x05)

/** An INTEGER from unsigned bytes without a leading zero. */
export function natural(bytes: Buffer): Buffer {
  return (bytes[0] ?? 0) >= 0x80 ? tag(0x02, Buffer.from([0]), bytes) : tag(0x02, bytes)
}
