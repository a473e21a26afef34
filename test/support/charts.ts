import { gzipSync } from 'node:zlib'
import { madeTar } from './made-tar.ts'

/** Files of a chart, by their paths below its folder. */
export type ChartFiles = Readonly<Record<string, string>>

/** A chart that names images in each way that charts have. */
export function chartFiles(name: string, version: string, more: ChartFiles = {}): ChartFiles {
  return {
    'Chart.yaml': `apiVersion: v2\nname: ${name}\nversion: ${version}\nappVersion: "2.0"\ntype: application\n`,
    'values.yaml': 'image:\n  repository: registry.example/team/app\n  tag: "1.4"\n',
    'templates/deployment.yaml':
      'kind: Deployment\nspec:\n  containers:\n    - image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"\n    - image: registry.example/team/sidecar:2\n',
    ...more,
  }
}

/** The chart as Helm packs it. */
export async function packedChart(name: string, files: ChartFiles): Promise<Buffer> {
  const entries = Object.entries(files).map(([path, content]) => ({
    name: `${name}/${path}`,
    content,
    mode: 0o644,
  }))
  return gzipSync(await madeTar(entries))
}

/** The index of a repository of charts. */
export function chartIndex(
  name: string,
  entries: readonly { readonly version: string; readonly url: string; readonly digest?: string }[],
): string {
  const listed = entries.map(
    ({ version, url, digest }) =>
      `  - apiVersion: v2\n    name: ${name}\n    version: ${version}\n    urls: [${url}]\n${digest === undefined ? '' : `    digest: ${digest}\n`}`,
  )
  return `apiVersion: v1\nentries:\n  ${name}:\n${listed.join('')}generated: "2026-11-01T00:00:00Z"\n`
}
