import { Writable } from 'node:stream';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { createInbox, type Inbox } from '../../alerting/channels/inbox.ts';
import type { DeliveryParts } from '../../alerting/page-delivery.ts';
import { createPageSender, type PageSender } from '../../alerting/page-sender.ts';
import { createSenderMetrics } from '../../alerting/sender-metrics.ts';
import type { Config } from '../../config/model.ts';
import { type HttpClient, systemHttpClient } from '../../lib/http-client.ts';
import { type MailClient, systemMailClient } from '../../lib/mail-client.ts';
import { seededRandom } from '../../lib/random.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';
import { OPENED_AT } from './page-fixtures.ts';
import { StateHost } from './state-host.ts';

export interface Rig {
  readonly clock: VirtualClock;
  readonly host: StateHost;
  readonly inbox: Inbox;
  readonly registry: Registry;
  readonly sender: PageSender;
  /** Every line the sender logged, as text. */
  readonly logLines: string[];
}

interface RigOptions {
  readonly http?: HttpClient;
  readonly mail?: MailClient;
  readonly clock?: VirtualClock;
  readonly host?: StateHost;
  readonly linksFor?: DeliveryParts['linksFor'];
}

/** A sender with the real clients, a clock that moves when told, and a log that can be read. */
export function createRig(getConfig: () => Config, options: RigOptions = {}): Rig {
  const clock = options.clock ?? new VirtualClock(OPENED_AT);
  const host = options.host ?? new StateHost(clock);
  const inbox = createInbox();
  const registry = new Registry();
  const logLines: string[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      logLines.push(String(chunk));
      done();
    },
  });
  const sender = createPageSender({
    host,
    clock,
    random: seededRandom(7),
    http: options.http ?? systemHttpClient,
    mail: options.mail ?? systemMailClient,
    getConfig,
    inbox,
    log: pino({ level: 'debug', base: null }, sink),
    metrics: createSenderMetrics(registry),
    ...(options.linksFor === undefined ? {} : { linksFor: options.linksFor }),
  });
  return { clock, host, inbox, registry, sender, logLines };
}

/** A turn of the event loop: what was ready to run has run. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
