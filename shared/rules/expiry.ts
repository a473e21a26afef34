const day = 24 * 60 * 60 * 1000

/** A time as records have it: RFC 3339, UTC, whole seconds. */
const text = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`

/** Days that a waybill of a channel may live, by a policy: never more than all may. */
export function lifetimeIn(
  policy: {
    readonly lifetime: number
    readonly channels: readonly { readonly name: string; readonly lifetime?: number | undefined }[]
  },
  channel: string,
): number {
  const own = policy.channels.find(({ name }) => name === channel)?.lifetime
  return Math.min(policy.lifetime, own ?? policy.lifetime)
}

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
