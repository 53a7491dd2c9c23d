import { isDeepStrictEqual } from 'node:util';
import type { FastifyReply } from 'fastify';
import { type Static, Type } from 'typebox';
import { stringify } from 'yaml';
import { silenceStatus } from '../../alerting/silence.ts';
import type { HeldSilence } from '../../alerting/state.ts';
import type { Config, Person } from '../../config/model.ts';
import { cleanText } from '../../lib/device-text.ts';
import { formatInstant } from '../../lib/time.ts';
import { type AlertView, viewAlerts } from '../alertmanager/alert-view.ts';
import {
  compileMatcher,
  type LabelTest,
  parseFilter,
  toSilenceMatcher,
  toWireMatcher,
} from '../alertmanager/matchers.ts';
import type { ApiApp, RouteContext } from '../api-app.ts';
import { refuseOrCarryOut, sentenceOf } from '../carry-out.ts';
import { LONGEST_NAME, LONGEST_REASON, MOST_MATCHERS } from '../limits.ts';
import { requireJson } from '../request-guard.ts';
import { GivenInstant, IdParams, PROBLEMS } from '../schemas.ts';

const Values = Type.Unsafe<string | readonly string[]>({
  anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, maxItems: 50 }],
});
const Flag = Type.Optional(Type.Boolean());

const AlertsQuery = Type.Object({
  active: Flag,
  silenced: Flag,
  inhibited: Flag,
  /** None is ever unprocessed here; taken because clients send it. */
  unprocessed: Flag,
  muted: Flag,
  filter: Type.Optional(Values),
  receiver: Type.Optional(Type.String({ maxLength: 200 })),
});
type AlertsQuery = Static<typeof AlertsQuery>;

/** As Alertmanager refuses: a sentence, as JSON. */
const refusalContent = {
  ...PROBLEMS['4xx'],
  content: { ...PROBLEMS['4xx'].content, 'application/json': { schema: Type.String() } },
};
const REFUSALS = { '4xx': refusalContent, '5xx': refusalContent };

const shape = (summary: string, operationId: string) => ({
  ...{ operationId, summary, tags: ['alerts'] },
  response: { 200: Type.Unknown(), ...REFUSALS },
});

const WireMatcherSchema = Type.Object(
  {
    name: Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]{0,62}$' }),
    value: Type.String({ maxLength: 1024 }),
    isRegex: Type.Boolean(),
    isEqual: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: true },
);

/** What else stands in a silence, `status` of one that was read here too, is ignored as Alertmanager does. */
const PostedSilence = Type.Object(
  {
    id: Type.Optional(Type.String({ maxLength: 100 })),
    matchers: Type.Array(WireMatcherSchema, { minItems: 1, maxItems: MOST_MATCHERS }),
    startsAt: GivenInstant,
    endsAt: GivenInstant,
    createdBy: Type.String({ minLength: 1, maxLength: 120 }),
    comment: Type.String({ maxLength: LONGEST_REASON }),
  },
  { additionalProperties: true },
);
type PostedSilence = Static<typeof PostedSilence>;

/**
 * What amtool and Grafana's Alertmanager data source ask of an Alertmanager (its API, version 2):
 * status, receivers, alerts, silences. Faults of open incidents are the alerts; silences are our own,
 * so a bound of seven days and a second person for tier 1 hold here as well.
 */
export function alertmanagerRoutes(app: ApiApp, context: RouteContext): void {
  readingRoutes(app, context);
  silenceRoutes(app, context);
}

function readingRoutes(app: ApiApp, { host, clock, getConfig }: RouteContext): void {
  const startedAt = clock.now();
  app.get(
    '/api/v2/status',
    { schema: shape('As Alertmanager tells it', 'getStatus') },
    async () => ({
      cluster: { status: 'disabled', peers: [] },
      // No `versionInfo`: there is no Alertmanager of any version here. amtool compares it with its own and
      // warns of another one; where there is none it asks nothing.
      config: { original: asAlertmanagerFile(getConfig()) },
      uptime: formatInstant(startedAt),
    }),
  );

  app.get('/api/v2/receivers', { schema: shape('Escalation policies', 'getReceivers') }, async () =>
    getConfig().escalationPolicies.map(({ id }) => ({ name: id })),
  );

  const alertsSchema = {
    ...shape('Faults of open incidents', 'getAlerts'),
    querystring: AlertsQuery,
  };
  const find = (query: AlertsQuery) =>
    select(viewAlerts(host.state, getConfig().service.consoleUrl, clock.now()), query);
  app.get('/api/v2/alerts', { schema: alertsSchema }, async ({ query }, reply) => {
    const { alerts, problem } = find(query);
    return problem === null ? alerts : refuse(reply, problem);
  });

  const groupsSchema = {
    ...shape('Faults of open incidents, by incident', 'getAlertGroups'),
    querystring: AlertsQuery,
  };
  app.get('/api/v2/alerts/groups', { schema: groupsSchema }, async ({ query }, reply) => {
    const { alerts, problem } = find(query);
    return problem === null ? groupsOf(alerts) : refuse(reply, problem);
  });
}

