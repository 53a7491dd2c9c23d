import type { Inbox } from '../alerting/channels/inbox.ts';
import type { EngineHost } from '../alerting/engine-host.ts';
import type { DomainEvent } from '../alerting/events.ts';
import type { CollectorView } from '../collector/device-detail.ts';
import type { Prober } from '../collector/probes/prober.ts';
import type { Config } from '../config/model.ts';
import type { Problem } from '../config/problem.ts';
import type { Clock } from '../lib/clock.ts';
import type { HttpClient } from '../lib/http-client.ts';
import type { Journal } from '../lib/journal.ts';
import type { Logger } from '../lib/logger.ts';
import type { SampleHistory } from '../storage/sample-history.ts';
import type { ReportDesk } from './report-desk.ts';
import type { TextPiece } from './text-stream.ts';

/** What the HTTP side needs of the running service. It owns none of it. */
export interface ApiDeps {
  /** What devices told over time; left out or null where nothing is kept. */
  readonly history?: Pick<SampleHistory, 'read'> | null;
  /** Makes reports; left out or null where none are made. */
  readonly reports?: ReportDesk | null;
  /** What probes told of the paths to devices; left out where there are none. */
  readonly probes?: Pick<Prober, 'of'>;
  readonly host: EngineHost;
  readonly collector: CollectorView;
  /** The pages delivered to the built-in inbox channel. */
  readonly inbox: Pick<Inbox, 'messages'>;
  readonly journal: Journal<DomainEvent>;
  /** The configuration in force; another object after every successful reload. */
  getConfig(): Config;
  readonly clock: Clock;
  readonly log: Logger;
  /** Signs acknowledge links. */
  readonly acknowledgeKey: string;
  /** Answers people where their provider asks us to. */
  readonly http: HttpClient;
  /** Whether the service can do its work now, and if not, why: sentences without secrets. */
  readiness(): Readiness;
  /** Reads the configuration again; on problems the old one stays in force. */
  reload(): Promise<ReloadOutcome>;
  /** Prometheus text 0.0.4 of everything the service exports, in pieces, without the API's own metrics. */
  renderMetrics(options: {
    /** Whether the readings of devices are in it. */
    readonly withReadings: boolean;
  }): Iterable<TextPiece> | AsyncIterable<TextPiece>;
  /** The built-in demo network, null when real devices are watched. */
  readonly lab: LabControl | null;
  /** Folder of the built console; the one of this checkout when not given. */
  readonly consoleFolder?: string;
}

export interface Readiness {
  readonly ready: boolean;
  readonly reasons: readonly string[];
}

/** Whether the configuration is in force now; its problems are warnings only when it is. */
export interface ReloadOutcome {
  readonly ok: boolean;
  readonly problems: readonly Problem[];
  /** Devices of the configuration in force. */
  readonly deviceCount: number;
  /** Keys of settings in force that the service takes over only at a restart. */
  readonly notAppliedUntilRestart: readonly string[];
}

/** The demo network: what can be broken in it. A part is a port by name or `mains`; null is the whole device. */
export interface LabControl {
  /** What a visitor is offered to break, with what is broken now. */
  failures(): readonly LabFailure[] | Promise<readonly LabFailure[]>;
  /** null when done, else a sentence that says what would have been valid. */
  act(action: LabAction): string | null | Promise<string | null>;
  /** Mends everything, and ends the story, which would break it again. */
  restoreAll(): void | Promise<void>;
  /** Plays the scripted story from its beginning. */
  playStory(): void | Promise<void>;
}

export interface LabAction {
  readonly verb: 'fail' | 'restore';
  readonly deviceId: string;
  readonly part: string | null;
}

export interface LabFailure {
  readonly deviceId: string;
  readonly part: string | null;
  /** Whether it is broken now. */
  readonly active: boolean;
}
