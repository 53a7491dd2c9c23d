import type { DurationMs } from './time.ts';

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
}

export type MailOutcome =
  | { readonly kind: 'accepted'; readonly receipt: string }
  /** `permanent`: the server said 5xx or the address is unusable; trying again cannot help. */
  | { readonly kind: 'failed'; readonly permanent: boolean; readonly detail: string };

/** Hands one message to a server. Never rejects. */
export interface MailClient {
  send(server: MailServer, message: MailMessage): Promise<MailOutcome>;
}
