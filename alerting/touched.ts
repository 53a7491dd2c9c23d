import type { DomainEvent } from './events.ts';
import { faultKeyOf } from './fault-key.ts';
import type { Graph } from './graph.ts';
import type { EngineState } from './state.ts';

/**
 * What the events of one tick have touched, so that a storm of ten thousand devices makes the
 * engine look at ten thousand things and not at their square. The look at everything once a second
 * finds whatever depends on time alone.
 */
export class Touched {
  readonly incidents = new Set<string>();
  readonly faults = new Set<string>();
  readonly devices = new Set<string>();

  clear(): void {
    this.incidents.clear();
    this.faults.clear();
    this.devices.clear();
  }

  /** Notes an event that is about to be applied. */
  note(state: EngineState, graph: Graph | null, event: DomainEvent): void {
    if ('incidentId' in event) this.incidents.add(event.incidentId);
    if ('faultKey' in event) this.#noteFault(state, event.faultKey);
    if (event.type !== 'health-changed') return;
    this.devices.add(event.deviceId);
    if (graph !== null) this.#noteIncidentsAbove(state, graph, event.deviceId);
  }

  #noteFault(state: EngineState, faultKey: string): void {
    this.faults.add(faultKey);
    const incidentId = state.faults.get(faultKey)?.incidentId ?? state.incidentByRoot.get(faultKey);
    if (incidentId) this.incidents.add(incidentId);
  }

  /** The health of a device is evidence in the incidents of whatever lies above it. */
  #noteIncidentsAbove(state: EngineState, graph: Graph, deviceId: string): void {
    const above = new Set<string>([deviceId]);
    for (const id of above) {
      const incidentId = state.faults.get(faultKeyOf(id, null, 'device-down'))?.incidentId;
      if (incidentId) {
        this.incidents.add(incidentId);
        continue;
      }
      for (const parent of graph.devices.get(id)?.parents ?? []) above.add(parent.deviceId);
    }
  }
}
