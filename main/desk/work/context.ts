import type { Face } from '../../../shared/text/say-failure.ts'
import type { Settings } from '../../../shared/settings.ts'
import type { Choice } from '../../../shared/calls/place.ts'
import type { Paper } from '../../../shared/calls/report.ts'
import type { Told } from '../../../shared/contract.ts'
import type { Clock } from '../../platform/clock.ts'
import type { DriveSystem } from '../../media/drives/found.ts'
import { Failure } from '../../platform/failure.ts'
import type { openGate } from '../../platform/network.ts'
import type { SignInPage } from '../../sign/keyless/sign-in.ts'
import type { Pool } from '../../platform/workers.ts'
import type { Desk } from '../desk.ts'
import type { Jobs } from './jobs.ts'
import type { OpenedDesk, Outside } from '../disk/open.ts'
import type { Places } from './places.ts'

/** What printed pages carry at top and bottom, and the paper they are on. */
export interface PrintMarks {
  readonly marking: string
  readonly name: string
  /** The digest of the record that the page was made from; `null` where it is made from none. */
  readonly record: string | null
  readonly ledger: string
  readonly paper: Paper
}

/** Keeps settings. Reading gives the defaults for whatever is not ours. */
export interface SettingsPort {
  read(): Promise<Settings>
  write(settings: Settings): Promise<void>
}

/** What a session needs from its host. A call whose port is missing answers `not-here`. */
export interface Ports extends Outside {
  readonly clock: Clock
  readonly network: typeof openGate
  /** Where failures are read: a terminal unless it is said. */
  readonly face?: Face
  /** Connections are opened only while a desk is open: for a host whose calls may come from somewhere else than a person. */
  readonly connectsOnlyWithDesk?: boolean
  /** Asks the person at the screen for a place; `null` when they cancel. */
  readonly choose?: (choice: Choice) => Promise<string | null>
  /** Where the settings of this account are kept. */
  readonly settings?: SettingsPort
  /** Brings somebody to the page where they sign in: a browser, or words. */
  readonly signIn?: (page: SignInPage) => Promise<void>
  /** The drives of this computer. */
  readonly drives?: () => Promise<DriveSystem>
  /** Keeps the computer from falling asleep, until what it gives is called. */
  readonly stayAwake?: () => () => void
  /** Prints HTML to PDF. */
  readonly print?: (html: string, marks: PrintMarks) => Promise<Uint8Array>
  /** Hands HTML to the system's print dialog; false when the person at the screen did not print it. */
  readonly printOut?: (html: string, marks: PrintMarks) => Promise<boolean>
}

/** What an act works with. */
export interface Context {
  readonly ports: Ports
  readonly places: Places
  readonly jobs: Jobs
  pool(): Pool
  /** @throws Failure `no-desk` */
  desk(): Desk
  opened: OpenedDesk | null
  /** Aborted when the session ends: whatever waits for the network ends then. */
  readonly ended: AbortSignal
  /**
   * Whether this process has had a high desk, or was asked for one that did not open. From then on it opens no
   * connection but those that an open high desk's policy names, whatever is closed or opened since.
   */
  silent: boolean
  tell(...told: Told): void
  /** Runs a part of an act in turn with what else is asked, for acts that wait for somebody and hold up nothing. */
  turn<T>(run: () => Promise<T>): Promise<T>
}

/**
 * The open desk, for acts that write.
 *
 * @param restoring whether the act is the one by which two officers record that the desk was put back
 * @throws Failure `read-only-desk`, `desk-put-back`
 */
export function writable(context: Context, restoring = false): Desk {
  const desk = context.desk()
  if (!desk.writing) throw new Failure('read-only-desk')
  if (desk.putBack !== null && !restoring) throw desk.putBackFailure(desk.putBack)
  return desk
}
