const day = 24 * 60 * 60 * 1000

/** A time as records have it: RFC 3339, UTC, whole seconds. */
const text = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`

/** The latest time at which a waybill that is made now may expire. */
export function latestExpiry(now: string, lifetime: number): string {
  return text(Date.parse(now) + lifetime * day)
}

/**
 * Whether a waybill that is made now may expire then: after now, and within the policy's lifetime.
 *
 * @param lifetime days
 */
export function mayExpire(expires: string, now: string, lifetime: number): boolean {
  return expires > now && expires <= latestExpiry(now, lifetime)
}
