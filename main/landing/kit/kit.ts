import { engines, type EngineName } from './engines.ts'
import type { KitFacts, KitFile } from './kit-facts.ts'
import { engineReadme, kitReadme, notExpressedPage } from './readme.ts'

/**
 * The kit for the far side: `README.md`, and for each engine a folder with its files, `README.md` and `NOT-EXPRESSED.md`.
 * The same facts give the same bytes, in the same order.
 *
 * @param names each once; all engines unless given
 * @throws Failure `reference-form` where the target is no place, Refusal `root.*` where a trusted root is none
 */
export function makeKit(
  facts: KitFacts,
  names: readonly EngineName[] = Object.keys(engines) as EngineName[],
): KitFile[] {
  const kits = new Map(names.map((name) => [name, engines[name](facts)]))
  const folders = [...kits].flatMap(([name, kit]): KitFile[] => [
    ...kit.files.map((file) => ({ ...file, path: `${name}/${file.path}` })),
    { path: `${name}/README.md`, bytes: engineReadme(facts, name, kit) },
    { path: `${name}/NOT-EXPRESSED.md`, bytes: notExpressedPage(name, kit) },
  ])
  return [{ path: 'README.md', bytes: kitReadme(facts, kits) }, ...folders]
}
