import { type Static, Type } from 'typebox';
import { type LocalText, say } from '../../lib/local-text.ts';
import type { ApiApp, RouteContext } from '../api-app.ts';
import type { LabAction, LabFailure } from '../deps.ts';
import { namesOf } from '../names.ts';
import { problem, sendProblem } from '../problem.ts';
import { requireJson } from '../request-guard.ts';
import { Id, LocalTextSchema, NullableString, PROBLEMS } from '../schemas.ts';

/** A port by name, or `mains`. */
const Part = Type.String({ minLength: 1, maxLength: 128 });

const FailuresSchema = Type.Object({
  items: Type.Array(
    Type.Object({
      deviceId: Type.String(),
      part: NullableString,
      title: LocalTextSchema,
      active: Type.Boolean(),
    }),
  ),
});

const ActionSchema = Type.Object(
  { device: Id, part: Type.Optional(Part) },
  { additionalProperties: false },
);

const RestorationSchema = Type.Object(
  { device: Type.Optional(Id), part: Type.Optional(Part) },
  { additionalProperties: false },
);

const response = { 200: FailuresSchema, ...PROBLEMS };
const tags = ['lab'];

const listSchema = {
  operationId: 'listLabFailures',
  tags,
  summary: 'What can be broken in the demo network',
  response,
};

const failSchema = {
  operationId: 'failInLab',
  tags,
  summary: 'Breaks a device, a port or the mains of the demo network',
  body: ActionSchema,
  response,
};

const restoreSchema = {
  operationId: 'restoreInLab',
  tags,
  summary:
    'Mends something in the demo network; where no device is named everything, which ends the story',
  body: RestorationSchema,
  response,
};

const storySchema = {
  operationId: 'playLabStory',
  tags,
  summary: 'Plays the scripted story of the demo network from its beginning',
  body: Type.Object({}, { additionalProperties: false }),
  response,
};

/** Only for the built-in demo network; none of these exists when real devices are watched. */
export function labRoutes(app: ApiApp, { lab, getConfig }: RouteContext): void {
  if (lab === null) return;
  const json = { onRequest: requireJson };
  const list = async () => ({
    items: (await lab.failures()).map((failure) => viewFailure(failure)),
  });
  const act = async (action: LabAction) => {
    const refusal = await lab.act(action);
    return refusal === null ? null : problem(422, refusal);
  };

  app.get('/api/v1/lab', { schema: listSchema }, async () => list());
  app.post('/api/v1/lab/failures', { schema: failSchema, ...json }, async ({ body }, reply) => {
    const refused = await act({ verb: 'fail', deviceId: body.device, part: body.part ?? null });
    return refused ? sendProblem(reply, refused) : list();
  });
  app.post(
    '/api/v1/lab/restorations',
    { schema: restoreSchema, ...json },
    async ({ body: { device, part = null } }, reply) => {
      if (device === undefined) await lab.restoreAll();
      const refused = device && (await act({ verb: 'restore', deviceId: device, part }));
      return refused ? sendProblem(reply, refused) : list();
    },
  );
  app.post('/api/v1/lab/story', { schema: storySchema, ...json }, async () => {
    await lab.playStory();
    return list();
  });

  function viewFailure(failure: LabFailure): Static<typeof FailuresSchema>['items'][number] {
    const { deviceId, part, active } = failure;
    return { deviceId, part, active, title: titleOf(namesOf(getConfig()).device(deviceId), part) };
  }
}

function titleOf(device: string, part: string | null): LocalText {
  if (part === null) return say(`Stop ${device}`, `停掉 ${device}`);
  if (part === 'mains') return say(`Cut the mains of ${device}`, `切断 ${device} 的市电`);
  return say(`Unplug ${device} ${part}`, `拔掉 ${device} 的 ${part}`);
}
