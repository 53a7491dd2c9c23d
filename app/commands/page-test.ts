import { createInbox } from '../../alerting/channels/inbox.ts';
import { sendTestPage, type TestProblem } from '../../alerting/test-page.ts';
import type { Config } from '../../config/model.ts';
import { systemClock } from '../../lib/clock.ts';
import { systemHttpClient } from '../../lib/http-client.ts';
import { systemMailClient } from '../../lib/mail-client.ts';
import type { CommandLine } from './command-line.ts';

export interface TestRequest {
  readonly personId: string;
  readonly channelId: string;
  readonly asJson: boolean;
}

/**
 * `threenines page test PERSON CHANNEL`: sends one test page, needs no running service, and says what
 * the channel answered. Exit code 0 when it was taken, 1 when not, 2 when there is no such way.
 */
export async function testChannel(
  line: CommandLine,
  config: Config,
  { personId, channelId, asJson }: TestRequest,
): Promise<number> {
  const transports = { http: systemHttpClient, mail: systemMailClient, inbox: createInbox() };
  const now = systemClock.now();
  const outcome = await sendTestPage(config, { personId, channelId }, transports, now);
  if ('kind' in outcome) {
    line.complain(`threenines: ${inWords(outcome, personId, channelId)}`);
    return 2;
  }
  if (asJson)
    line.print(JSON.stringify({ person: personId, channel: channelId, ...outcome }, null, 2));
  else if (outcome.result === 'sent') {
    line.print(`Test page to ${personId} handed over to ${channelId}: ${outcome.receipt}`);
  } else {
    const final = outcome.permanent ? ', for good' : '';
    line.complain(
      `threenines: test page to ${personId} by ${channelId} failed${final}: ${outcome.reason.en}`,
    );
  }
  return outcome.result === 'sent' ? 0 : 1;
}

function inWords(problem: TestProblem, personId: string, channelId: string): string {
  switch (problem.kind) {
    case 'no-person':
      return `there is no person "${personId}"; expected one of ${problem.known.join(', ')}`;
    case 'no-channel':
      return `there is no channel "${channelId}"; expected one of ${problem.known.join(', ')}`;
    case 'no-contact':
      return `${personId} has no contact on "${channelId}"; there is ${problem.known.join(', ')}`;
    case 'nothing-to-send':
      return `"${channelId}" is the inbox of the console: nothing is sent anywhere`;
  }
}
