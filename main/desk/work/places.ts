import { randomBytes } from 'node:crypto'
import type { Purpose } from '../../../shared/calls/place.ts'
import { Failure } from '../../platform/failure.ts'

/** Paths behind opaque ids: registered by a dialog or by the command line, for one purpose, for one session. */
export class Places {
  private readonly known = new Map<string, { readonly purpose: Purpose; readonly path: string }>()

  register(purpose: Purpose, path: string): string {
    const id = `place-${randomBytes(16).toString('hex')}`
    this.known.set(id, { purpose, path })
    return id
  }

  /**
   * @throws Failure `place-unknown`, also when the place was chosen for something else
   */
  path(id: string, purpose: Purpose): string {
    const place = this.known.get(id)
    if (place?.purpose !== purpose) throw new Failure('place-unknown')
    return place.path
  }
}
