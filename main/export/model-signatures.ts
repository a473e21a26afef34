import { isFileTitle, visible } from '../../shared/names.ts'
import type { Evidence, Item } from '../../shared/waybill.ts'
import { modelSignature } from '../oci/file-evidence.ts'
import type { Closure } from '../oci/graph.ts'
import { treeKindIn } from '../oci/kind.ts'
import { documentIn } from './evidence-document.ts'
import type { Exportable } from './export.ts'
import type { PlainFile, PlainForms } from './plain-forms.ts'

const mostLeft = 100

/**
 * Signatures of models that did not lie in them, beside their folders in `models/` under the names that they had. Whoever
 * sent one may have given it any name: that of a folder or of another signature is never taken for it.
 */
export async function modelSignatures(
  items: readonly Item[],
  closure: Closure,
  content: Exportable,
): Promise<PlainForms> {
  const models = items.filter((item) => treeKindIn(item) === 'model')
  const taken = new Set(models.map(({ name }) => name.toLowerCase()))
  const carried = new Set(content.blobs.map(({ digest }) => digest))
  const left: string[] = []
  const files: PlainFile[] = []
  const place = async (evidence: Evidence, { name, root }: Item): Promise<PlainFile | null | string> => {
    if (evidence.artifactType !== modelSignature) return 'which is no signature of a model'
    const found = await documentIn(evidence, root.digest, content)
    if (typeof found === 'string') return found
    const { title, digest, size } = found
    const tree = closure.trees.get(root.digest)
    if (tree?.files.some((file) => file.digest === digest) === true) return null
    if (!isFileTitle(title) || taken.has(title.toLowerCase()))
      return `which has no name of its own beside ${name}: “${visible(title).slice(0, 200)}”`
    if (!carried.has(digest)) return 'whose content is not carried'
    taken.add(title.toLowerCase())
    return { path: `models/${title}`, digest, size }
  }
  for (const model of models)
    for (const evidence of model.evidence) {
      const found = await place(evidence, model)
      if (typeof found === 'string')
        left.push(`Not beside ${model.name}: evidence ${evidence.digest}, ${found}.`)
      else if (found !== null) files.push(found)
    }
  return { files, left: left.slice(0, mostLeft) }
}
