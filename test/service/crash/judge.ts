import type { Arrivals, Facts, PageQueued } from './facts.ts';
import type { Traffic } from './traffic.ts';

/** What a kill can cut off. */
export const LANDINGS = [
  'it had not begun to run',
  'an alert was not answered yet',
  'an acknowledgement was not answered yet',
  'an end was not answered yet',
  'pages waited that no receiver had',
  'pages were with a receiver and not on record as sent',
  'nothing was under way',
] as const;
export type Landing = (typeof LANDINGS)[number];

const OF_ASK = {
  raise: 'an alert was not answered yet',
  acknowledge: 'an acknowledgement was not answered yet',
  end: 'an end was not answered yet',
} as const;

/** What the kill has cut off, by what was left behind. */
export function landingsOf(
  facts: Facts,
  traffic: Traffic,
  arrivals: Arrivals,
  hasRun: boolean,
): ReadonlySet<Landing> {
  const landings = new Set<Landing>();
  if (hasRun) for (const ask of traffic.pending) landings.add(OF_ASK[ask]);
  else landings.add('it had not begun to run');
  for (const id of facts.waiting) {
    const isThere = arrivals.has(facts.pages.get(id)!);
    landings.add(
      isThere
        ? 'pages were with a receiver and not on record as sent'
        : 'pages waited that no receiver had',
    );
  }
  if (landings.size === 0) landings.add('nothing was under way');
  return landings;
}

/** What holds at any instant, for a service that was killed just then as well: all that it has said is on the disk. */
export function brokenAtDeath(facts: Facts, traffic: Traffic, arrivals: Arrivals): string[] {
  const { pages, sent, faultOf, cleared, acknowledged } = facts;
  const of = (text: string) => (each: string) => `${text}: ${each}`;
  const lacks = (names: ReadonlySet<string>, has: (name: string) => boolean) =>
    [...names].filter((name) => !has(name));
  return [
    ...traffic.refusals,
    ...lacks(traffic.taken, (name) => faultOf.has(name)).map(
      of('an alert was taken and is not on record'),
    ),
    ...lacks(traffic.ended, (name) => cleared.has(faultOf.get(name) ?? '')).map(
      of('an end was taken and is not on record'),
    ),
    ...lacks(traffic.acknowledged, (id) => acknowledged.has(id)).map(
      of('an acknowledgement was taken and is not on record'),
    ),
    ...lacks(sent, (id) => arrivals.has(pages.get(id)!)).map(
      of('counts as sent and never arrived'),
    ),
    ...arrivals.strangers(facts).map(of('was sent before it was on record')),
    ...doubled(pages).map(of('the same page under two keys')),
  ];
}

/** What holds beyond that when everything is over and all that is to be sent is sent. */
export function brokenAtRest(facts: Facts, arrivals: Arrivals): string[] {
  const { waiting, abandoned, openIncidents } = facts;
  return [
    ...[...openIncidents].map((id) => `still open at the end: ${id}`),
    ...[...waiting].map((id) => `still waiting at the end: ${id}`),
    ...abandoned.map((id) => `given up: ${id}`),
    ...notToldOfTheEnd(facts, arrivals),
  ];
}

/** The first part of a key is the run of the service: what is left says what it is about, and to whom. */
function doubled(pages: ReadonlyMap<string, PageQueued>): readonly string[] {
  const runs = new Map<string, string>();
  return [...pages.keys()].flatMap((key) => {
    const rest = key.slice(key.indexOf('/') + 1);
    const other = runs.get(rest);
    runs.set(rest, key);
    return other === undefined ? [] : [`${other} and ${key}`];
  });
}

/** Whoever has a page about an incident, by what the receivers have, has one about its end. */
function notToldOfTheEnd({ pages }: Facts, arrivals: Arrivals): readonly string[] {
  const last = new Map<string, PageQueued>();
  for (const page of pages.values())
    if (arrivals.has(page)) last.set(`${page.incidentId} ${page.personId} ${page.channelId}`, page);
  return [...last].flatMap(([who, { kind }]) =>
    kind === 'resolved' ? [] : [`never told of the end: ${who}`],
  );
}
