import type { Command } from '../../alerting/inputs.ts';
import type { Topology } from '../../alerting/topology.ts';
import { type EpochMs, HOUR, MINUTE, SECOND } from '../../lib/time.ts';
import type { Agenda } from './agenda.ts';
import { OUTSIDER, viaOf } from './answer-model.ts';
import type { Chance } from './chance.ts';
import type { Checker } from './checker.ts';
import type { Plan } from './plan.ts';
import { PEOPLE } from './sim-config.ts';
import type { SimulatedService } from './simulated-service.ts';

const TRY_AGAIN_MS = 30 * SECOND;

export interface PeopleActsParts {
  readonly chance: Chance;
  readonly plan: Plan;
  readonly agenda: Agenda;
  readonly checker: Checker;
  readonly service: () => SimulatedService;
  readonly now: () => EpochMs;
  readonly base: Topology;
}

/** What people do: answer or not, silence, plan work, take a turn, report what does not work for them. */
export class PeopleActs {
  /** As it is configured now. */
  topology: Topology;
  readonly #parts: PeopleActsParts;
  readonly #planned = new Set<string>();

  constructor(parts: PeopleActsParts) {
    this.#parts = parts;
    this.topology = parts.base;
    parts.checker.isInMaintenance = (deviceId, at) => this.isInMaintenance(deviceId, at);
  }

  isInMaintenance(deviceId: string, at: EpochMs): boolean {
    return this.topology.maintenanceWindows.some(
      ({ deviceIds, startsAt, endsAt }) =>
        deviceIds.includes(deviceId) && startsAt <= at && at < endsAt,
    );
  }

  /** Whether planned work covered the device at any time of `[from, to]`. */
  wasInMaintenance(deviceId: string, from: EpochMs, to: EpochMs): boolean {
    return this.topology.maintenanceWindows.some(
      ({ deviceIds, startsAt, endsAt }) =>
        deviceIds.includes(deviceId) && startsAt <= to && from < endsAt,
    );
  }

  /** Answers to whatever clock has begun. */
  planAcknowledgements(): void {
    const { chance, agenda, checker, now } = this.#parts;
    for (const model of checker.incidents.values()) {
      const key = `${model.id} ${model.episode}`;
      if (!model.isRunning || this.#planned.has(key)) continue;
      this.#planned.add(key);
      const draw = chance.random.next();
      if (draw < 0.3) continue;
      const near = draw < 0.5 ? model.acknowledgeBy + chance.between(0, 1) * 200 : null;
      const at = near ?? now() + chance.between(20, 1500) * SECOND;
      const { id: incidentId, episode } = model;
      const answer = { type: 'acknowledge', incidentId, episode, via: viaOf(episode) } as const;
      // Not everyone is on duty who answers.
      const acknowledge = () => this.#command({ ...answer, by: 'first', takesOver: true });
      agenda.plan(at, acknowledge, near !== null);
      if (draw > 0.7)
        agenda.plan(at - 15 * SECOND, () => this.#command({ ...answer, by: OUTSIDER }));
    }
  }

  /** What people do about one trouble of a device from `at` on. */
  planAround(deviceId: string, at: EpochMs): void {
    const { chance, plan } = this.#parts;
    if (plan.silences && chance.sometimes(0.4)) this.#planSilence(deviceId, at);
    if (plan.maintenance && chance.sometimes(0.3)) this.#planMaintenance(deviceId, at);
    if (plan.exceptions && chance.sometimes(0.4)) this.#planException(at);
    if (plan.reports && chance.sometimes(0.4)) this.#planReport(deviceId, at);
  }

  #planSilence(deviceId: string, at: EpochMs): void {
    const { chance, agenda, now } = this.#parts;
    const lasts = chance.between(3, 50) * MINUTE;
    const number = chance.random.next();
    agenda.plan(at + chance.between(-3, 15) * MINUTE, () => {
      this.#command({
        ...{ type: 'add-silence', by: 'first', owner: 'first', reason: `work ${number}` },
        matchers: [{ name: 'device', values: [deviceId], isEqual: true }],
        ...{ startsAt: null, endsAt: now() + lasts },
      });
      const agreed = chance.sometimes(0.5);
      if (agreed) agenda.plan(now() + chance.between(1, 90) * SECOND, () => this.#confirmAll());
      if (!chance.sometimes(0.3)) return;
      agenda.plan(now() + chance.between(1, 20) * MINUTE, () => this.#endAll());
    });
  }

  #confirmAll(): void {
    for (const silenceId of this.#parts.service().engine.state.silences.keys())
      this.#command({ type: 'confirm-silence', by: 'second', silenceId });
  }

  #endAll(): void {
    for (const silenceId of this.#parts.service().engine.state.silences.keys())
      this.#command({ type: 'end-silence', by: 'second', silenceId });
  }

  #planMaintenance(deviceId: string, at: EpochMs): void {
    const { chance, agenda, service, base } = this.#parts;
    const startsAt = at + chance.between(-5, 5) * MINUTE;
    const endsAt = startsAt + chance.between(5, 60) * MINUTE;
    const work = { id: `work-${at}`, reason: 'planned', owner: 'first', startsAt, endsAt };
    const window = { ...work, deviceIds: [deviceId], siteIds: [], tags: [] };
    agenda.plan(startsAt - 10 * SECOND, () => {
      this.topology = { ...base, maintenanceWindows: [window] };
      service().engine.submit({ kind: 'topology', topology: this.topology });
    });
  }

  #planException(at: EpochMs): void {
    const { chance, agenda, now } = this.#parts;
    agenda.plan(at + chance.between(-10, 10) * MINUTE, () =>
      this.#command({
        ...{ type: 'add-override', by: 'lead', scheduleId: 'noc', reason: 'ill' },
        ...{ personId: chance.oneOf(PEOPLE), replacesId: null },
        ...{ from: now(), to: now() + chance.between(10, 180) * MINUTE },
      }),
    );
  }

  #planReport(deviceId: string, at: EpochMs): void {
    const { chance, agenda, now } = this.#parts;
    agenda.plan(at + chance.between(1, 20) * MINUTE, () => {
      const about = { deviceId: chance.sometimes(0.7) ? deviceId : null, siteId: null };
      const said = { customer: 'school', contact: '', text: 'no network' };
      this.#command({ type: 'report-fault', by: null, ...said, ...about });
      const respondsAt = now() + chance.between(1, 75) * MINUTE;
      agenda.plan(respondsAt, () => this.#tellCustomers('respond-to-report'));
      this.#answerFrom(Math.max(respondsAt, now() + HOUR / 2) + chance.between(0, 20) * MINUTE);
    });
  }

  /** Whoever heard of a fault answers in the end, whatever became of the first try. */
  #answerFrom(at: EpochMs): void {
    const { agenda, checker, now } = this.#parts;
    agenda.plan(at, () => {
      if (checker.reports.waitingIds.length === 0) return;
      this.#tellCustomers('answer-report');
      this.#answerFrom(now() + TRY_AGAIN_MS);
    });
  }

  #tellCustomers(type: 'respond-to-report' | 'answer-report'): void {
    for (const reportId of this.#parts.checker.reports.waitingIds)
      this.#command({ type, by: 'first', reportId, text: 'known' });
  }

  #command(command: Command): void {
    this.#parts
      .service()
      .engine.command(command)
      .catch(() => {});
  }
}
