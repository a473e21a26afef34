import { spawn, type ChildProcess } from 'node:child_process'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSocket, type AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** `count` ports of this computer that were free a moment ago. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createSocket())
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) =>
          server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
        ),
    ),
  )
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

/** Something that runs until it is closed. */
export interface Running {
  close(): Promise<void>
}

/** Starts a server program and waits until its health address answers 200. */
export async function startProgram(
  program: string,
  words: readonly string[],
  health: string,
  cwd: string,
): Promise<Running> {
  const child: ChildProcess = spawn(program, words, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  const hear = (chunk: Buffer): void => void (said = (said + chunk.toString('utf8')).slice(-4000))
  child.stdout?.on('data', hear)
  child.stderr?.on('data', hear)
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const stop = (): void => void child.kill('SIGKILL')
  process.once('exit', stop)
  for (let tries = 0; ; tries += 1) {
    if (child.exitCode !== null || tries > 600) {
      stop()
      throw new Error(`${program} did not start:\n${said}`)
    }
    const answer = await fetch(health).catch(() => null)
    if (answer?.status === 200) break
    await pause(50)
  }
  return {
    close: async () => {
      process.off('exit', stop)
      stop()
      await ended
    },
  }
}

/** What a small server of ours answers. */
export interface SmallAnswer {
  readonly status?: number
  readonly type?: string
  readonly body?: string | Uint8Array | object
  readonly headers?: Readonly<Record<string, string>>
}

/** What it was asked. */
export interface SmallQuestion {
  readonly method: string
  readonly url: URL
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

async function answerOne(
  request: IncomingMessage,
  response: ServerResponse,
  origin: string,
  answer: (question: SmallQuestion) => SmallAnswer | Promise<SmallAnswer>,
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const url = new URL(request.url ?? '/', origin)
  const question = {
    method: request.method ?? '',
    url,
    headers: request.headers,
    body: Buffer.concat(chunks),
  }
  const { status = 200, type, body = '', headers = {} } = await answer(question)
  const plain = typeof body === 'string' || body instanceof Uint8Array
  response.writeHead(status, {
    'content-type': type ?? (plain ? 'text/plain' : 'application/json'),
    ...headers,
  })
  response.end(plain ? body : JSON.stringify(body))
}

/** Starts a small http server on this computer; answers 500 with the error when `answer` throws. */
export async function startSmallServer(
  answer: (question: SmallQuestion) => SmallAnswer | Promise<SmallAnswer>,
  host = '127.0.0.1',
): Promise<Running & { readonly origin: string }> {
  let origin = ''
  const server = createServer((request, response) => {
    answerOne(request, response, origin, answer).catch((error: unknown) => {
      response.writeHead(500).end(String(error))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://${host}:${(server.address() as AddressInfo).port}`
  return {
    origin,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
