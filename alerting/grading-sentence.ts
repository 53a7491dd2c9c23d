import type { Role } from '../config/model.ts';
import { ROLE_NAMES } from '../config/role-names.ts';
import { type LocalText, say, sayWith } from '../lib/local-text.ts';
import { DAY, type DurationMs, formatDuration, HOUR } from '../lib/time.ts';
import type { GradingInputs } from './events.ts';

/** Names as people know them; ids where no name is configured. */
export interface SentenceNames {
  /** The device whose role and redundancy were graded. */
  readonly subject: string;
  readonly site: string;
  /** Whether the subject itself does not answer: down, or cut off. */
  readonly isSubjectSilent: boolean;
  /** Whether the root is a lost link that serves the subject. */
  readonly isLink: boolean;
  /** The battery that is the cause; null when the cause is something else. */
  readonly battery: BatteryNames | null;
  readonly faultText: LocalText;
  /** Whether the subject belongs to a redundancy group, so that another device does its work. */
  readonly hasStandby: boolean;
  /** Redundancy groups that have lost members, as they stand. */
  readonly groups: readonly GroupNames[];
  /** Whether the subject is a redundancy group itself, and how many of its members are down. */
  readonly isGroup: boolean;
  readonly membersDown: number;
  /** Devices through which those behind the subject are still reached. */
  readonly pathsLeft: readonly string[];
  /** The power feed that is the cause; null when the cause is something else. */
  readonly darkFeed: DarkFeedNames | null;
  /** Planned work that covers the cause; null when none does. */
  readonly planned: PlannedNames | null;
  /** Power feeds of the subject that have not answered since: nothing tells whether it has power. */
  readonly doubtfulFeeds: readonly string[];
  /** Whether all of those had told of trouble before, so that they may be the cause as well. */
  readonly isPowerSuspected: boolean;
}

/** A battery in words. */
export interface BatteryNames {
  /** Where it stands, which is not always the site that is worst affected. */
  readonly site: string;
  readonly siteRole: Role;
  /** Whether the load hangs on it; it may be low after mains has returned. */
  readonly isOnBattery: boolean;
  /** Whether mains have been seen to return since it was on battery. */
  readonly isOnMainsAgain: boolean;
  /** `20:24 GMT+8`: since when what hangs on it is dark; null while any of its time is left. */
  readonly darkSince: string | null;
  /** The power system where it does not answer itself, so that this is what it told last; null while it does. */
  readonly silent: string | null;
  /** Whether the power system itself is among the devices that are down or cut off. */
  readonly isCounted: boolean;
}

/** A power feed that is the cause, in words. */
export interface DarkFeedNames {
  readonly name: string;
  /** It can only be reached through what it feeds, and nobody has seen it fail. */
  readonly isCutOff: boolean;
}

/** Planned work in words. */
export interface PlannedNames {
  /** The cause, which it covers. */
  readonly covered: string;
  /** What is down or cut off and which it does not cover. */
  readonly beyond: readonly string[];
}

/** A redundancy group in words. */
export interface GroupNames {
  readonly name: string;
  readonly leftCount: number;
  readonly memberCount: number;
  /** What serves in place of a lost primary; empty when none does. */
  readonly serving: readonly string[];
}

/** Names of devices in one sentence; more are left out. */
const MOST_PATHS_NAMED = 3;

/**
 * Why the tier is what it is, as a sentence that follows "tier 2 because": `agg-3 (aggregation) has
 * no redundant path, 14 devices unreachable behind it`. English and Chinese say the same.
 */
export function becauseSentence(inputs: GradingInputs, names: SentenceNames): LocalText {
  const parts = [
    whatPart(inputs, names),
    ...doubtParts(names),
    ...impactParts(inputs, names),
    ...(names.planned === null ? [] : [plannedPart(names.planned)]),
  ];
  return {
    en: parts.map((part) => part.en).join(', '),
    'zh-CN': parts.map((part) => part['zh-CN']).join('，'),
  };
}

