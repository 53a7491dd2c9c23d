import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import type { Command, Refusal } from '../alerting/inputs.ts';
import type { RouteContext } from './api-app.ts';
import { namesOf } from './names.ts';
import { problem, sendProblem } from './problem.ts';

/** The ids of what a command made or changed. */
export const Made = Type.Object({ ids: Type.Array(Type.String()) });

interface Words {
  readonly status: number;
  readonly text: string;
}

const REFUSALS: Readonly<Record<Refusal, Words>> = {
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
    text: 'It lasts too long: a silence at most 7 days, an override 92.',
  },
  'already-over': { status: 409, text: 'It is over already.' },
  'same-person': { status: 422, text: 'Expected two different people.' },
  'too-many': { status: 409, text: 'There are too many of them; end or take back some.' },
  'matches-everything': {
    status: 422,
    text: 'It would match everything; expected at least one matcher that names what to silence.',
  },
};

/** Hands in a command of a person that is about no incident; answers with the ids, or why it was refused. */
export async function carryOutRefusable(
  { host, getConfig }: RouteContext,
  reply: FastifyReply,
  command: Command,
) {
  const { people } = namesOf(getConfig());
  if (!people.has(command.by)) return sendProblem(reply, refusal('no-such-person'));
  const outcome = await host.command(command);
  if (!outcome.accepted) return sendProblem(reply, refusal(outcome.reason));
  return { ids: [...(outcome.ids ?? [])] };
}

function refusal(reason: string) {
  const known: Partial<Record<string, Words>> = REFUSALS;
  const { status, text } = known[reason] ?? { status: 422, text: 'It cannot be done as asked.' };
  return problem(status, text, { type: `urn:threenines:${reason}` });
}
