import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { legacyAttestation } from '../support/attacks/legacy.ts'
import { makeBundle, statement } from '../support/authority/bundle.ts'
import { alice, worldRoot } from '../support/authority/world.ts'
import { LayoutFolder, bundleType } from './layout-folder.ts'
import { line, sallyport } from './measure.ts'

interface Named {
  readonly digest: string
}

/** A bill of materials of so many million bytes, in small values as tools write them, about a manifest. */
function materials(megabytes: number, { digest }: Named): Buffer {
  const unit = { type: 'library', name: 'left-pad', version: '1.3.0', purl: 'pkg:npm/left-pad@1.3.0' }
  const count = Math.floor((megabytes * 1_000_000) / (JSON.stringify(unit).length + 1))
  const predicate = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    components: Array.from({ length: count }, () => unit),
  }
  const subject = [{ name: 'app', digest: { sha256: digest.slice(7) } }]
  return statement({ subject, predicateType: 'https://cyclonedx.org/bom', predicate })
}

async function judged(name: string, reference: string, root: string): Promise<void> {
  const { peak, seconds, stdout } = await sallyport('evidence', reference, '--trusted-root', root)
  const { pieces } = JSON.parse(stdout) as { pieces: { result: string; unreadable: unknown }[] }
  const said = pieces.map((one) => `${one.result}${one.unreadable === null ? '' : ' (not read)'}`)
  line(name, `${peak.toFixed(0)} MB at its highest, ${seconds.toFixed(2)} s: ${said.join(', ')}`)
}

/** What a large bill of materials costs that somebody known signed: memory and time of whole processes. */
export async function attestedBench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-attested-'))
  try {
    const idle = await sallyport('reasons')
    line('the command line itself', `${idle.peak.toFixed(0)} MB, ${idle.seconds.toFixed(2)} s`)
    const root = join(folder, 'root.json')
    writeFileSync(root, worldRoot())
    for (const megabytes of [1, 8, 16, 24, 100]) {
      const layout = new LayoutFolder(join(folder, String(megabytes)))
      const subject = layout.image({})
      const payload = materials(megabytes, subject as Named)
      const text = JSON.stringify(makeBundle({ content: 'envelope', payload }).json)
      const { bytes, mediaType, annotations } = legacyAttestation({ payload })
      const old = { ...layout.put(bytes.toString(), mediaType), annotations }
      layout.image({ artifactType: bundleType, layers: [layout.put(text, bundleType)], subject })
      await judged(`${megabytes} MB of materials, in a layout`, layout.name(subject), root)
      const file = join(folder, `${megabytes}.sigstore.json`)
      writeFileSync(file, text)
      const { digest } = subject as Named
      const by = ['--certificate-identity', alice.san, '--certificate-oidc-issuer', alice.issuer]
      const asked = ['verify-bundle', digest, '--bundle', file, '--trusted-root', root, ...by]
      const checked = await sallyport(...asked)
      const costs = `${checked.peak.toFixed(0)} MB at its highest, ${checked.seconds.toFixed(2)} s`
      line(`${megabytes} MB of materials, in a file`, `${costs}: exit ${checked.code}`)
      layout.image({ layers: [old], subject })
      await judged(`${megabytes} MB, and as cosign’s envelope`, layout.name(subject), root)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
