import { connect, type Socket } from 'node:net';

export interface StreamEvent {
  readonly id: string | null;
  readonly event: string;
  readonly data: string;
}

/** A client of the event stream on a plain socket: it reads only when asked, as a stuck browser would. */
export interface StreamClient extends AsyncDisposable {
  readonly socket: Socket;
  /** The next event of that name; rejects when the connection ends before. */
  next(name: string): Promise<StreamEvent>;
  /** Everything received so far, headers included. */
  received(): string;
  /** Resolves when the server has ended the connection. */
  readonly closed: Promise<void>;
}

export function openStream(
  port: number,
  options: { path?: string; lastEventId?: number; paused?: boolean } = {},
): StreamClient {
  const socket = connect(port, '127.0.0.1');
  const headers = [
    `GET ${options.path ?? '/api/v1/events'} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    ...(options.lastEventId === undefined ? [] : [`Last-Event-ID: ${options.lastEventId}`]),
  ];
  socket.write(`${headers.join('\r\n')}\r\n\r\n`);
  socket.on('error', () => {});
  let text = '';
  let read = 0;
  let wake = () => {};
  if (!options.paused)
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
      wake();
    });
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  closed.then(() => wake());

  const takeEvent = (name: string): StreamEvent | null => {
    for (;;) {
      const end = text.indexOf('\n\n', read);
      if (end < 0) return null;
      const block = text.slice(read, end);
      read = end + 2;
      const field = (key: string) => new RegExp(`^${key}: (.*)$`, 'm').exec(block)?.[1] ?? null;
      if (field('event') === name)
        return { id: field('id'), event: name, data: field('data') ?? '' };
    }
  };
  return {
    socket,
    closed,
    received: () => text,
    async next(name) {
      for (;;) {
        const event = takeEvent(name);
        if (event) return event;
        if (socket.destroyed) throw new Error(`the stream ended before "${name}"`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    async [Symbol.asyncDispose]() {
      socket.destroy();
      await closed;
    },
  };
}
