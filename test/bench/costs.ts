import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { parseYaml } from '../../main/platform/yaml.ts'
import { bundleType as type, LayoutFolder } from './layout-folder.ts'
import { line, sallyport } from './measure.ts'

const mib = 1024 * 1024

/** A bundle of 31 MiB that nobody signed, around a payload of so many small values or of one text. */
function bundle(unit: string): string {
  const room = Math.floor((31 * mib * 3) / 4)
  const payload = Buffer.from(`[${unit.repeat(Math.floor(room / unit.length) - 1)}0]`)
  return JSON.stringify({
    mediaType: type,
    verificationMaterial: { publicKey: { hint: '' }, tlogEntries: [] },
    dsseEnvelope: {
      payload: payload.toString('base64'),
      payloadType: 'application/vnd.in-toto+json',
      signatures: [{ sig: Buffer.alloc(70, 1).toString('base64'), keyid: '' }],
    },
  })
}

async function told(name: string, reference: string): Promise<void> {
  const { peak, seconds, code } = await sallyport('evidence', reference)
  line(name, `${peak.toFixed(0)} MB at its highest, ${seconds.toFixed(2)} s, exit ${code}`)
}

/** What somebody costs who has proven nothing: memory and time of whole processes, and of a YAML document of names. */
export async function costsBench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-costs-'))
  try {
    const { peak, seconds } = await sallyport('reasons')
    line('the command line itself', `${peak.toFixed(0)} MB, ${seconds.toFixed(2)} s`)
    for (const [name, unit] of [
      ['empty objects', '{},'],
      ['empty lists', '[],'],
      ['one text', '"",'],
    ] as const) {
      const layout = new LayoutFolder(join(folder, name))
      const subject = layout.image({})
      const layer = layout.put(bundle(unit), type)
      layout.image({ artifactType: type, layers: [layer], subject })
      await told(`31 MiB unsigned, ${name}`, layout.name(subject))
    }
    const layout = new LayoutFolder(join(folder, 'bomb'))
    let named = layout.image({})
    for (let i = 0; i < 7; i++) named = layout.index(Array.from({ length: 5000 }, () => named))
    await told('5,000 children, seven levels', layout.name(named))
    const text = Buffer.from(Array.from({ length: 100_000 }, (_, i) => `n${i}: 1\n`).join(''))
    const start = performance.now()
    try {
      parseYaml(text)
    } catch {
      line('YAML of 100,000 names, refused', `${((performance.now() - start) / 1000).toFixed(2)} s`)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
