/** Failures while a request is read and its content is collected. */
export const collectFailures = {} as const
