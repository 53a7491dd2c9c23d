import { Type } from 'typebox';
import type { ApiApp, RouteContext } from '../api-app.ts';
import { oneOf, PROBLEMS } from '../schemas.ts';

/** Channels by id only: addresses and telephone numbers stay with the service. */
const PersonSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  language: oneOf(['en', 'zh-CN']),
  timeZone: Type.String(),
  channelIds: Type.Array(Type.String()),
});

const schema = {
  operationId: 'listPeople',
  tags: ['people'],
  summary: 'Who can be paged and can acknowledge',
  response: { 200: Type.Object({ items: Type.Array(PersonSchema) }), ...PROBLEMS },
};

/** `GET /api/v1/people`: everyone who can be paged. */
export function peopleRoutes(app: ApiApp, { getConfig }: RouteContext): void {
  app.get('/api/v1/people', { schema }, async () => ({
    items: getConfig().people.map(({ id, name, language, timeZone, contacts }) => ({
      id,
      name,
      language,
      timeZone,
      channelIds: contacts.map(({ channelId }) => channelId),
    })),
  }));
}
