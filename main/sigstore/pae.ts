import { dsse } from '@sigstore/core'

/** The pre-authentication encoding (DSSE v1): what is signed of an envelope. */
export function preAuthEncoding(payloadType: string, payload: Buffer): Buffer {
  return dsse.preAuthEncoding(payloadType, payload)
}

/** The same in two pieces, the payload as it lies in memory: a large one is not copied to be looked at. */
export function signedPieces(payloadType: string, payload: Buffer): readonly [Buffer, Buffer] {
  return [signedHead(payloadType, payload.length), payload]
}

/** What stands before a payload of so many bytes. */
export function signedHead(payloadType: string, length: number): Buffer {
  const type = Buffer.from(payloadType, 'utf8')
  return Buffer.from(`DSSEv1 ${type.length} ${payloadType} ${length} `, 'utf8')
}
