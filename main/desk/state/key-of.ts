import { readOnce } from '../../platform/read-once.ts'
import { readSpki, type PublicKey } from '../../sigstore/public-key.ts'
import type { Person } from './entries.ts'

/** More keys than people ever had at a desk; a replay asks for the same few again and again. */
const most = 256

const read = readOnce((text) => readSpki(Buffer.from(text, 'base64')), most)

/** The key of somebody of this desk, read once. @throws KeyError */
export const keyOf = ({ key }: Pick<Person, 'key'>): PublicKey => read(key)
