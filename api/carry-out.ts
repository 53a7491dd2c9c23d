import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import type {
  Command,
  CommandOutcome,
  PassedLimit,
  Refusal,
  TakeCallback,
} from '../alerting/inputs.ts';
import { DAY, HOUR, MINUTE } from '../lib/time.ts';
import type { RouteContext } from './api-app.ts';
import { namesOf } from './names.ts';
import { problem, sendProblem } from './problem.ts';

type PersonCommand = Exclude<Command, TakeCallback>;

/** The ids of what a command made or changed. */
export const Made = Type.Object({ ids: Type.Array(Type.String()) });

interface Words {
  readonly status: number;
  readonly text: string;
}

/** What is said of a refused command; its reason is the end of the problem's type. */
export const REFUSALS: Readonly<Record<Refusal, Words>> = {
  'no-such-schedule': { status: 422, text: 'There is no schedule of that id.' },
  'no-such-person': { status: 422, text: 'There is no person of that id.' },
  'no-such-override': {
    status: 404,
    text: 'There is no override of that id that was made here; what the file says only the file can take back.',
  },
  'no-such-silence': { status: 404, text: 'There is no silence of that id.' },
  'bad-span': { status: 422, text: 'It ends before it begins.' },
  'span-too-long': {
    status: 422,
    text: 'It lasts too long.',
  },
  'already-taken': { status: 409, text: 'It has been taken already.' },
  'already-over': { status: 409, text: 'It is over already.' },
  'same-person': { status: 422, text: 'Expected two different people.' },
  'too-many': { status: 409, text: 'There are too many of them.' },
  'no-such-report': { status: 404, text: 'There is no report of that id.' },
  'no-such-device': { status: 422, text: 'There is no device of that id.' },
  'no-such-site': { status: 422, text: 'There is no site of that id.' },
  'not-resolved': { status: 409, text: 'The incident is not resolved yet.' },
  'review-missing': {
    status: 409,
    text: 'This incident is closed only after a review with its root cause and corrective actions.',
  },
  'action-missing': {
    status: 422,
    text: 'The review of this incident names at least one corrective action.',
  },
  'approval-missing': {
    status: 409,
    text: 'This incident is closed only after somebody else has approved its review.',
  },
  'not-entitled': { status: 403, text: 'That person does not approve reviews.' },
  'no-such-authority': {
    status: 404,
    text: 'Of this incident there is no authority of that id to be told.',
  },
  'bad-instant': {
    status: 422,
    text: 'It cannot have been then: expected an instant since the incident began, and not to come.',
  },
  'reason-missing': { status: 422, text: 'A milder tier needs a reason.' },
  'customers-told': {
    status: 409,
    text: 'Customers were told of a worse tier: it does not become milder than that before the end.',
  },
  'nothing-proposed': {
    status: 409,
    text: 'No milder tier waits for a second person; a proposal lasts an hour.',
  },
  'no-tier-set': { status: 409, text: 'Nobody has set the tier.' },
  'matches-everything': {
    status: 422,
    text: 'It would match everything; expected at least one matcher that names what to silence.',
  },
  'matches-nothing': {
    status: 422,
    text: 'It would match nothing; expected a tier from 1 to 4, and the id of an incident.',
  },
};

/** Hands in a command of a person that is about no incident; answers with the ids, or why it was refused. */
export async function carryOutRefusable(
  context: RouteContext,
  reply: FastifyReply,
  command: PersonCommand,
) {
  const { refused, ids } = await decide(context, reply, command);
  return refused ?? { ids };
}

/** Hands in a command; null when it was carried out, else the refusal that was sent. */
export async function refuseOrCarryOut(
  context: RouteContext,
  reply: FastifyReply,
  command: PersonCommand,
): Promise<FastifyReply | null> {
  return (await decide(context, reply, command)).refused;
}

async function decide(
  { host, getConfig }: RouteContext,
  reply: FastifyReply,
  command: PersonCommand,
) {
  const { people } = namesOf(getConfig());
  if (command.by !== null && !people.has(command.by)) {
    return { refused: sendProblem(reply, refusal({ reason: 'no-such-person' })), ids: [] };
  }
  const outcome = await host.command(command);
  if (!outcome.accepted) {
    return { refused: sendProblem(reply, refusal(outcome)), ids: [] };
  }
  return { refused: null, ids: [...(outcome.ids ?? [])] };
}

/** Why a command was refused, in a sentence. */
export function sentenceOf(refused: Refused): string {
  return refusal(refused).detail ?? refused.reason;
}

type Refused = Pick<Extract<CommandOutcome, { accepted: false }>, 'reason' | 'label' | 'limit'>;

function refusal({ reason, label, limit }: Refused) {
  const known: Partial<Record<string, Words>> = REFUSALS;
  if (reason === 'no-such-incident') return problem(404, 'There is no incident of that id.');
  if (reason === 'already-resolved')
    return problem(409, 'The incident is already resolved.', { type: `urn:threenines:${reason}` });
  const { status, text } = known[reason] ?? { status: 422, text: 'It cannot be done as asked.' };
  const of = label === undefined ? '' : ` The matcher of ${label} is wrong.`;
  const passed = limit === undefined ? '' : ` ${LIMITS[limit.of](limit)}`;
  return problem(status, `${text}${of}${passed}`, { type: `urn:threenines:${reason}` });
}

const LIMITS: Readonly<Record<PassedLimit['of'], (limit: PassedLimit) => string>> = {
  'silence-span': ({ most, asked }) =>
    `A silence lasts at most ${spanWords(most)}; ${spanWords(asked)} were asked for.`,
  'override-span': ({ most, asked }) =>
    `An override lasts at most ${spanWords(most)}; ${spanWords(asked)} were asked for.`,
  silences: ({ most, asked }) =>
    `At most ${most} silences are in force or to come at once; this would be number ${asked}. End some first.`,
  overrides: ({ most, asked }) =>
    `At most ${most} overrides are held at once; there would be ${asked}. Take back some first.`,
  'customer-reports': ({ most, asked }) =>
    `At most ${most} reports wait for an answer at once; this would be number ${asked}. Answer some first.`,
};

/** `7 days`, `9 days 1 h`, `7 days 1 min`: every part that is there, the last one rounded up. */
function spanWords(spanMs: number): string {
  const minutes = Math.ceil(spanMs / MINUTE);
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(minutes / (DAY / MINUTE)), 'days'],
    [Math.floor((minutes % (DAY / MINUTE)) / (HOUR / MINUTE)), 'h'],
    [minutes % (HOUR / MINUTE), 'min'],
  ];
  return parts.flatMap(([count, unit]) => (count === 0 ? [] : [`${count} ${unit}`])).join(' ');
}