function whatPart(inputs: GradingInputs, names: SentenceNames): LocalText {
  const { role, redundancy } = inputs;
  const subject = `${names.subject} (${ROLE_NAMES[role].en})`;
  const subjectZh = `${names.subject}（${ROLE_NAMES[role]['zh-CN']}）`;
  if (inputs.batteryMinutes !== null && names.battery !== null)
    return batteryPart(names.battery, inputs.batteryMinutes);
  if (names.darkFeed !== null) return darkFeedPart(names.darkFeed);
  if (names.isGroup) {
    return {
      en: `${subject}: ${names.faultText.en}`,
      'zh-CN': `${subjectZh}：${names.faultText['zh-CN']}`,
    };
  }
  if (names.isSubjectSilent && inputs.devicesDown > 0) {
    if (redundancy !== 'none') return degradedPart(subject, subjectZh, inputs, names);
    return inputs.devicesDown === 1
      ? { en: `${subject} is down`, 'zh-CN': `${subjectZh}中断` }
      : { en: `${subject} has no redundant path`, 'zh-CN': `${subjectZh}无冗余路径` };
  }
  if (redundancy === 'none' && names.isLink) {
    return {
      en: `${subject} has no path left (${names.faultText.en})`,
      'zh-CN': `${subjectZh}已无可用路径（${names.faultText['zh-CN']}）`,
    };
  }
  if (redundancy === 'degraded' && names.isLink) {
    return {
      en: `${subject} has lost a redundant part (${names.faultText.en})`,
      'zh-CN': `${subjectZh}失去冗余（${names.faultText['zh-CN']}）`,
    };
  }
  return {
    en: `${subject}: ${names.faultText.en}`,
    'zh-CN': `${subjectZh}：${names.faultText['zh-CN']}`,
  };
}

function batteryPart(battery: BatteryNames, minutes: number): LocalText {
  const { site, siteRole, isOnBattery, isOnMainsAgain, darkSince, silent } = battery;
  const role = ROLE_NAMES[siteRole];
  const left =
    minutes === 0
      ? say('less than 1 min', '不足 1 分钟')
      : say(`${minutes} min`, ` ${minutes} 分钟`);
  if (isOnMainsAgain) {
    return {
      en: `${site} (${role.en} site) is on mains again, its battery is low: ${left.en} if they fail now`,
      'zh-CN': `${site}（${role['zh-CN']}站点）市电已恢复，电池电量仍低：此时若再停电，可供电${left['zh-CN']}`,
    };
  }
  if (darkSince !== null) {
    return {
      en: `${site} (${role.en} site): the battery has run out, what hangs on it is dark since ${darkSince}`,
      'zh-CN': `${site}（${role['zh-CN']}站点）电池已耗尽，自 ${darkSince} 起其供电的设备已断电`,
    };
  }
  if (!isOnBattery && silent === null) {
    return {
      en: `${site} (${role.en} site) has a low battery, and is not told to run on it: ${left.en} once it does`,
      'zh-CN': `${site}（${role['zh-CN']}站点）电池电量低，未报告由电池供电：一旦由电池供电，可维持${left['zh-CN']}`,
    };
  }
  const state = isOnBattery
    ? say('runs on battery', '由电池供电')
    : say('has a low battery', '电池电量低');
  const unheard =
    silent === null
      ? say('', '')
      : say(` (${silent} does not answer any more)`, `（${silent} 已无响应）`);
  return {
    en: `${site} (${role.en} site) ${state.en}, ${left.en} left${unheard.en}`,
    'zh-CN': `${site}（${role['zh-CN']}站点）${state['zh-CN']}，剩余${left['zh-CN']}${unheard['zh-CN']}`,
  };
}

/** Says what was seen, and not that anyone has seen the feed itself fail. */
function darkFeedPart({ name, isCutOff }: DarkFeedNames): LocalText {
  return isCutOff
    ? {
        en: `everything fed by ${name} went dark together, ${name} itself cannot be reached through what it feeds`,
        'zh-CN': `${name} 供电的设备同时全部中断，且只能经这些设备到达 ${name} 本身，故无法确认`,
      }
    : {
        en: `everything fed by ${name} is dark, ${name} itself does not answer`,
        'zh-CN': `${name} 供电的设备全部中断，${name} 本身也无响应`,
      };
}

function doubtParts({ doubtfulFeeds: feeds, isPowerSuspected }: SentenceNames): LocalText[] {
  if (feeds.length === 0) return [];
  const named = feeds.slice(0, MOST_PATHS_NAMED);
  const which = feeds.length === 1 ? 'which feeds it' : 'which feed it';
  const unheard = {
    en: `no answer since from ${named.join(' and ')}, ${which}`,
    'zh-CN': `为其供电的 ${named.join('、')} 此后也无响应`,
  };
  return [
    isPowerSuspected
      ? sayWith(
          { unheard },
          '{unheard}: power may be the cause as well',
          '{unheard}，原因也可能是电源',
        )
      : sayWith(
          { unheard },
          '{unheard}: whether it has power is not known',
          '{unheard}，供电情况未知',
        ),
  ];
}

