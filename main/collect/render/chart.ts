import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RequestPlace } from '../../../shared/request.ts'
import type { Rendered } from '../../../shared/rendered.ts'
import { readCapped } from '../../platform/files.ts'
import { digestOf } from '../../platform/hash.ts'
import { limits } from '../../platform/limits.ts'
import type { PinnedProgram } from '../../platform/pinned-program.ts'
import { realInside } from '../../source/inside.ts'
import type { CollectTools } from '../tools.ts'
import { readRendered, unrendered, type Rendering } from './rendering.ts'
import { runRenderer } from './run-renderer.ts'

/** What is asked for with a chart. */
interface AskedValues {
  readonly reference: string
  /** Files of values in the request's folder, the last of which counts most. */
  readonly values: readonly string[]
  readonly at: RequestPlace
}

/** Values as they are handed over: what was read once is what is rendered with and told. */
interface Values {
  readonly words: readonly string[]
  readonly given: readonly string[]
}
const ownValues: Values = { words: [], given: ['with its own values'] }

async function valuesOf({ values, at }: AskedValues, folder: string, home: string): Promise<Values | null> {
  if (values.length === 0) return null
  const found = await Promise.all(
    values.map(async (path, index) => {
      const bytes = await readCapped(await realInside(folder, path, at), limits.foreignDocumentBytes)
      const copy = join(home, `values-${index}.yaml`)
      await writeFile(copy, bytes, { flag: 'wx', mode: 0o600 })
      return { words: ['--values', copy], given: `with ${path} (${digestOf(bytes)})` }
    }),
  )
  return { words: found.flatMap(({ words }) => words), given: found.map(({ given }) => given) }
}

/**
 * Has Helm render a chart where the policy names Helm: with its own values, and with those that are given.
 *
 * @param packed the chart, as Helm packs it
 * @param folder the request's
 * @param incoming where files may be laid
 * @returns `null` where the policy names no Helm
 * @throws Failure `program-missing`, `program-differs`, `path-outside`, `not-found`, `too-large`, `cancelled`
 */
export async function renderChart(
  asked: AskedValues,
  packed: string,
  { folder, incoming }: { readonly folder: string; readonly incoming: string },
  tools: CollectTools,
): Promise<Rendering | null> {
  const home = join(incoming, 'rendering')
  await mkdir(home, { mode: 0o700 })
  // Who gives values that are not there hears of it, also where nothing renders with them.
  const given = await valuesOf(asked, folder, home)
  const program = await tools.renderer('helm')
  if (program === null) return null
  const own = await renderedWith(ownValues, asked.reference, { program, packed, home }, tools)
  if (given === null) return own
  const with_ = await renderedWith(given, asked.reference, { program, packed, home }, tools)
  // Many a chart says nothing without values that somebody must give.
  const told = own.rendered.length === 0 ? [] : own.findings
  return {
    images: [...own.images, ...with_.images],
    findings: [...told, ...with_.findings],
    rendered: [...own.rendered, ...with_.rendered],
  }
}

async function renderedWith(
  { words, given }: Values,
  reference: string,
  {
    program,
    packed,
    home,
  }: { readonly program: PinnedProgram; readonly packed: string; readonly home: string },
  tools: CollectTools,
): Promise<Rendering> {
  const order = ['template', 'sallyport', packed, '--include-crds', ...words]
  const answer = await runRenderer(program, order, home, tools)
  const said = given.join(', ')
  if ('failed' in answer) {
    return {
      images: [],
      findings: [unrendered(reference, program, `${said}, ${answer.failed}`)],
      rendered: [],
    }
  }
  const read = readRendered(answer.output, `${reference}, rendered ${said}`)
  const { name, digest } = program
  const rendered: Rendered = {
    reference,
    program: name,
    digest,
    given: [...given],
    images: read.images.length,
  }
  return { ...read, rendered: [rendered] }
}
