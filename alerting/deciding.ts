import type { EpochMs } from '../lib/time.ts';
import type { DomainEvent } from './events.ts';
import type { Graph } from './graph.ts';
import type { SoftState } from './soft-state.ts';
import type { EngineState, Fault, Incident } from './state.ts';

/** What a pass of the engine works with: state to read, the instant, and the one way to change anything. */
export interface Deciding {
  readonly state: EngineState;
  readonly soft: SoftState;
  readonly now: EpochMs;
  /** Records a decision and applies it, so that the passes after it see it. */
  emit(event: DomainEvent): void;
  /** Asks for an immediate poll of a device whose state another decision waits for. */
  probe(deviceId: string): void;
  /** Whether this look is at everything, or only at what the inputs touched. */
  readonly isFullLook: boolean;
  /** Whether it is this incident's turn in a look at everything, which may take several ticks. */
  isLookedAtInFull(incidentId: string): boolean;
  /** Whether faults are facts of a journal that is decided over anew; left out otherwise. */
  readonly isReplay?: boolean;
  /** Unresolved incidents to look at. */
  openIncidents(): readonly Incident[];
  /** Incidents to look at, resolved ones included. */
  heldIncidents(): readonly Incident[];
  /** Active faults outside any incident to look at. */
  standaloneFaults(): readonly Fault[];
  /** Devices whose health changed in this tick. */
  changedDevices(): ReadonlySet<string>;
  /** The topology's graph; a pass that runs only with a topology may ask. */
  requireGraph(): Graph;
}
