/** Set when the program is built: the SHA-256 over its sources. */
declare const __SALLYPORT_BUILD__: string | undefined

/** Names the sources that this program was built from; `null` where it runs from them. */
export const buildId: string | null = typeof __SALLYPORT_BUILD__ === 'undefined' ? null : __SALLYPORT_BUILD__
