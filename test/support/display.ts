import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'

/** A screen that nobody sees. */
export interface Display {
  /** `:99` */
  readonly name: string
  close(): Promise<void>
}

/** Starts Xvfb on a number that it finds free itself. @throws Error when it does not start */
export async function openDisplay(size = '1280x800'): Promise<Display> {
  const words = ['-displayfd', '3', '-screen', '0', `${size}x24`, '-nolisten', 'tcp', '-ac', '-noreset']
  const server = spawn('Xvfb', words, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  const number = await new Promise<string>((resolve, reject) => {
    server.once('error', reject)
    server.once('exit', () => reject(new Error('Xvfb ended at once')))
    ;(server.stdio[3] as Readable).once('data', (found: Buffer) => resolve(found.toString('utf8').trim()))
  })
  return {
    name: `:${number}`,
    async close() {
      server.kill()
      await ended
    },
  }
}
