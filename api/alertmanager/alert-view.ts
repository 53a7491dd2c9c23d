import { alertLabels } from '../../alerting/alert-labels.ts';
import { graphOf } from '../../alerting/graph.ts';
import { silenceOver } from '../../alerting/silence.ts';
import type { EngineState } from '../../alerting/state.ts';
import { type EpochMs, formatInstant, MINUTE } from '../../lib/time.ts';
import { fingerprintOf } from '../alerts/fingerprint.ts';

/** An alert as Alertmanager's interface shows it (gettableAlert of its API, version 2). */
export interface AlertView {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly receivers: readonly { readonly name: string }[];
  readonly fingerprint: string;
  readonly startsAt: string;
  readonly updatedAt: string;
  readonly endsAt: string;
  readonly generatorURL: string;
  readonly status: {
    readonly state: 'active' | 'suppressed';
    readonly silencedBy: readonly string[];
    readonly inhibitedBy: readonly string[];
  };
}

/** An active alert ends, as far as its reader knows, a while from now; each answer puts it off. */
const ENDS_AFTER_MS = 5 * MINUTE;

/**
 * Every fault of an open incident as an alert. One that is not the cause is inhibited by it; one
 * whose incident is silenced is silenced. Alerts that came in keep their own labels.
 */
export function viewAlerts(state: EngineState, consoleUrl: string, now: EpochMs): AlertView[] {
  if (state.topology === null) return [];
  const graph = graphOf(state.topology);
  return [...state.openIncidentIds].flatMap((id) => {
    const incident = state.incidents.get(id)!;
    const silence = silenceOver(state, graph, incident, now);
    const silencedBy = silence === null ? [] : [silence.id];
    const faults = [...incident.members.keys()].flatMap((key) => state.faults.get(key) ?? []);
    const root = faults.find(({ key }) => key === incident.rootFaultKey);
    const rootPrint = root === undefined ? null : fingerprintOf(alertLabels(graph, incident, root));
    return faults.map((fault): AlertView => {
      const labels = { ...alertLabels(graph, incident, fault) };
      const isCause = fault === root || rootPrint === null;
      const inhibitedBy = isCause ? [] : [rootPrint];
      const isQuiet = silencedBy.length + inhibitedBy.length > 0;
      return {
        labels,
        annotations: {
          ...fault.alert?.annotations,
          ...{ summary: fault.text.en, because: incident.evidence.sentence.en },
        },
        receivers: [{ name: incident.policyId }],
        fingerprint: fault.alert?.fingerprint ?? fingerprintOf(labels),
        startsAt: formatInstant(fault.since),
        updatedAt: formatInstant(fault.factsAt),
        endsAt: formatInstant(now + ENDS_AFTER_MS),
        generatorURL: fault.alert?.url ?? `${consoleUrl}/incidents/${incident.id}`,
        status: { state: isQuiet ? 'suppressed' : 'active', silencedBy, inhibitedBy },
      };
    });
  });
}
