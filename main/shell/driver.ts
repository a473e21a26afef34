/**
 * Waits until the driver of a test build says that it holds the browser, in the words of Playwright's own loader: it calls
 * `__playwright_run()` once it has. A window made before that may be attached to while it commits its first page, and
 * Playwright then waits for that commit for ever.
 */
export function driverIsReady(): Promise<void> {
  return new Promise((ready) => Reflect.set(globalThis, '__playwright_run', ready))
}
