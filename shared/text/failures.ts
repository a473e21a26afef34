import { collectFailures } from './failures-collect.ts'
import { releaseFailures } from './failures-release.ts'
import { deskFailures } from './failures-desk.ts'
import { changeFailures } from './failures-change.ts'
import { driveFailures } from './failures-drive.ts'
import { exportFailures } from './failures-export.ts'
import { landingFailures } from './failures-landing.ts'
import { mediaFailures } from './failures-media.ts'
import { registerFailures } from './failures-register.ts'
import { proxyFailures } from './failures-proxy.ts'
import { signFailures } from './failures-sign.ts'
import { streamFailures } from './failures-stream.ts'

/** What an officer reads about a failure: what happened, what is safe, what to do next. `{fact}` is filled in. */
export interface FailureWords {
  readonly happened: string
  readonly safe: string
  readonly next: string
}

/** Every code there is, with its words. A code without words does not compile; words without a code are found by a test. */
export const failureWords = {
  ...deskFailures,
  ...changeFailures,
  ...collectFailures,
  ...releaseFailures,
  ...proxyFailures,
  ...mediaFailures,
  ...driveFailures,
  ...registerFailures,
  ...exportFailures,
  ...landingFailures,
  ...signFailures,
  ...streamFailures,
} as const satisfies Readonly<Record<string, FailureWords>>

export type FailureCode = keyof typeof failureWords