/** Says what carries on, and claims no standby that is not configured, or that does not carry all. */
function degradedPart(
  subject: string,
  subjectZh: string,
  inputs: GradingInputs,
  names: SentenceNames,
): LocalText {
  if (names.hasStandby) {
    const count = inputs.devicesDown - 1;
    if (count > 0) {
      const cutOff = count === 1 ? '1 device behind it is' : `${count} devices behind it are`;
      return {
        en: `${subject} is down, its standby is up, but ${cutOff} cut off`,
        'zh-CN': `${subjectZh}中断，备用设备正常，但其后 ${count} 台设备不可达`,
      };
    }
    return {
      en: `${subject} is down, its standby carries the service`,
      'zh-CN': `${subjectZh}中断，业务由备用设备承载`,
    };
  }
  if (names.pathsLeft.length === 0) {
    return {
      en: `${subject} is down, no device behind it has failed`,
      'zh-CN': `${subjectZh}中断，其后设备未受影响`,
    };
  }
  const paths = names.pathsLeft.slice(0, MOST_PATHS_NAMED);
  return {
    en: `${subject} is down, a path is left through ${paths.join(', ')}`,
    'zh-CN': `${subjectZh}中断，仍可经 ${paths.join('、')} 到达`,
  };
}

function impactParts(inputs: GradingInputs, names: SentenceNames): readonly LocalText[] {
  const parts: LocalText[] = [];
  const isSubjectCounted = inputs.batteryMinutes === null && names.isSubjectSilent;
  const isBatteryCounted = inputs.batteryMinutes !== null && names.battery?.isCounted === true;
  const ownCount = names.isGroup ? names.membersDown : isSubjectCounted || isBatteryCounted ? 1 : 0;
  const count = inputs.devicesDown - ownCount;
  const isTold = names.hasStandby && isSubjectCounted && inputs.redundancy !== 'none';
  if (!names.isGroup) parts.push(...names.groups.flatMap(groupParts));
  if (count > 0 && names.darkFeed !== null) {
    parts.push({
      en: `${count} ${count === 1 ? 'device' : 'devices'} dark or cut off with it`,
      'zh-CN': `共 ${count} 台设备随之断电或不可达`,
    });
  } else if (count > 0 && names.isLink && !names.isSubjectSilent) {
    parts.push({
      en: `${count} ${count === 1 ? 'device' : 'devices'} down or unreachable`,
      'zh-CN': `共 ${count} 台设备中断或不可达`,
    });
  } else if (count > 0 && !isTold) {
    parts.push({
      en: `${count} ${count === 1 ? 'device' : 'devices'} unreachable behind it`,
      'zh-CN': `其后 ${count} 台设备不可达`,
    });
  }
  if (inputs.sitePathsPercent === 100) {
    parts.push({
      en: `the paths to all devices at site ${names.site} are below their standards`,
      'zh-CN': `站点 ${names.site} 所有设备的链路质量均低于标准`,
    });
  }
  if (inputs.sitePercent >= 20) {
    parts.push({
      en: `${inputs.sitePercent} % of site ${names.site} down`,
      'zh-CN': `站点 ${names.site} ${inputs.sitePercent}% 设备中断`,
    });
  }
  if (inputs.customers > 0) {
    parts.push({
      en: `${inputs.customers} customers affected`,
      'zh-CN': `影响 ${inputs.customers} 个用户`,
    });
  }
  // It may be up when this is read: what stays true is that it comes back.
  if (inputs.flapping) parts.push({ en: 'again and again', 'zh-CN': '反复出现' });
  if (inputs.currentTier !== null && inputs.durationMs >= HOUR) {
    const duration = formatDuration(wholeUnits(inputs.durationMs));
    parts.push({
      en: `not restored for more than ${duration}`,
      'zh-CN': `已持续超过 ${duration} 未恢复`,
    });
  }
  return parts;
}

/** Hours in the first day and days after it: each change of the sentence is an entry of the journal. */
function wholeUnits(durationMs: DurationMs): DurationMs {
  const unitMs = durationMs < DAY ? HOUR : DAY;
  return Math.floor(durationMs / unitMs) * unitMs;
}

/** Says what is planned about it, and what nobody has planned. */
function plannedPart({ covered, beyond }: PlannedNames): LocalText {
  if (beyond.length === 0) return say(`${covered} is in planned work`, `${covered} 处于计划维护中`);
  const named = beyond.slice(0, MOST_PATHS_NAMED);
  const more = beyond.length - named.length;
  const and = more === 0 ? say('', '') : say(` and ${more} more`, ` 等 ${beyond.length} 台设备`);
  const names = say(named.join(', '), named.join('、'));
  return {
    en: `planned work covers ${covered}, but not ${names.en}${and.en}`,
    'zh-CN': `计划维护范围包括 ${covered}，但不包括 ${names['zh-CN']}${and['zh-CN']}`,
  };
}

function groupParts(group: GroupNames): readonly LocalText[] {
  const { name, leftCount, memberCount } = group;
  const left = {
    en: `${leftCount} of ${memberCount} left in ${name}`,
    'zh-CN': `${name} 剩余 ${leftCount}/${memberCount}`,
  };
  if (group.serving.length === 0) return [left];
  const serving = group.serving.slice(0, MOST_PATHS_NAMED);
  return [
    left,
    {
      en: `switched over to ${serving.join(', ')}`,
      'zh-CN': `已切换至 ${serving.join('、')}`,
    },
  ];
}
