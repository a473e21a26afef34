import { randomInt } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { systemClock, type Clock } from '../platform/clock.ts'
import { limits } from '../platform/limits.ts'
import type { GateAnswer } from '../platform/network.ts'

/** How a registry client reads the time, waits and draws lots. Only tests give another than the system's. */
export interface Pacing {
  readonly clock: Clock
  /** @throws the system's error when the signal ends it */
  wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void>
  /** From 0 to below 1. */
  chance(): number
}

export const systemPacing: Pacing = {
  clock: systemClock(),
  wait: (milliseconds, signal) => wait(milliseconds, undefined, signal === undefined ? {} : { signal }),
  chance: () => randomInt(2 ** 32) / 2 ** 32,
}

/**
 * Until when a host is let alone: one for all who ask that host, so that what it says to one of them holds for the
 * others too. Milliseconds since 1970, because threads do not share any other clock.
 */
export interface Rest {
  until(): number
  /** Never makes it shorter. */
  extend(until: number): void
}

/** Bytes that one host takes in a buffer of `sharedRest`. */
export const restBytes = 8

/** A rest that lies in memory which several threads see; `index` is the host's place in it. */
export function sharedRest(buffer: SharedArrayBuffer, index: number): Rest {
  const times = new BigInt64Array(buffer)
  return {
    until: () => Number(Atomics.load(times, index)),
    extend(until) {
      const wanted = BigInt(Math.ceil(until))
      for (let known = Atomics.load(times, index); known < wanted;) {
        const before = Atomics.compareExchange(times, index, known, wanted)
        if (before === known) return
        known = before
      }
    },
  }
}

export function ownRest(): Rest {
  return sharedRest(new SharedArrayBuffer(restBytes), 0)
}

/** Answers that may be others the next time: it was too slow, too often asked, or unwell. */
export const passingStatus: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504])

/** How long to wait before the next attempt where nobody says: twice as long each time, and not for all the same. */
export function backOff(attempt: number, chance: number): number {
  return 200 * 2 ** (attempt - 1) * (0.5 + chance)
}

/** Never shorter than what was asked for, and up to a quarter longer, so that not all come back at once. */
export function spreadOut(milliseconds: number, chance: number): number {
  return milliseconds * (1 + chance / 4)
}

// Dates of HTTP begin with a day; the parser takes much else for one too.
function dateIn(text: string): number {
  return /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text) ? Date.parse(text) : NaN
}

/**
 * What `Retry-After` asks for (RFC 9110, 10.2.3), in milliseconds: seconds, or a date, which is measured against the
 * answer's own clock where it states one, so that ours does not matter.
 *
 * @returns `null` where it is missing or in no form; `Infinity` where it is longer than is ever waited
 */
export function askedPause({ headers }: Pick<GateAnswer, 'headers'>, now: Date): number | null {
  const text = headers['retry-after']
  if (text === undefined) return null
  const stated = dateIn(headers.date ?? '')
  const span = dateIn(text) - (Number.isNaN(stated) ? now.getTime() : stated)
  const seconds = /^\d+$/.test(text) ? Number(text) : span / 1000
  if (Number.isNaN(seconds)) return null
  return seconds > limits.retryAfter ? Infinity : Math.max(0, seconds) * 1000
}
