import type { Random } from '../../../lib/random.ts';
import type { DurationMs } from '../../../lib/time.ts';
import type { MailServerRig } from '../../pages/mail-server.ts';
import type { WebhookReceiver } from '../../pages/webhook-receiver.ts';
import type { Ask, Traffic } from './traffic.ts';

/** What a kill waits for. */
type Cue =
  /** The process is there. */
  | 'start'
  /** It says that it runs. */
  | 'running'
  /** Something that it is asked is on its way. */
  | Ask
  /** A page is at the webhook; one that tells an end; one to the second level. */
  | 'hook'
  | 'hook-end'
  | 'hook-level-2'
  | 'connection'
  /** The mail server has a message. */
  | 'mail';

/** An instant at which the service is killed: a while of random length after a cue. */
export interface Moment {
  readonly name: string;
  readonly cue: Cue;
  /** Of the cue in this life, the first to at most so manieth. */
  readonly upTo: number;
  /** The longest while after it: so long, or in terms of how long an answer, or a start, takes. */
  readonly within: DurationMs | 'an answer' | 'a start';
  /** The receiver that takes the first message of this life and never says so. */
  readonly holds?: 'webhook' | 'mail';
}

const moment = (
  name: string,
  cue: Cue,
  upTo: number,
  within: Moment['within'],
  holds?: Moment['holds'],
): Moment => ({ name, cue, upTo, within, ...(holds === undefined ? {} : { holds }) });

/** From the first line of code to the last message; each is as likely as any other. */
export const MOMENTS: readonly Moment[] = [
  moment('while it starts', 'start', 1, 'a start'),
  moment('as it begins to run', 'running', 1, 300),
  moment('an alert is being told', 'raise', 4, 'an answer'),
  moment('an acknowledgement is being made', 'acknowledge', 2, 'an answer'),
  moment('an end is being told', 'end', 3, 'an answer'),
  moment('the webhook has a page and never answers', 'hook', 3, 10, 'webhook'),
  moment('the webhook has answered', 'hook', 6, 10),
  moment('the webhook is being paged', 'hook', 6, 60),
  moment('the webhook is told of an end', 'hook-end', 3, 10),
  moment('the second level is paged', 'hook-level-2', 3, 10),
  moment('a mail is being handed over', 'connection', 6, 30),
  moment('the mail server has a mail and never says so', 'mail', 3, 10, 'mail'),
  moment('the mail server has answered', 'mail', 6, 10),
];

export interface CueSources {
  readonly webhook: WebhookReceiver;
  readonly mail: MailServerRig;
  readonly traffic: Traffic;
  readonly running: Promise<string | null>;
}

const isEnd = (body: string) => (JSON.parse(body) as { event?: string }).event === 'resolved';
const isOfLevel2 = (body: string) =>
  (JSON.parse(body) as { recipient?: { id?: string } }).recipient?.id === 'lead';

/** Resolves when the cue has come, as often as was drawn; rejects when `signal` ends it. */
export async function awaitCue(
  { cue, upTo }: Moment,
  sources: CueSources,
  random: Random,
  signal: AbortSignal,
): Promise<void> {
  const times = 1 + Math.floor(random.next() * upTo);
  for (let count = 0; count < times; count++) await nextCue(cue, sources, signal);
}

async function nextCue(cue: Cue, sources: CueSources, signal: AbortSignal): Promise<void> {
  const { webhook, mail, traffic, running } = sources;
  switch (cue) {
    case 'start':
      return;
    case 'running':
      await running;
      return;
    case 'hook':
      return webhook.next(() => true, signal);
    case 'hook-end':
      return webhook.next(({ body }) => isEnd(body), signal);
    case 'hook-level-2':
      return webhook.next(({ body }) => isOfLevel2(body), signal);
    case 'connection':
      return mail.nextConnection(signal);
    case 'mail':
      return mail.nextMail(signal);
    default:
      return traffic.next(cue, signal);
  }
}
