import { describe, expect, it } from 'vitest'
import { ListError, readList, signList, type AdmitList } from '../../../main/landing/list.ts'
import { ephemeralSigner } from '../../../main/sign/key-file.ts'

const list: AdmitList = {
  ...{ format: 'sallyport.admitted/v1', site: 'b'.repeat(64), name: 'Delta-2', sequence: 1 },
  ...{ made: '2026-11-22T09:00:00Z', expires: '2026-12-22T09:00:00Z', digests: [`sha256:${'a'.repeat(64)}`] },
}

describe('a signed list', () => {
  it('counts only in the one way in which its bytes can be written', async () => {
    const signer = await ephemeralSigner()
    const bytes = await signList(signer, list)
    expect(readList(bytes, signer.key)).toEqual(list)
    const envelope = JSON.parse(bytes.toString()) as { payload: string; signatures: { sig: string }[] }
    const [signature] = envelope.signatures
    const spelled = (payload: string, sig = signature?.sig ?? ''): Buffer =>
      Buffer.from(JSON.stringify({ ...envelope, payload, signatures: [{ ...signature, sig }] }))
    const { payload } = envelope
    expect(readList(spelled(payload), signer.key)).toEqual(list)
    for (const other of [
      `${payload}\n`,
      ` ${payload}`,
      `${payload}====`,
      payload.replace(/(.{40})/, '$1-'),
    ]) {
      expect(() => readList(spelled(other), signer.key)).toThrow(
        new ListError('its payload is not standard base64'),
      )
    }
    expect(() => readList(spelled(payload, `${signature?.sig ?? ''} `), signer.key)).toThrow(
      new ListError('its signature is not standard base64'),
    )
  })
})
