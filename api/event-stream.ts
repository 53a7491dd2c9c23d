import type { ServerResponse } from 'node:http';
import type { DomainEvent } from '../alerting/events.ts';
import { API_METRICS } from '../dashboards/metrics.ts';
import type { JournalEntry } from '../lib/journal.ts';
import { renderMetricHead, renderSample } from '../lib/metric-def.ts';
import { formatInstant } from '../lib/time.ts';
import type { ApiDeps } from './deps.ts';
import { sentenceOf } from './event-sentence.ts';
import {
  LARGEST_STREAM_BACKLOG_BYTES,
  MOST_RESUMED_ENTRIES,
  MOST_STREAM_CLIENTS,
  STREAM_PING_MS,
  STREAM_RETRY_MS,
} from './limits.ts';

type StreamDeps = Pick<ApiDeps, 'host' | 'journal' | 'clock' | 'getConfig'>;

interface Client {
  readonly response: ServerResponse;
  /** Entries up to here were written to it. */
  sequence: number;
}

/**
 * Server-sent events: every durable journal entry, in order, to every connected console. Ids are
 * journal sequence numbers, so that a client resumes where it was cut off. A client that does not
 * read is dropped, not waited for: it comes back and resumes.
 *
 * Events: `entry` (something happened), `reset` (too much was missed: load everything again),
 * `time` (every 15 s: the server's clock, and how old what it knows is).
 */
export class EventStream {
  readonly #deps: StreamDeps;
  readonly #clients = new Set<Client>();
  readonly #unsubscribe: () => void;
  #cancelPing: () => void = () => {};
  #dropped = 0;
  #refused = 0;

  constructor(deps: StreamDeps) {
    this.#deps = deps;
    this.#unsubscribe = deps.host.subscribe((entries) => this.#publish(entries));
    this.#schedulePing();
  }

  get clientCount(): number {
    return this.#clients.size;
  }

  /** Whether one more client may connect; a refusal is counted. */
  admit(): boolean {
    if (this.#clients.size < MOST_STREAM_CLIENTS) return true;
    this.#refused += 1;
    return false;
  }

  /**
   * Takes over the response. `afterSequence`: the last entry that the client has; null when it
   * wants only what comes from now on.
   */
  connect(response: ServerResponse, afterSequence: number | null): void {
    const client: Client = { response, sequence: this.#deps.journal.lastSequence() };
    response.on('close', () => this.#clients.delete(client));
    response.on('error', () => this.#clients.delete(client));
    this.#clients.add(client);
    this.#write(client, `retry: ${STREAM_RETRY_MS}\n\n${this.#timeEvent()}`);
    if (afterSequence !== null && afterSequence !== client.sequence)
      this.#resume(client, afterSequence);
  }

  renderMetrics(): string {
    return (
      renderMetricHead(API_METRICS.streamClients) +
      renderSample(API_METRICS.streamClients, [], this.#clients.size) +
      renderMetricHead(API_METRICS.streamDropped) +
      renderSample(API_METRICS.streamDropped, [], this.#dropped) +
      renderMetricHead(API_METRICS.streamRefused) +
      renderSample(API_METRICS.streamRefused, [], this.#refused)
    );
  }

  /** Ends every connection. */
  close(): void {
    this.#unsubscribe();
    this.#cancelPing();
    for (const { response } of this.#clients) response.end();
    this.#clients.clear();
  }

  #resume(client: Client, afterSequence: number): void {
    const missed = client.sequence - afterSequence;
    if (missed < 0 || missed > MOST_RESUMED_ENTRIES) {
      this.#write(client, `id: ${client.sequence}\nevent: reset\ndata: {}\n\n`);
      return;
    }
    const last = client.sequence;
    for (const entry of this.#deps.journal.read({ fromSequence: afterSequence + 1 })) {
      if (entry.sequence > last) break;
      this.#write(client, this.#entryEvent(entry));
    }
  }

  #publish(entries: readonly JournalEntry<DomainEvent>[]): void {
    if (this.#clients.size === 0) return;
    const rendered = entries.map((entry) => ({
      sequence: entry.sequence,
      text: this.#entryEvent(entry),
    }));
    for (const client of this.#clients) {
      const fresh = rendered.filter(({ sequence }) => sequence > client.sequence);
      const last = fresh.at(-1);
      if (last === undefined) continue;
      client.sequence = last.sequence;
      this.#write(client, fresh.map(({ text }) => text).join(''));
    }
  }

  #write(client: Client, text: string): void {
    const { response } = client;
    if (response.destroyed) return;
    response.write(text);
    if (response.writableLength <= LARGEST_STREAM_BACKLOG_BYTES) return;
    this.#dropped += 1;
    this.#clients.delete(client);
    response.destroy();
  }

  #schedulePing(): void {
    this.#cancelPing = this.#deps.clock.after(STREAM_PING_MS, () => {
      const text = `: ping\n${this.#timeEvent()}`;
      for (const client of this.#clients) this.#write(client, text);
      this.#schedulePing();
    });
  }

  #timeEvent(): string {
    const { leaseAt } = this.#deps.host.state;
    const data = {
      now: formatInstant(this.#deps.clock.now()),
      dataAt: leaseAt === null ? null : formatInstant(leaseAt),
    };
    return `event: time\ndata: ${JSON.stringify(data)}\n\n`;
  }

  #entryEvent({ sequence, at, subject, event }: JournalEntry<DomainEvent>): string {
    const text = sentenceOf(event, this.#deps.getConfig());
    const data = { sequence, at: formatInstant(at), type: event.type, subject, text };
    return `id: ${sequence}\nevent: entry\ndata: ${JSON.stringify(data)}\n\n`;
  }
}
