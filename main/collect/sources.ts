import { stat } from 'node:fs/promises'
import { isLayout } from '../../shared/names.ts'
import type { CarriedItem, RequestPlace } from '../../shared/request.ts'
import { ArchiveProblem } from '../archive/problem.ts'
import { openLayout } from '../oci/layout.ts'
import { parseLayoutReference, parseReference, type RegistryReference } from '../oci/reference.ts'
import { Registry } from '../oci/registry.ts'
import { Failure } from '../platform/failure.ts'
import { foreignSource, unpackBlobs, type OpenedForeign } from '../source/foreign/foreign-source.ts'
import { realInside } from '../source/inside.ts'
import { SharedLayout } from '../source/layout-evidence.ts'
import { layoutSource } from '../source/layout-source.ts'
import { RepositoryEvidence } from '../source/registry-evidence.ts'
import { registrySource } from '../source/registry-source.ts'
import type { Source } from '../source/source.ts'
import { withSignatures } from '../source/with-signatures.ts'
import type { CollectTools } from './tools.ts'

/** Opens the source of each item; items of one registry or layout share it, and with it proofs and lists. */
export class Sources {
  private readonly folder: string
  private readonly tools: CollectTools
  private readonly registries = new Map<string, Registry>()
  private readonly repositories = new Map<string, RepositoryEvidence>()
  private readonly layouts = new Map<string, Promise<SharedLayout>>()
  private readonly packed = new Map<string, Promise<OpenedForeign>>()

  constructor(folder: string, tools: CollectTools) {
    this.folder = folder
    this.tools = tools
  }

  async open(asked: Extract<CarriedItem, { kind: 'image' | 'artifact' }>): Promise<Source> {
    const item = await this.own(asked)
    if (asked.signatures === null) return item
    return withSignatures(item, this.inRegistry({ ...asked.signatures, tag: null, digest: null }))
  }

  private async own(asked: CarriedItem): Promise<Source> {
    return isLayout(asked.reference)
      ? this.fromLayout(asked)
      : this.inRegistry(parseReference(asked.reference))
  }

  private inRegistry(reference: RegistryReference): Source {
    let registry = this.registries.get(reference.host)
    registry ??= new Registry(reference.host, this.tools)
    this.registries.set(reference.host, registry)
    const name = `${reference.host}/${reference.repository}`
    const speaking = this.repositories.get(name) ?? new RepositoryEvidence(registry, reference.repository)
    this.repositories.set(name, speaking)
    return registrySource(registry, reference, speaking)
  }

  /** Opens something that others packed, once however many items are asked for in it. @throws Failure */
  async foreign(path: string, at: RequestPlace): Promise<OpenedForeign> {
    const real = await realInside(this.folder, path, at)
    let opened = this.packed.get(real)
    opened ??= this.unpacked(real, path)
    this.packed.set(real, opened)
    return opened
  }

  private async unpacked(real: string, path: string): Promise<OpenedForeign> {
    try {
      const opened = await this.tools.foreign.open(real)
      await unpackBlobs(opened, this.tools.blobs)
      return opened
    } catch (error) {
      if (!(error instanceof ArchiveProblem)) throw error
      const { reason, subject, expected, found } = error
      throw new Failure('archive-refused', { path, reason, subject, expected, found }, error)
    }
  }

  private async fromLayout(asked: CarriedItem): Promise<Source> {
    const reference = parseLayoutReference(asked.reference)
    const real = await realInside(this.folder, reference.path, asked.at)
    if (!(await stat(real)).isDirectory()) {
      const opened = await this.foreign(reference.path, asked.at)
      return foreignSource(opened, reference, asked.reference, this.tools.blobs)
    }
    // The folders inside a layout could be links as well.
    await realInside(this.folder, `${reference.path}/blobs/sha256`, asked.at)
    let layout = this.layouts.get(real)
    layout ??= openLayout(real, reference.path).then((opened) => new SharedLayout(opened))
    this.layouts.set(real, layout)
    return layoutSource(await layout, reference, asked.reference)
  }
}
