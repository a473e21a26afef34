import { readOnce } from '../../platform/read-once.ts'
import { readTrustedRoot, type TrustedRoot } from '../../sigstore/trusted-root.ts'
import { contentOf, type RootContent } from '../../trust/root.ts'
import type { InstalledRoot } from './entries.ts'

/* A desk has a handful of roots, of up to 1 MiB each, and looks at them at every verification and every showing. */
const most = 16

const read = readOnce((source) => readTrustedRoot(Buffer.from(source, 'utf8')), most)
const contents = new WeakMap<TrustedRoot, RootContent>()

/**
 * A root as it was installed, read once; shared by all who ask, so that nobody may change it.
 *
 * @throws Refusal `root.*`
 */
export const installedRoot = ({ source }: Pick<InstalledRoot, 'source'>): TrustedRoot => read(source)

/** What people see of it, made once too. @throws Refusal `root.*`, RootError */
export function installedContent(one: Pick<InstalledRoot, 'source'>): RootContent {
  const root = installedRoot(one)
  const content = contents.get(root) ?? contentOf(root)
  contents.set(root, content)
  return content
}
