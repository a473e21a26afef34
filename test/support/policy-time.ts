import type { PolicyTime } from '../../main/policy/age.ts'

/** An hour after everything honest of the made-up authority was signed. */
export const policyTime: PolicyTime = { now: '2026-01-10T13:00:00Z', floor: null, tolerance: 48 }
