import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { mediumPredicate, sumsBytes, type Medium } from '../../main/bundle/medium.ts'
import { digestOf } from '../../main/platform/hash.ts'
import { canonical } from '../../main/platform/json.ts'
import { openStationKey } from '../../main/sign/key-file.ts'
import { signStatement, type Signer } from '../../main/sign/signer.ts'
import { pemOf } from '../../main/sigstore/public-key.ts'
import type { Crossing } from './desks.ts'

/** Signs a medium's record again after a change, with any station key; everything around it fits. */
export async function resignMedium(
  crossing: Crossing,
  copy: string,
  change: (medium: Medium) => unknown,
  station?: Signer,
): Promise<void> {
  const own = openStationKey(await readFile(join(crossing.low, 'station.key'), 'utf8'))
  const signer = station ?? own
  if (station !== undefined) await writeFile(join(copy, 'station.pub'), pemOf(station.key.spki))
  const before = JSON.parse(await readFile(join(copy, 'medium.json'), 'utf8')) as Medium
  const bytes = canonical(change(before))
  await writeFile(join(copy, 'medium.json'), bytes)
  const subject = { name: 'medium.json', digest: digestOf(bytes) }
  await writeFile(
    join(copy, 'medium.sigstore.json'),
    await signStatement(signer, [subject], mediumPredicate, {}),
  )
  const names = (await readdir(copy)).filter((name) => !name.startsWith('SHA256SUMS'))
  const listed = await Promise.all(
    names.map(async (name) => ({ name, sha256: digestOf(await readFile(join(copy, name))).slice(7) })),
  )
  const sums = sumsBytes(listed)
  await writeFile(join(copy, 'SHA256SUMS'), sums)
  await writeFile(join(copy, 'SHA256SUMS.sig.bin'), await signer.sign(sums))
}
