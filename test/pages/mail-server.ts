import { EventEmitter, once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';

/** What the server does with one recipient or message. A text is an SMTP reply. */
export type MailBehaviour =
  | 'accept'
  | 'drop-mid-data'
  /** Takes the message and never says so. */
  | 'take-and-hang'
  | { readonly rcpt: string }
  | { readonly data: string };

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  readonly secure: boolean;
  readonly user: string | null;
}

export interface MailServerSettings {
  /** Set together: the server asks for them. */
  readonly user?: string;
  readonly password?: string;
  /** Reply to a wrong password. */
  readonly authReply?: string;
  readonly tls?: 'starttls' | 'from-start' | 'never';
  readonly certificate?: { readonly key: string; readonly cert: string };
  /** Says nothing after the connection is made. */
  readonly silent?: boolean;
}

/** A real SMTP server on a loopback port that does as it is told. */
export class MailServerRig {
  readonly received: ReceivedMail[] = [];
  /** For the messages to come, in order; accepted once it is empty. */
  readonly script: MailBehaviour[] = [];
  connections = 0;
  readonly #settings: MailServerSettings;
  readonly #events = new EventEmitter();
  readonly #sockets = new Set<Socket>();
  readonly #server: SMTPServer;
  #current: MailBehaviour = 'accept';

  private constructor(settings: MailServerSettings) {
    this.#settings = settings;
    this.#server = new SMTPServer(this.#options());
    // A client that refuses a certificate ends the connection; that is the test, not a failure.
    this.#server.on('error', () => {});
  }

  static async start(settings: MailServerSettings = {}): Promise<MailServerRig> {
    const rig = new MailServerRig(settings);
    rig.#server.listen(0, '127.0.0.1');
    await once(rig.#server.server, 'listening');
    rig.#server.server.on('connection', (socket: Socket) => {
      rig.connections += 1;
      rig.#sockets.add(socket);
      rig.#events.emit('connection');
    });
    return rig;
  }

  get port(): number {
    return (this.#server.server.address() as AddressInfo).port;
  }

  /** Resolves once so many connections were made. */
  async connected(count: number): Promise<void> {
    while (this.connections < count) await once(this.#events, 'connection');
  }

  /** Resolves as the next connection is made. */
  async nextConnection(signal: AbortSignal): Promise<void> {
    await once(this.#events, 'connection', { signal });
  }

  /** Resolves as the next message has been taken. */
  async nextMail(signal: AbortSignal): Promise<void> {
    await once(this.#events, 'mail', { signal });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #options(): SMTPServerOptions {
    const { tls = 'never', certificate, user, silent } = this.#settings;
    const hidden = [...(tls === 'starttls' ? [] : ['STARTTLS']), ...(user ? [] : ['AUTH'])];
    return {
      ...certificate,
      secure: tls === 'from-start',
      disabledCommands: hidden,
      authOptional: user === undefined,
      allowInsecureAuth: true,
      disableReverseLookup: true,
      closeTimeout: 1,
      onConnect: (_session, done) => {
        if (!silent) done();
      },
      onAuth: (auth, _session, done) => {
        const { user: name, password, authReply = '535 5.7.8 no' } = this.#settings;
        if (auth.username === name && auth.password === password) return done(null, { user: name });
        done(replyError(authReply));
      },
      onRcptTo: (_address, _session, done) => {
        this.#current = this.script.shift() ?? 'accept';
        const refused = typeof this.#current === 'object' && 'rcpt' in this.#current;
        if (refused) return done(replyError((this.#current as { rcpt: string }).rcpt));
        done();
      },
      onData: (stream, session, done) => this.#takeData(stream, session, done),
    };
  }

  #takeData(
    stream: NodeJS.ReadableStream,
    session: SMTPServerSession,
    done: (error?: Error | null, message?: string) => void,
  ): void {
    const behaviour = this.#current;
    if (behaviour === 'drop-mid-data') {
      for (const socket of this.#sockets) socket.destroy();
      return;
    }
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      if (typeof behaviour === 'object' && 'data' in behaviour)
        return done(replyError(behaviour.data));
      const { mailFrom, rcptTo } = session.envelope;
      this.received.push({
        from: mailFrom === false ? '' : mailFrom.address,
        to: rcptTo.map(({ address }) => address),
        raw: Buffer.concat(chunks).toString('utf8'),
        secure: session.secure,
        user: session.user ?? null,
      });
      if (behaviour !== 'take-and-hang') done(null, `2.0.0 queued as M${this.received.length}`);
      this.#events.emit('mail');
    });
  }
}

/** `451 4.7.1 greylisted` as the error that makes the server say so. */
function replyError(reply: string): Error & { responseCode: number } {
  const [, code, text] = /^(\d{3}) (.*)$/.exec(reply) ?? [];
  return Object.assign(new Error(text), { responseCode: Number(code) });
}
