import type { LocalText } from '../lib/local-text.ts';
import type { EpochMs } from '../lib/time.ts';
import type { Outcome } from './observation.ts';
import type { DevicePlanExplanation } from './plan-explanation.ts';
import type { PowerForecast } from './power-forecast.ts';
import type { SourceDetail } from './reading-detail.ts';

/** What the last polls of one device told, for people: the device page and `GET /api/v1/devices/:id`. */
export interface DeviceDetail {
  readonly deviceId: string;
  readonly sysName: string | null;
  readonly sysDescr: string | null;
  readonly sysObjectId: string | null;
  /** Profiles in use, with the reason each was chosen. */
  readonly profiles: readonly { readonly id: string; readonly reason: LocalText }[];
  readonly uptimeSeconds: number | null;
  readonly lastPollAt: EpochMs | null;
  readonly lastOutcome: Outcome | null;
  /** Why the last poll failed or what it could not read; blank when all is well. */
  readonly lastDetail: LocalText;
  readonly rttMs: number | null;
  /** Its configuration accepts replies from other addresses than its own. */
  readonly replyFromAnyAddress: boolean;
  /** Replies to its requests that came from elsewhere, and were ignored, since its connection was made. */
  readonly strayReplies: {
    readonly count: number;
    /** Address and port of the last one; null: there was none. */
    readonly lastFrom: string | null;
  };
  /** The SNMPv3 engine that answers for it; null: none has proved itself, or it is spoken to without SNMPv3. */
  readonly snmpEngine: {
    /** Hexadecimal. */
    readonly id: string;
    /** Other devices with the same engine id, which must be unique (RFC 3411 §5): one was set up from a copy of the other. */
    readonly sharedWith: readonly string[];
  } | null;
  readonly ports: readonly PortDetail[];
  readonly readings: readonly ReadingDetail[];
  /** How long the load of a power system lasts; null: it is none, or does not tell. */
  readonly forecast: PowerForecast | null;
}

export interface PortDetail {
  readonly index: number;
  readonly name: string;
  readonly alias: string;
  readonly adminStatus: 'up' | 'down' | 'testing' | 'unknown';
  readonly operStatus:
    | 'up'
    | 'down'
    | 'testing'
    | 'unknown'
    | 'dormant'
    | 'not-present'
    | 'lower-layer-down';
  /** The number the device sent as ifOperStatus, where RFC 2863 declares no such state; null: it does. */
  readonly undeclaredOperStatus: number | null;
  readonly speedBps: number | null;
  /** Since the poll before; null at the first poll and across a discontinuity. */
  readonly receiveBps: number | null;
  readonly transmitBps: number | null;
}

export interface ReadingDetail {
  readonly component: string;
  /** Name of the metric it is exported as. */
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** The number the device sent for a state that its profile does not declare; null: it does, or it is no state. */
  readonly undeclaredState: number | null;
  /** Where it comes from; null: computed from several. */
  readonly source: SourceDetail | null;
}

/** At once, or when the thread that knows has told. */
export type Eventually<Value> = Value | Promise<Value>;

/** The collector as the HTTP side sees it. */
export interface CollectorView {
  /**
   * null for a device that is not configured, and when the thread that polls it does not answer in
   * time; a device never polled has nulls inside.
   */
  detail(deviceId: string): Eventually<DeviceDetail | null>;
  /** How a device is polled and why so; null as for `detail`. */
  explain(deviceId: string): Eventually<DevicePlanExplanation | null>;
  /** Prometheus text 0.0.4 of one device with HELP and TYPE, or null when it is not configured. */
  renderDevice(deviceId: string): string | null;
  /**
   * Prometheus text 0.0.4 of the last poll of one device as snmp_exporter's modules would tell it, in
   * pieces; null while there is no poll that could be shown, and when the thread that has it does
   * not answer in time.
   */
  renderSnmp(
    deviceId: string,
    modules: readonly string[],
  ): Eventually<Iterable<string | Uint8Array> | null>;
  /**
   * Whether what is asked about the device is answered at all: false while the thread that polls it
   * hangs or has ended, so that nothing of the device is known.
   */
  isHeard(deviceId: string): boolean;
  /**
   * Prometheus text 0.0.4 of all devices, as they are at the first piece, in bounded pieces that may
   * be empty: one family never twice, each family's lines together.
   */
  renderAll(): Iterable<Uint8Array>;
}

/** The view of a collector in the same thread. */
export interface LocalView extends CollectorView {
  detail(deviceId: string): DeviceDetail | null;
  explain(deviceId: string): DevicePlanExplanation | null;
  renderSnmp(deviceId: string, modules: readonly string[]): Iterable<string> | null;
}
