import { type Static, Type } from 'typebox';
import type { InboxMessage } from '../../alerting/channels/inbox.ts';
import { formatInstant } from '../../lib/time.ts';
import type { ApiApp, RouteContext } from '../api-app.ts';
import { MOST_INBOX_MESSAGES } from '../limits.ts';
import { Instant, LocalTextSchema, PROBLEMS, TierNumber } from '../schemas.ts';
import { pageKindName } from '../words.ts';

const MessageSchema = Type.Object({
  id: Type.String(),
  incidentId: Type.String(),
  kind: Type.String(),
  kindName: LocalTextSchema,
  tier: TierNumber,
  urgent: Type.Boolean(),
  personName: Type.String(),
  language: Type.String(),
  at: Instant,
  subject: Type.String(),
  text: Type.String(),
});

const schema = {
  operationId: 'listInbox',
  tags: ['inbox'],
  summary: 'Pages delivered to the built-in inbox, newest first, as they were sent',
  response: { 200: Type.Object({ items: Type.Array(MessageSchema) }), ...PROBLEMS },
};

/** `GET /api/v1/inbox`: the newest pages of the built-in inbox, bounded. */
export function inboxRoutes(app: ApiApp, { inbox }: RouteContext): void {
  app.get('/api/v1/inbox', { schema }, async () => ({
    items: inbox.messages().slice(0, MOST_INBOX_MESSAGES).map(viewMessage),
  }));
}

function viewMessage(message: InboxMessage): Static<typeof MessageSchema> {
  const { pageId, incidentId, kind, tier, urgent, personName, language, subject, text } = message;
  const at = formatInstant(message.deliveredAt);
  const kindName = pageKindName(kind, message.isRemoved === true);
  const facts = { incidentId, kind, kindName, tier, urgent, personName, language };
  return { id: pageId, ...facts, at, subject, text };
}
