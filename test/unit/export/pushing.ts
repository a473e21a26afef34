import type { Collected } from '../../../main/collect/collect.ts'
import type { Exportable, Exported, ExportTools } from '../../../main/export/export.ts'
import { exportRegistry, type RegistryTarget } from '../../../main/export/registry.ts'
import { openGate, type GateRules } from '../../../main/platform/network.ts'
import type { Pool } from '../../../main/platform/workers.ts'
import type { Workbench } from '../collect/workbench.ts'

/** What a collect brought, as if it were accepted. */
export function exportable(bench: Workbench, { items, blobs }: Collected): Exportable {
  return {
    items,
    blobs: blobs.filter((blob) => blob.state === 'carried'),
    path: (digest) => bench.blobs.path(digest),
  }
}

export function exportTools(pool: Pool, signal = new AbortController().signal): ExportTools {
  return { pool, signal, step: () => undefined, advance: () => undefined }
}

/** Pushes to a registry of this computer, over plain http. */
export function pushTo(pool: Pool, content: Exportable, target: RegistryTarget): Promise<Exported> {
  const rules: GateRules = { hosts: [{ host: target.host, plainHttp: true }], plainHttp: [], ca: {} }
  return exportRegistry(content, target, {
    ...exportTools(pool),
    gate: openGate(rules),
    rules,
    credentials: {},
  })
}
