import { basename, dirname, isAbsolute, relative, sep } from 'node:path'
import type { RequestProblem } from '../../../shared/calls/request.ts'
import type { CallInput, CallOutput } from '../../../shared/contract.ts'
import { Failure } from '../../platform/failure.ts'
import { readCapped, realPath } from '../../platform/files.ts'
import { limits } from '../../platform/limits.ts'
import { readRequest } from '../../request/parse.ts'
import type { Problem } from '../../request/problem.ts'
import { checkDestinations, checkExpiry, missingPeople } from '../judging/request-checks.ts'
import type { Context } from '../work/context.ts'

function textOf(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  if (Buffer.from(text, 'utf8').equals(bytes)) return text
  throw new Failure('request-form', { line: 1, column: 1, expected: 'UTF-8', found: 'other bytes' })
}

/** `request.open`. */
export async function open(
  context: Context,
  input: CallInput<'request.open'>,
): Promise<CallOutput<'request.open'>> {
  const path = context.places.path(input.place, 'request')
  const text = textOf(await readCapped(path, limits.requestBytes))
  const folder = context.places.register('folder', dirname(path))
  return { text, folder, label: basename(path) }
}

function problemOf({ path, failure }: Problem): RequestProblem {
  const { line = 1, column = 1, expected, found } = failure.facts
  const said = failure.view().happened
  return {
    path,
    line: Number(line),
    column: Number(column),
    expected: String(expected ?? said),
    found: String(found ?? failure.facts.path ?? ''),
  }
}

/** `request.check`: the form, and what only this desk knows: its people and its policy. */
export async function check(
  context: Context,
  input: CallInput<'request.check'>,
): Promise<CallOutput<'request.check'>> {
  const desk = context.desk()
  desk.need('low')
  const { request, problems } = readRequest(Buffer.from(input.text, 'utf8'))
  if (request === null) return { problems: problems.map(problemOf) }
  const own: Problem[] = []
  const missing = missingPeople(desk, request.requester)
  if (missing.length > 0) {
    const failure = new Failure('people-missing', {
      expected: missing.join('; '),
      found: 'nobody at this desk',
    })
    own.push({ path: 'requester', failure })
  }
  for (const [path, hold] of [
    ['destinations', checkDestinations],
    ['expires', checkExpiry],
  ] as const) {
    try {
      hold(desk, request)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      own.push({ path, failure: error })
    }
  }
  return { problems: own.map(problemOf) }
}

/** `request.name`: relative to the request's folder, with `/` on every system. */
export async function name(
  context: Context,
  input: CallInput<'request.name'>,
): Promise<CallOutput<'request.name'>> {
  const path = await realPath(context.places.path(input.place, input.kind))
  const folder =
    input.folder === null ? dirname(path) : await realPath(context.places.path(input.folder, 'folder'))
  const inside = relative(folder, path)
  if (inside === '' || inside.startsWith('..') || isAbsolute(inside)) {
    throw new Failure('content-elsewhere', { path: basename(path), folder: basename(folder) || folder })
  }
  const written = `./${inside.split(sep).join('/')}`
  return {
    reference: input.kind === 'layout' ? `oci:${written}` : written,
    folder: input.folder ?? context.places.register('folder', folder),
    label: basename(folder) || folder,
  }
}

/** `request.show`. */
export async function show(
  context: Context,
  input: CallInput<'request.show'>,
): Promise<CallOutput<'request.show'>> {
  const desk = context.desk()
  desk.need('low')
  const one = desk.consignment(input.id)
  return { id: one.id, text: textOf(await desk.readIn(one.id, 'request.yaml')) }
}