/**
 * What stands for a configuration of Alertmanager, so that `amtool config routes show` and Grafana can
 * read it: each escalation policy is a receiver, and grading, which no route can tell, picks among them.
 */
function asAlertmanagerFile({ escalationPolicies }: Config): string {
  const receivers = escalationPolicies.map(({ id }) => ({ name: id }));
  const known = receivers.length > 0 ? receivers : [{ name: 'nobody' }];
  const file = stringify({ route: { receiver: known[0]!.name }, receivers: known });
  return `# Threenines is configured by its own files.\n${file}`;
}

function valuesOf(given: string | readonly string[] | undefined): readonly string[] {
  if (given === undefined) return [];
  return typeof given === 'string' ? [given] : given;
}

type Selected =
  | { readonly alerts: readonly AlertView[]; readonly problem: null }
  | { readonly alerts: readonly []; readonly problem: string };

function select(all: readonly AlertView[], query: AlertsQuery): Selected {
  const { active = true, silenced = true, inhibited = true, receiver } = query;
  const { tests, problem } = testsOf(query.filter);
  if (problem !== null) return { alerts: [], problem };
  const atReceiver = receiver ? compileMatcher({ ...RECEIVER, value: receiver }) : () => true;
  if ('problem' in atReceiver) return { alerts: [], problem: atReceiver.problem };
  const alerts = all.filter(({ labels, status, receivers }) => {
    if (!silenced && status.silencedBy.length > 0) return false;
    if (!inhibited && status.inhibitedBy.length > 0) return false;
    if (!active && status.state === 'active') return false;
    const isThere = receivers.some(({ name }) => atReceiver({ receiver: name }));
    return isThere && tests.every((fits) => fits(labels));
  });
  return { alerts, problem: null };
}

const RECEIVER = { name: 'receiver', isRegex: true, isEqual: true } as const;

/** What each filter asks for; or what is wrong with the first that is none. */
function testsOf(filter: string | readonly string[] | undefined): {
  readonly tests: readonly LabelTest[];
  readonly problem: string | null;
} {
  const tests: LabelTest[] = [];
  for (const text of valuesOf(filter)) {
    const matcher = parseFilter(text);
    const fits = 'problem' in matcher ? matcher : compileMatcher(matcher);
    if ('problem' in fits) return { tests: [], problem: badFilter(text, fits.problem) };
    tests.push(fits);
  }
  return { tests, problem: null };
}

function badFilter(text: string, problem: string): string {
  return `The filter ${quoted(text)} is not understood: ${problem}.`;
}

