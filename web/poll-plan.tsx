import type { DevicePlan, LearnedPlan, ReadColumns } from './api-types.ts';
import { nearlyNow } from './browser-clock.ts';
import { formatDuration, formatInstant, formatMilliseconds, formatScaled } from './format.ts';
import { local, messages } from './language.ts';
import { Fact, PanelPart } from './panel-parts.tsx';
import { punctuation } from './punctuation.ts';

const OCTET_UNITS = ['B', 'kB', 'MB'];

/** How a device is polled, and what was learned of it. */
export function PollPlan({ told }: { told: DevicePlan }) {
  const text = messages.value;
  const { plan, wire, lanes, notUnderstood } = told;
  const waits = wire.roundTrips?.waitsMs ?? [];
  return (
    <PanelPart title={text.howPolled}>
      <dl class="facts poll-plan">
        {lanes.map((lane) => (
          <Fact key={lane.lane} name={text.lane[lane.lane]}>
            {text.every(formatDuration(lane.everyMs))}
            {lane.nextAt === null
              ? null
              : `${punctuation.value.comma}${text.nextPollAt(formatInstant(lane.nextAt, nearlyNow.value))}`}
            <span class="quiet names">{local(lane.pace)}</span>
          </Fact>
        ))}
        <Fact name={text.waitsForReply}>{waits.map(formatWait).join(punctuation.value.list)}</Fact>
        {plan === null ? null : <LearnedFacts plan={plan} />}
        <Fact name={text.notRead}>{notUnderstood.map(local).join(punctuation.value.list)}</Fact>
      </dl>
      {plan === null ? <p class="quiet">{text.notWalked}</p> : null}
    </PanelPart>
  );
}

function LearnedFacts({ plan }: { plan: LearnedPlan }) {
  const text = messages.value;
  const { cost, batch, refused, refusedCount } = plan;
  const more = refusedCount - refused.length;
  const names = refused.map(({ name, oid }) => name ?? oid);
  return (
    <>
      <Fact name={text.nextFullPoll}>
        {text.pollCost(cost.requestCount, cost.varbinds)}
        <span class="quiet names">
          {text.pollOctets(formatOctets(cost.requestOctets), formatOctets(cost.replyOctets))}
        </span>
        <span class="quiet names">{text.walkCost(cost.requestsToWalk)}</span>
      </Fact>
      <Fact name={text.batch}>
        {text.mostObjects(batch.varbinds)}
        <span class="quiet names">{local(batch.why)}</span>
      </Fact>
      <Fact name={text.learnedOfAgent}>
        {plan.learned.map((each) => (
          <span key={each.en} class="names">
            {local(each)}
          </span>
        ))}
      </Fact>
      <Fact name={text.refusedObjects}>
        {names.join(punctuation.value.list)}
        {more > 0 ? <span class="quiet names">{text.moreMembers(more)}</span> : null}
      </Fact>
      {plan.tables
        .filter(({ rows }) => rows > 0)
        .map((table) => (
          <Fact key={`${table.profile} ${table.name}`} name={table.name}>
            {text.rowCount(table.rows)}
            {punctuation.value.inBrackets(
              text.learnedAt(formatInstant(table.learnedAt, nearlyNow.value)),
            )}
            {table.columns.map((columns) => (
              <Columns key={`${columns.care} ${columns.why.en}`} columns={columns} />
            ))}
          </Fact>
        ))}
      <Fact name={text.walkedAgain}>{text.walkedAgainIn(plan.pollsUntilWalk)}</Fact>
    </>
  );
}

/** Columns that are read alike: how many at a glance, and which ones where somebody asks. */
function Columns({ columns: { care, names, why } }: { columns: ReadColumns }) {
  const text = messages.value;
  return (
    <details>
      <summary>{text.care[care](names.length)}</summary>
      <span class="quiet names">{local(why)}</span>
      <span class="names">{names.join(punctuation.value.list)}</span>
    </details>
  );
}

function formatOctets(count: number): string {
  return formatScaled(count, 1000, OCTET_UNITS);
}

function formatWait(durationMs: number): string {
  return durationMs < 1000 ? formatMilliseconds(durationMs) : formatDuration(durationMs);
}
