import { isFileTitle } from '../../shared/names.ts'
import { isLoopback } from '../platform/hop.ts'
import { Failure } from '../platform/failure.ts'
import type { Position } from '../platform/yaml.ts'
import { parseWeb, type WebReference } from '../oci/web-reference.ts'
import { wrong } from './problem.ts'

/**
 * Demands a relative path that does not climb. Links are resolved when the file is opened.
 *
 * @throws Failure `path-outside`
 */
export function checkPath(path: string, at: Position): void {
  const steps = path.split('/')
  if (path.startsWith('/') || steps.includes('..') || /^[A-Za-z]:/.test(path)) {
    throw new Failure('path-outside', { path, line: at.line, column: at.column })
  }
}

/** The same of something that travels under the last of its names. @throws Failure `path-outside`, `request-form` */
export function checkTitled(path: string, at: Position): void {
  checkPath(path, at)
  const title = path
    .split('/')
    .filter((step) => step !== '' && step !== '.')
    .at(-1)
  if (title === undefined || !isFileTitle(title))
    wrong(at, 'a name as every system takes it', `“${title ?? path}”`)
}

/** What `act` says is wrong with a reference, with its place. @throws Failure `request-form` */
export function withPlace<Value>(at: Position, act: () => Value): Value {
  try {
    return act()
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'reference-form') throw error
    const { expected = '', found = '' } = error.facts
    return wrong(at, String(expected), String(found))
  }
}

/** An address of the web: https, or plain http that is allowed by name and on this computer. @throws Failure `request-form` */
export function webAt(text: string, plainHttp: boolean, at: Position): WebReference {
  const web = withPlace(at, () => parseWeb(text))
  const plain = web.url.protocol === 'http:'
  if (plain && !plainHttp) wrong(at, 'https, or “allow: [plain-http]” on this computer', `“${text}”`)
  if (plainHttp && !(plain && isLoopback(web.url.host)))
    wrong(at, 'plain-http only for http:// on this computer', `“${text}”`)
  return web
}
