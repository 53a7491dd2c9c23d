import type { DeviceDetail } from '../device-detail.ts';
import type { DeviceExposition, PortNumbers } from '../device-exposition.ts';
import type { ShownDevice } from '../exposition.ts';
import type { HeldPort } from '../held-ports.ts';
import type { Observation } from '../observation.ts';
import type { DevicePlanExplanation } from '../plan-explanation.ts';
import type { ConfigMessage } from './config-message.ts';
import type { RecordedCall } from './recorded-metrics.ts';

/** What a poller thread is told. */
export type ToThread =
  | {
      readonly kind: 'start';
      readonly config: ConfigMessage;
      /** What was learned before, as it was saved last. */
      readonly learned: string | null;
      /** Of its devices. */
      readonly held: ReadonlyMap<string, readonly HeldPort[]>;
    }
  | { readonly kind: 'reconfigure'; readonly config: ConfigMessage }
  | { readonly kind: 'ask'; readonly id: number; readonly question: Question }
  /** One turn is taken in; so many may be on their way at once. */
  | { readonly kind: 'taken' }
  | { readonly kind: 'stop' };

export type Question =
  | { readonly kind: 'detail' | 'explain'; readonly deviceId: string }
  | { readonly kind: 'snmp'; readonly deviceId: string; readonly modules: readonly string[] }
  | { readonly kind: 'poll'; readonly deviceId: string };

/** By kind of question; null when there is nothing to tell. */
export type Answer = DeviceDetail | DevicePlanExplanation | Uint8Array | Observation | null;

/** What a poller thread tells. */
export type FromThread =
  | Turn
  /** Everything is told; the thread may be ended. */
  | { readonly kind: 'stopped' };

/** What happened in a thread since its last message, in order. Empty ones prove that it is alive. */
export interface Turn {
  readonly kind: 'turn';
  /** Monotonic clock of the thread, which began to count when the thread did. */
  readonly sentMs: number;
  readonly observations: readonly Observation[];
  /** Observations that could not wait any longer for the main thread to take them. */
  readonly droppedObservations: number;
  readonly shown: readonly ShownUpdate[];
  readonly answers: readonly { readonly id: number; readonly answer: Answer }[];
  readonly calls: readonly RecordedCall[];
  /** JSON, one object a line. */
  readonly logLines: readonly string[];
  readonly droppedLogLines: number;
  /** What is to be saved of what was learned; null when nothing is. */
  readonly learned: string | null;
  readonly held: readonly HeldUpdate[];
}

/** The ports of a device whose exported totals stand beside their counters; see `HeldTotals.note`. */
export interface HeldUpdate {
  readonly deviceId: string;
  readonly ports: readonly HeldPort[];
  readonly areNew: boolean;
}

/** A device shows something else to a scrape; instants are of the thread's clock. */
export interface ShownUpdate {
  readonly deviceId: string;
  /** null: the device is no longer polled. */
  readonly shown:
    | (Omit<ShownDevice, 'readings'> & {
        /** `same`: what was told last. The octets and numbers of those that are told are handed over, not copied. */
        readonly readings: ToldReadings | 'same' | null;
      })
    | null;
}

/** Readings in which the labels of ports are left out when they are those that were told last. */
export type ToldReadings = Omit<DeviceExposition, 'ports'> & {
  readonly ports:
    | (Omit<PortNumbers, 'rows'> & { readonly rows: PortNumbers['rows'] | 'same' })
    | null;
};
