import { Readable } from 'node:stream'
import type { Pacing } from '../../main/oci/pacing.ts'
import type { Gate, GateAnswer, Spoken } from '../../main/platform/network.ts'

export interface Asked {
  readonly url: string
  readonly method: string
  readonly authorization: string | null
  readonly from: Spoken | null
}

export type Reply = Partial<Pick<GateAnswer, 'status' | 'headers' | 'zone'>> & {
  readonly at?: string
  readonly body?: string
}

async function textOf(body: Parameters<Gate['request']>[1]['body']): Promise<string> {
  if (body === undefined) return ''
  if (body instanceof Uint8Array) return Buffer.from(body).toString()
  const pieces: Buffer[] = []
  for await (const piece of typeof body === 'function' ? body() : body)
    pieces.push(Buffer.from(piece as Buffer))
  return Buffer.concat(pieces).toString()
}

/** A gate that answers by a table, by address without query; everything else is 200. */
export class TableGate implements Gate {
  readonly asked: Asked[] = []
  readonly headers: Readonly<Record<string, string>>[] = []
  readonly bodies: Promise<string>[] = []
  private readonly table: Readonly<Record<string, Reply | readonly Reply[]>>
  private readonly counts = new Map<string, number>()

  constructor(table: TableGate['table']) {
    this.table = table
  }

  request(...[url, init]: Parameters<Gate['request']>): Promise<GateAnswer> {
    const { method, headers = {}, from = null } = init
    this.asked.push({ url: url.href, method, authorization: headers['authorization'] ?? null, from })
    this.headers.push(headers)
    this.bodies.push(textOf(init.body))
    const key = url.origin + url.pathname
    const count = this.counts.get(key) ?? 0
    this.counts.set(key, count + 1)
    const found = [this.table[key] ?? {}].flat()
    const {
      status = 200,
      headers: said = {},
      zone = 'public',
      at,
      body = '',
    } = found[Math.min(count, found.length - 1)] ?? {}
    return Promise.resolve({
      status,
      headers: said,
      zone,
      url: at === undefined ? url : new URL(at),
      body: Readable.from([Buffer.from(body)]),
    })
  }

  get authorizations(): string[] {
    return this.asked.flatMap(({ url, authorization }) =>
      authorization === null ? [] : [`${new URL(url).host} ${authorization}`],
    )
  }
}

/** Time that passes only by waiting, or when a test says so. */
export class TestPacing implements Pacing {
  /** How long was waited, each time. */
  readonly waits: number[] = []
  lot = 0
  private time = Date.parse('2026-01-01T00:00:00Z')
  readonly clock = { now: () => new Date(this.time), ticks: () => this.time }

  pass(milliseconds: number): void {
    this.time += milliseconds
  }

  wait(milliseconds: number): Promise<void> {
    this.waits.push(milliseconds)
    this.pass(milliseconds)
    return Promise.resolve()
  }

  chance(): number {
    return this.lot
  }
}
