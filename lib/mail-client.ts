import type { NodemailerError } from 'nodemailer';
import { cleanText } from './device-text.ts';
import { type LocalText, say, withCode } from './local-text.ts';
import { type DurationMs, SECOND } from './time.ts';

/** Where mail is handed over. `user` and `password` are null for a relay that asks for none. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** `tls` from the first octet, `starttls` required after EHLO, `none` for a relay on the same machine. */
  readonly security: 'tls' | 'starttls' | 'none';
  readonly user: string | null;
  readonly password: string | null;
  readonly timeoutMs: DurationMs;
}

export interface MailMessage {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** RFC 5322 §3.6.4 Message-ID: the same for every try of one page, so that a mailbox can fold a repeated copy. */
  readonly messageId: string;
  /** Message-IDs of the same conversation, oldest first; mail clients thread by them. */
  readonly references: readonly string[];
  /** Whether its recipient has an earlier message of the conversation. */
  readonly isReply?: boolean;
  /** Files that go with it. */
  readonly attachments?: readonly MailAttachment[];
}

export interface MailAttachment {
  readonly fileName: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

export type MailOutcome =
  | { readonly kind: 'accepted'; readonly receipt: string }
  | {
      readonly kind: 'failed';
      /** There is no such recipient: trying again cannot help. */
      readonly permanent: boolean;
      /** The server said 5xx for another cause: its rules, its login, its own trouble. Left out otherwise. */
      readonly refused?: true;
      /** Known to have failed before the server could have taken the message. Left out where that is in doubt. */
      readonly notTaken?: true;
      readonly detail: LocalText;
    };

/** Hands one message to a server. Never rejects. */
export interface MailClient {
  send(server: MailServer, message: MailMessage): Promise<MailOutcome>;
}

const LONGEST_RECEIPT = 128;

/** RFC 5321 §4.2.3 at RCPT TO: unavailable, not local, name not allowed; RFC 3463 §3.2 X.1 where it says more. */
const NO_SUCH_MAILBOX: ReadonlySet<number> = new Set([550, 551, 553]);

/** Failures without a reply of the server, in words; the server's own words are never repeated. */
const FAILURE_BY_CODE: Readonly<Record<string, LocalText>> = {
  ECONNREFUSED: say('connection refused', '连接被拒绝'),
  ECONNECTION: say('connection closed by the server', '服务器关闭了连接'),
  ETIMEDOUT: say('no answer in time', '未在时限内应答'),
  EABORT: say('no answer in time', '未在时限内应答'),
  ENOTFOUND: say('mail server name not found', '找不到邮件服务器的域名'),
  EDNS: say('mail server name not found', '找不到邮件服务器的域名'),
};

/** Nobody was there to take anything; EAUTH and ETLS come before the message (RFC 5321 §3.1, RFC 3207 §4). */
const TAKES_NOTHING: ReadonlySet<string> = new Set([
  ...(['ECONNREFUSED', 'EDNS', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'] as const),
  ...(['EAUTH', 'ETLS', 'EENVELOPE'] as const),
]);
const TLS_REFUSED = /CERT|VERIFY|ISSUER|SIGNATURE|ETLS/;

/** So much of the time of a try is for the connection: one that never stands is told from an answer that never comes. */
const CONNECT_SHARE = 0.9;

/**
 * The mail client of the running service: one SMTP connection a message. Certificates are always
 * verified, and a server asked for STARTTLS that does not offer it gets nothing. `timeoutMs` bounds
 * the whole conversation.
 */
export const systemMailClient: MailClient = {
  async send(server, message) {
    // Loaded with the first mail: a start does not wait for it.
    const { createTransport } = await import('nodemailer');
    const transport = createTransport({
      host: server.host,
      port: server.port,
      secure: server.security === 'tls',
      requireTLS: server.security === 'starttls',
      ignoreTLS: server.security === 'none',
      ...(server.user === null
        ? {}
        : { auth: { user: server.user, pass: server.password ?? '' }, forceAuth: true }),
      tls: { minVersion: 'TLSv1.2', rejectUnauthorized: true },
      socketCloseTimeout: SECOND,
      connectionTimeout: Math.floor(server.timeoutMs * CONNECT_SHARE),
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    try {
      const { references, attachments = [], isReply = false, ...fields } = message;
      const info = await transport.sendMail({
        ...fields,
        references: [...references],
        attachments: attachments.map(({ fileName, contentType, bytes }) => {
          return { filename: fileName, contentType, content: Buffer.from(bytes) };
        }),
        ...(isReply && references.length > 0 ? { inReplyTo: references.at(-1)! } : {}),
        // RFC 3834 §5: keeps absence notes from answering.
        headers: { 'Auto-Submitted': 'auto-generated' },
        signal: AbortSignal.timeout(server.timeoutMs),
      });
      return { kind: 'accepted', receipt: cleanText(info.response, LONGEST_RECEIPT) };
    } catch (error) {
      return failureOf(error);
    } finally {
      transport.close();
    }
  },
};

function failureOf(error: unknown): MailOutcome {
  const { code, originalCode, responseCode, response, command, permanent }: NodemailerError =
    error instanceof Error ? error : new Error('unknown');
  if (responseCode === undefined) {
    const cause = String(originalCode ?? code ?? 'unknown');
    const isOfTls = TLS_REFUSED.test(cause);
    const timeoutType = error instanceof Error && 'timeoutType' in error ? error.timeoutType : null;
    const isNotTaken =
      isOfTls ||
      TAKES_NOTHING.has(cause) ||
      TAKES_NOTHING.has(String(code)) ||
      timeoutType === 'CONNECT_TIMEOUT';
    const kind = isOfTls ? say('TLS refused', 'TLS 被拒绝') : say('failed', '失败');
    return {
      kind: 'failed',
      permanent: false,
      ...(isNotTaken ? { notTaken: true } : {}),
      detail: FAILURE_BY_CODE[cause] ?? withCode(kind, cause),
    };
  }
  // RFC 3463 enhanced status code. The rest of the reply is the server's text and may repeat what it was sent.
  const enhanced = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response ?? '')?.[1];
  const reply = ['SMTP', responseCode, enhanced].filter(Boolean).join(' ');
  const stage = /^[A-Z]+( [A-Z]+)?$/.test(command ?? '') ? command : undefined;
  // A refused STARTTLS is about the connection, not about the message.
  const isRefusal = permanent === true && code !== 'ETLS';
  const isOfRecipient = stage === 'RCPT TO' && NO_SUCH_MAILBOX.has(responseCode);
  const noSuchRecipient = isRefusal && isOfRecipient && (enhanced ?? '5.1').startsWith('5.1');
  return {
    kind: 'failed',
    permanent: noSuchRecipient,
    notTaken: true,
    ...(isRefusal && !noSuchRecipient ? { refused: true } : {}),
    detail: stage ? say(`${reply} at ${stage}`, `${reply}（${stage} 阶段）`) : say(reply, reply),
  };
}
