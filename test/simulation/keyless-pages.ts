import { messageId } from '../../alerting/channels/email.ts';
import type { DomainEvent } from '../../alerting/events.ts';
import type { Checker } from './checker.ts';
import type { Providers } from './providers.ts';
import { MAIL_DOMAIN } from './sim-config.ts';

/** Pages that reach their provider without a key of theirs: a mail has its own, the chat robot knows none. */
export class KeylessPages {
  /** Chat messages that the journal has for sent. */
  chatSent = 0;
  readonly #providers: Providers;
  readonly #checker: Checker;
  readonly #pageOfMail = new Map<string, string>();

  constructor(providers: Providers, checker: Checker) {
    this.#providers = providers;
    this.#checker = checker;
    providers.pageOfMail = (id) => this.#pageOfMail.get(id) ?? null;
  }

  /** What the journal has of them, in its order. */
  take(event: DomainEvent): void {
    if (event.type === 'page-queued' && event.channelId === 'mail') this.#notesMail(event);
    if (event.type !== 'page-sent' && event.type !== 'page-attempt-failed') return;
    const { pageId } = event;
    const isChat = this.#checker.pages.get(pageId)?.channelId === 'chat';
    if (event.type === 'page-attempt-failed') {
      if (isChat && event.notTaken !== true) this.#providers.inDoubt.add(pageId);
      return;
    }
    const isOneOfMany = event.inSummary !== undefined && event.inSummary !== pageId;
    if (isOneOfMany || isChat) this.#providers.takeAsRead(pageId);
    if (isChat && !isOneOfMany) this.chatSent += 1;
  }

  #notesMail({ pageId, at }: Extract<DomainEvent, { type: 'page-queued' }>): void {
    for (const what of ['page', 'summary'])
      this.#pageOfMail.set(messageId(`${what}/${pageId}/${at}`, MAIL_DOMAIN), pageId);
  }
}
