import { createPublicKey } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Digest } from '../../../shared/digest.ts'
import { sha256Hex } from '../../../main/platform/hash.ts'
import { engines, type EngineName } from '../../../main/landing/kit/engines.ts'
import type { KitFacts, KitItem, KitKey, KitTrust } from '../../../main/landing/kit/kit-facts.ts'
import { startDockerRegistry } from '../docker-registry.ts'
import { Content, layer } from '../images.ts'
import type { ServedRegistry } from '../served-registry.ts'
import { cosign } from '../sigstore/cosign.ts'
import { copyAlong } from './copy-along.ts'
import { kitFacts } from './facts.ts'

/** Below what everything of the far side lands in these tests. */
export const prefix = 'site'
const summaryPredicate = 'https://slsa.dev/verification_summary/v1'
const noLog = ['--use-signing-config=false', '--tlog-upload=false']
const forms = { older: [...noLog, '--new-bundle-format=false'], bundle: noLog } as const

/** What is put beside an image. */
export interface Beside {
  readonly seals?: readonly string[]
  readonly summary?: 'PASSED' | 'FAILED'
  readonly summaryBy?: readonly string[]
  /** In these forms; both unless given. */
  readonly forms?: readonly (keyof typeof forms)[]
}

/** A far side: a real registry, and images in it that the real cosign sealed. */
export interface FarSide {
  readonly registry: ServedRegistry
  readonly folder: string
  /** Makes an image called `registry.example/NAME` land as `HOST/site/NAME`. */
  land(name: string, beside?: Beside): Promise<KitItem>
  /** The same content under another name, with nothing beside it; what was beside it too where it is asked for. */
  copy(
    item: KitItem,
    name: string,
    how?: { readonly along?: boolean; readonly below?: string },
  ): Promise<KitItem>
  key(name: string): KitKey
  facts(landed: readonly KitItem[], trust: KitTrust): KitFacts
  /** Writes the files of one engine into a folder of its own. */
  install(engine: EngineName, facts: KitFacts): string
  close(): Promise<void>
}

function keyOf(folder: string, name: string): KitKey {
  const pem = readFileSync(join(folder, `${name}.pub`), 'utf8')
  const der = createPublicKey(pem).export({ type: 'spki', format: 'der' })
  return { name, pem, fingerprint: sha256Hex(der) }
}

/** Starts the far side, with key pairs of cosign by these names. */
export async function startFarSide(keys: readonly string[]): Promise<FarSide> {
  const registry = await startDockerRegistry()
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-far-'))
  for (const name of keys) await run(folder, ['generate-key-pair', '--output-key-prefix', name])
  const contents = new Map<string, Content>()
  let installed = 0

  const put = async (item: KitItem, { seals = [], summary, summaryBy = seals, forms: named }: Beside) => {
    const pinned = `${item.repository}@${item.digest}`
    for (const form of named ?? (['older', 'bundle'] as const)) {
      const how = (key: string): string[] => [
        '--yes',
        '--key',
        `${key}.key`,
        ...forms[form],
        '--allow-http-registry',
      ]
      for (const key of seals) await run(folder, ['sign', ...how(key), pinned])
      if (summary === undefined) continue
      const file = join(folder, 'summary.json')
      writeFileSync(
        file,
        JSON.stringify({ resourceUri: pinned, verificationResult: summary, slsaVersion: '1.2' }),
      )
      for (const key of summaryBy) {
        await run(folder, ['attest', ...how(key), '--type', summaryPredicate, '--predicate', file, pinned])
      }
    }
  }
  const push = async (name: string, content: Content, below = prefix): Promise<KitItem> => {
    const [digest = ''] = [...content.manifests.keys()].slice(-1)
    await registry.push(`${below}/${name}`, content, {
      v1: { mediaType: '', digest, size: 0 },
    })
    contents.set(digest, content)
    return {
      from: `registry.example/${name}:v1`,
      name: `registry.example/${name}`,
      kind: 'image',
      repository: `${registry.host}/${below}/${name}`,
      tag: 'v1',
      digest: digest as Digest,
      platforms: [],
    }
  }
  return {
    registry,
    folder,
    land: async (name, beside = {}) => {
      const content = new Content()
      content.image({ os: 'linux', architecture: 'amd64' }, [layer('name', Buffer.from(name))])
      const item = await push(name, content)
      await put(item, beside)
      return item
    },
    copy: async (item, name, { along = false, below = prefix } = {}) => {
      const to = await push(name, contents.get(item.digest) ?? new Content(), below)
      const path = (one: KitItem): string => one.repository.slice(registry.host.length + 1)
      if (along) await copyAlong(registry.host, path(item), path(to), item.digest)
      return to
    },
    key: (name) => keyOf(folder, name),
    facts: (landed, trust) =>
      kitFacts({ target: { host: registry.host, prefix, plainHttp: true }, landed, trust }),
    install: (engine, facts) => {
      const place = join(folder, `kit-${(installed += 1)}`)
      for (const { path, bytes, executable } of engines[engine](facts).files) {
        const file = join(place, path)
        mkdirSync(dirname(file), { recursive: true })
        writeFileSync(file, bytes, { mode: executable === true ? 0o755 : 0o644 })
      }
      return place
    },
    close: async () => {
      await registry.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function run(folder: string, words: readonly string[]): Promise<void> {
  const { ok, said } = await cosign(folder, words)
  if (!ok) throw new Error(`cosign ${words.join(' ')}: ${said}`)
}
