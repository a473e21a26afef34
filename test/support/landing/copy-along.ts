/* What somebody does who may push: everything that lies beside an image goes with it, byte for byte. */

const accept = ['application/vnd.oci.image.manifest.v1+json', 'application/vnd.oci.image.index.v1+json'].join(
  ', ',
)

interface Body {
  readonly manifests?: readonly { readonly digest: string }[]
  readonly config?: { readonly digest: string }
  readonly layers?: readonly { readonly digest: string }[]
}

async function expectDone(url: string, init: RequestInit): Promise<Response> {
  const answer = await fetch(url, init)
  if (!answer.ok) throw new Error(`${init.method ?? 'GET'} ${url}: ${answer.status}`)
  return answer
}

async function copyBlob(base: string, from: string, to: string, digest: string): Promise<void> {
  const mount = `${base}/v2/${to}/blobs/uploads/?mount=${digest}&from=${from}`
  const answer = await expectDone(mount, { method: 'POST' })
  if (answer.status !== 201) throw new Error(`${digest} is not taken over`)
}

async function copyManifest(base: string, from: string, to: string, reference: string): Promise<void> {
  const found = await expectDone(`${base}/v2/${from}/manifests/${reference}`, { headers: { accept } })
  const type = found.headers.get('content-type') ?? ''
  const bytes = new Uint8Array(await found.arrayBuffer())
  const body = JSON.parse(new TextDecoder().decode(bytes)) as Body
  for (const { digest } of body.manifests ?? []) await copyManifest(base, from, to, digest)
  for (const { digest } of [...(body.config === undefined ? [] : [body.config]), ...(body.layers ?? [])]) {
    await copyBlob(base, from, to, digest)
  }
  await expectDone(`${base}/v2/${to}/manifests/${reference}`, {
    method: 'PUT',
    headers: { 'content-type': type },
    body: bytes,
  })
}

/** Copies all that the tags of a digest lead to (`sha256-…`, `.sig`, `.att`) into another repository. */
export async function copyAlong(host: string, from: string, to: string, digest: string): Promise<void> {
  const base = `http://${host}`
  const { tags } = (await (await expectDone(`${base}/v2/${from}/tags/list`, {})).json()) as { tags: string[] }
  const beside = tags.filter((tag) => tag.startsWith(digest.replace(':', '-')))
  if (beside.length === 0) throw new Error(`nothing lies beside ${digest}`)
  for (const tag of beside) await copyManifest(base, from, to, tag)
}
