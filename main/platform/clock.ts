/** The one place that reads the time. Tests give another clock; nothing in a shipped build does. */
export interface Clock {
  /** The wall clock, as this computer claims it. */
  now(): Date
  /** Milliseconds that only rise, for rates and time-outs. */
  ticks(): number
}

export function systemClock(): Clock {
  return { now: () => new Date(), ticks: () => performance.now() }
}

/** RFC 3339 in UTC with whole seconds, as every file of ours writes it. */
export function timeOf(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`
}
