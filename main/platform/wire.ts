import type { Socket } from 'node:net'

const ends = ['error', 'end', 'close'] as const

/** A connection while two programs agree on it: what one of them says is read piece by piece, and never past its end. */
export class Wire {
  private readonly socket: Socket
  private readonly most: number
  private held: Buffer = Buffer.alloc(0)
  private ended: Error | null = null
  private wake: () => void = () => undefined
  private readonly ready = (): void => this.wake()
  private readonly end = (error?: Error | boolean): void => {
    this.ended ??= error instanceof Error ? error : new Error('the end of the connection')
    this.wake()
  }

  /** @param most how much is held while it is not known where an answer ends */
  constructor(socket: Socket, most: number) {
    this.socket = socket
    this.most = most
    socket.on('readable', this.ready)
    for (const event of ends) socket.on(event, this.end)
  }

  /** Waits for an event of the connection. @throws what ended it */
  async once(event: string): Promise<void> {
    const seen: { came: boolean } = { came: false }
    this.socket.once(event, () => {
      seen.came = true
      this.wake()
    })
    while (!seen.came) await this.more()
  }

  write(bytes: string | Buffer): void {
    this.socket.write(bytes)
  }

  /** Exactly so many bytes. @throws what ended the connection before */
  async exactly(count: number): Promise<Buffer> {
    while (this.held.length < count) await this.read()
    return this.cut(count)
  }

  /** Everything up to and with a mark. @throws what ended the connection before; an error where it does not come */
  async upTo(mark: string): Promise<Buffer> {
    for (;;) {
      const at = this.held.indexOf(mark)
      if (at >= 0) return this.cut(at + mark.length)
      if (this.held.length > this.most) throw new Error('an answer without an end')
      await this.read()
    }
  }

  /** Lets go of the connection; whether nothing is left that was said and not read. */
  release(): boolean {
    this.socket.removeListener('readable', this.ready)
    for (const event of ends) this.socket.removeListener(event, this.end)
    return this.held.length === 0
  }

  private cut(count: number): Buffer {
    const piece = this.held.subarray(0, count)
    this.held = this.held.subarray(count)
    return piece
  }

  private async read(): Promise<void> {
    const piece = this.socket.read() as Buffer | null
    if (piece === null) await this.more()
    else this.held = Buffer.concat([this.held, piece])
  }

  private async more(): Promise<void> {
    if (this.ended === null)
      await new Promise<void>((resolve) => {
        this.wake = resolve
      })
    if (this.ended !== null) throw this.ended
  }
}
