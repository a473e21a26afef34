import { dsse } from '@sigstore/core'

/** The pre-authentication encoding (DSSE v1): what is signed of an envelope. */
export function preAuthEncoding(payloadType: string, payload: Buffer): Buffer {
  return dsse.preAuthEncoding(payloadType, payload)
}