function groupsOf(alerts: readonly AlertView[]) {
  const groups = new Map<string, AlertView[]>();
  for (const alert of alerts) {
    // Alerts that came in have labels of their own and no incident among them: one group for all.
    const key = `${alert.receivers[0]?.name ?? ''}\n${alert.labels.incident ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), alert]);
  }
  return [...groups.values()].map((members) => ({
    labels: members[0]!.labels.incident ? { incident: members[0]!.labels.incident } : {},
    receiver: members[0]!.receivers[0],
    alerts: members,
  }));
}

/** Alertmanager's clients expect a bare JSON string for what went wrong. */
function refuse(reply: FastifyReply, message: string, status = 400) {
  return reply.code(status).type('application/json').send(JSON.stringify(message));
}

function silenceRoutes(app: ApiApp, context: RouteContext): void {
  const { host, clock } = context;
  const json = { onRequest: requireJson };
  const listSchema = {
    ...shape('Silences, as Alertmanager tells them', 'getSilences'),
    querystring: Type.Object({ filter: Type.Optional(Values) }),
  };
  const view = (silence: HeldSilence) => viewSilence(silence, clock.now());
  app.get('/api/v2/silences', { schema: listSchema }, async ({ query }, reply) => {
    const { tests, problem } = testsOf(query.filter);
    if (problem !== null) return refuse(reply, problem);
    return [...host.state.silences.values()].map(view).filter(({ matchers }) => {
      // As Alertmanager has it: a filter is held against what a matcher of that name says.
      const said = Object.fromEntries(matchers.map(({ name, value }) => [name, value]));
      return tests.every((fits) => fits(said));
    });
  });

  const oneSchema = { ...shape('One silence', 'getSilence'), params: IdParams };
  app.get('/api/v2/silence/:id', { schema: oneSchema }, async ({ params }, reply) => {
    const silence = host.state.silences.get(params.id);
    return silence === undefined ? refuse(reply, 'There is no such silence.', 404) : view(silence);
  });

  const endSchema = {
    ...shape(
      'Ends a silence; recorded as its owner, for the request names nobody',
      'deleteSilence',
    ),
    params: IdParams,
  };
  app.delete('/api/v2/silence/:id', { schema: endSchema }, async ({ params }, reply) => {
    const silence = host.state.silences.get(params.id);
    if (silence === undefined) return refuse(reply, 'There is no such silence.', 404);
    // Alertmanager's own answer, the only one whose words amtool shows.
    if (silenceStatus(silence, clock.now()) === 'expired')
      return refuse(reply, `The silence ${silence.id} has ended already.`, 500);
    const end = { type: 'end-silence', by: silence.owner, silenceId: silence.id } as const;
    return (await refuseOrCarryOut(context, reply, end)) ?? {};
  });

  const postSchema = {
    ...shape('Makes a silence, or changes the one whose id is given', 'postSilences'),
    body: PostedSilence,
  };
  app.post('/api/v2/silences', { schema: postSchema, ...json }, async ({ body }, reply) =>
    postSilence(context, reply, body),
  );
}

function viewSilence(silence: HeldSilence, now: number) {
  const { id, reason, createdBy, matchers } = silence;
  return {
    id,
    status: { state: silenceStatus(silence, now) },
    updatedAt: formatInstant(silence.createdAt),
    startsAt: formatInstant(silence.startsAt),
    endsAt: formatInstant(silence.endsAt),
    ...{ createdBy, comment: reason },
    matchers: matchers.map(toWireMatcher),
  };
}

const NO_COMMENT =
  'The comment is empty; expected a comment that says why, for whoever wonders at the silence (amtool: --comment).';

/** A silence that is changed in more than its end is made anew and the old one ended, as Alertmanager does. */
async function postSilence(context: RouteContext, reply: FastifyReply, body: PostedSilence) {
  const { host, clock, getConfig } = context;
  const by = personNamed(getConfig().people, body.createdBy);
  if (by === null) {
    return refuse(
      reply,
      `createdBy is nobody known here; expected the id, the name or one of the logins of a person (${quoted(body.createdBy)} may be added to the logins of one in oncall.yaml).`,
    );
  }
  const matchers = [];
  if (body.comment.trim() === '') return refuse(reply, NO_COMMENT);
  for (const wire of body.matchers) {
    const matcher = toSilenceMatcher({ isEqual: true, ...wire });
    if ('problem' in matcher) return refuse(reply, matcher.problem);
    matchers.push(matcher);
  }
  const named = body.id ? host.state.silences.get(body.id) : undefined;
  if (body.id && named === undefined) return refuse(reply, 'There is no such silence.', 404);
  // One that has ended stays as it was: what is posted under its id is made anew.
  const hasEnded = named !== undefined && silenceStatus(named, clock.now()) === 'expired';
  const old = hasEnded ? undefined : named;
  const endsAt = Date.parse(body.endsAt);
  const isLonger = old !== undefined && endsAt > old.endsAt;
  if (isLonger && body.comment === old.reason && isDeepStrictEqual(matchers, old.matchers)) {
    const extended = await host.command({ type: 'extend-silence', by, silenceId: old.id, endsAt });
    return extended.accepted ? { silenceID: old.id } : refuse(reply, sentenceOf(extended));
  }
  const outcome = await host.command({
    type: 'add-silence',
    ...{ by, owner: by, matchers, endsAt },
    reason: cleanText(body.comment, LONGEST_REASON),
    startsAt: Date.parse(body.startsAt),
  });
  if (!outcome.accepted) return refuse(reply, sentenceOf(outcome));
  if (old !== undefined) await host.command({ type: 'end-silence', by, silenceId: old.id });
  return { silenceID: outcome.ids?.[0] };
}

const quoted = (text: string) => JSON.stringify(cleanText(text, LONGEST_NAME));

/** The id of the person with that id, login or name, in this order; capitals do not matter. */
function personNamed(people: readonly Person[], text: string): string | null {
  const wanted = text.trim().toLowerCase();
  const is = (each: string) => each.toLowerCase() === wanted;
  const found =
    people.find(({ id }) => is(id)) ??
    people.find(({ logins }) => logins.some(is)) ??
    people.find(({ name }) => is(name));
  return found?.id ?? null;
}
