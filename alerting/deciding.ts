import type { EpochMs } from '../lib/time.ts';
import type { DomainEvent } from './events.ts';
import type { Graph } from './graph.ts';
import type { SoftState } from './soft-state.ts';
import type { EngineState } from './state.ts';

/** What a pass of the engine works with: state to read, the instant, and the one way to change anything. */
export interface Deciding {
  readonly state: EngineState;
  readonly soft: SoftState;
  readonly now: EpochMs;
  /** Records a decision and applies it, so that the passes after it see it. */
  emit(event: DomainEvent): void;
  /** Asks for an immediate poll of a device whose state another decision waits for. */
  probe(deviceId: string): void;
  /** The topology's graph; a pass that runs only with a topology may ask. */
  requireGraph(): Graph;
}
