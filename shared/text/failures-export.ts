/** Failures while accepted content is exported or reported. */
export const exportFailures = {} as const
