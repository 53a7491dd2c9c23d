import { apply } from '../../alerting/apply.ts';
import { planForDevice } from '../../alerting/page-plan.ts';
import { type EngineState, emptyState } from '../../alerting/state.ts';
import { topologyOf } from '../../alerting/topology-of.ts';
import {
  type OnCallView,
  type PlanView,
  viewOnCall,
  viewPagePlan,
} from '../../api/on-call-view.ts';
import type { Config, Language } from '../../config/model.ts';
import { systemClock } from '../../lib/clock.ts';
import type { EpochMs } from '../../lib/time.ts';
import { askService } from '../ask-service.ts';
import { configFolder, loadForCommand } from '../config-folder.ts';
import { nearMatches } from '../near-matches.ts';
import { serviceUrl } from '../service-url.ts';
import { type CommandLine, parseOptions } from './command-line.ts';
import { testChannel } from './page-test.ts';
import { renderOnCall, renderPlan } from './page-text.ts';
import { usageLine } from './synopses.ts';

const NOT_UNDERSTOOD = 2;
const INCIDENT = /^inc-\d{6,}$/;

interface Asked {
  readonly line: CommandLine;
  readonly config: Config;
  /** Where the service is asked. */
  readonly base: string;
  /** Whether the configuration may answer when no service does. */
  readonly mayAnswerAlone: boolean;
  readonly asJson: boolean;
  readonly language: Language;
  /** null: now. */
  readonly at: EpochMs | null;
}

/**
 * `threenines page who`: who is on call, who follows, and when nobody is. `threenines page plan X`:
 * who would be paged for a device or an incident, in what order, when. As the running service knows
 * it, with the exceptions made there; without one, by the configuration alone. Exit code 1 when
 * nobody can tell, 2 for what is not understood.
 */
export async function pageCommand(line: CommandLine): Promise<number> {
  const parsed = parseOptions(line, 'page');
  if (parsed === null || parsed === 'help') return parsed === null ? NOT_UNDERSTOOD : 0;
  const { url, lang, json, at: atText } = parsed.values;
  const [verb, subject, ...more] = parsed.words;
  const [channel, ...tooMany] = more;
  const isTest = verb === 'test' && channel !== undefined && tooMany.length === 0;
  const isPlan = verb === 'plan' && subject !== undefined && more.length === 0;
  if (!isTest && !isPlan && !(verb === 'who' && subject === undefined)) {
    line.complain(
      `threenines: ask who is on call, for a plan, or for a test page\nusage: ${usageLine('page')}`,
    );
    return NOT_UNDERSTOOD;
  }
  const at = typeof atText === 'string' ? Date.parse(atText) : null;
  if (Number.isNaN(at)) {
    line.complain(
      `threenines: --at ${atText} is no instant; expected one such as 2026-11-30T08:00Z`,
    );
    return NOT_UNDERSTOOD;
  }
  const config = loadForCommand(line, configFolder(parsed.values.config, line.environment));
  if (config === null) return 1;
  if (isTest) {
    return testChannel(line, config, {
      ...{ personId: subject!, channelId: channel, asJson: json === true },
    });
  }
  const asked: Asked = {
    ...{ line, config, at, asJson: json === true },
    base: typeof url === 'string' ? url.replace(/\/+$/, '') : serviceUrl(config),
    mayAnswerAlone: url === undefined,
    language: (lang as Language | undefined) ?? config.service.language,
  };
  return isPlan ? plan(asked, subject) : who(asked);
}

async function who(asked: Asked): Promise<number> {
  const query = asked.at === null ? '' : `?at=${new Date(asked.at).toISOString()}`;
  return answer<OnCallView>(asked, `/api/v1/oncall${query}`, {
    alone: (state, now) => viewOnCall(asked.config, state, asked.at ?? now),
    render: (view) => renderOnCall(view, asked.language),
  });
}

async function plan(asked: Asked, subject: string): Promise<number> {
  const { config, line } = asked;
  const isIncident = INCIDENT.test(subject);
  if (!isIncident && !config.devices.some(({ id }) => id === subject) && asked.mayAnswerAlone) {
    const near = nearMatches(
      subject,
      config.devices.map(({ id }) => id),
    );
    const hint = near.length === 0 ? '' : `; did you mean ${near.join(', ')}?`;
    line.complain(`threenines: there is no device and no incident "${subject}"${hint}`);
    return NOT_UNDERSTOOD;
  }
  const query = `${isIncident ? 'incident' : 'device'}=${encodeURIComponent(subject)}`;
  return answer<PlanView>(asked, `/api/v1/oncall/plan?${query}`, {
    alone: (state, now) => {
      const found = isIncident ? null : planForDevice(state, subject, now);
      return found === null ? null : viewPagePlan(found, config, now);
    },
    render: (view) => renderPlan(view, asked.language, config.service.timeZone),
  });
}

interface Ways<View> {
  /** Without the service; null when only it could tell. */
  readonly alone: (state: EngineState, now: EpochMs) => View | null;
  readonly render: (view: View) => string;
}

async function answer<View>(asked: Asked, path: string, ways: Ways<View>): Promise<number> {
  const { line, config, base, asJson, mayAnswerAlone } = asked;
  const show = (view: View) => {
    line.print(asJson ? JSON.stringify(view, null, 2) : ways.render(view));
    return 0;
  };
  const told = await askService(`${base}${path}`);
  if (told.kind === 'answer') return show(told.value as View);
  if (told.kind === 'refused') {
    line.complain(`threenines: ${told.detail}`);
    return told.status === 404 ? NOT_UNDERSTOOD : 1;
  }
  const silence = `no service answers at ${base} (${told.failure})`;
  const now = systemClock.now();
  const view = mayAnswerAlone ? ways.alone(stateOf(config, now), now) : null;
  if (view === null) {
    line.complain(`threenines: ${silence}`);
    return 1;
  }
  line.complain(
    `threenines: ${silence}: this is what the configuration says; exceptions made in a running service are not known`,
  );
  return show(view);
}

/** The engine before its first observation. */
function stateOf(config: Config, now: EpochMs): EngineState {
  const topology = topologyOf(config);
  return apply(emptyState(), { type: 'topology-loaded', at: now, hash: '', topology });
}
