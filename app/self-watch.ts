import { type AuditFinding, audit } from '../alerting/auditor.ts';
import type { EngineShell } from '../alerting/engine-shell.ts';
import type { DeliveryParts } from '../alerting/page-delivery.ts';
import { isAuditFaultOpen } from '../alerting/self-watch.ts';
import type { Config } from '../config/model.ts';
import type { Clock } from '../lib/clock.ts';
import type { HttpClient } from '../lib/http-client.ts';
import { say } from '../lib/local-text.ts';
import type { Logger } from '../lib/logger.ts';
import { type DurationMs, type EpochMs, MINUTE, SECOND } from '../lib/time.ts';
import { type DirectNews, tellDirectly } from './tell-directly.ts';

const AUDIT_EVERY_MS: DurationMs = 10 * SECOND;
/** A finding that lasts this long is told past the engine and its outbox, */
const TELL_DIRECTLY_AFTER_MS: DurationMs = 2 * MINUTE;
/** and again so often while it lasts. */
const TELL_AGAIN_MS: DurationMs = 15 * MINUTE;
const IS_OVER = say(
  'paging goes on: the auditor finds nothing any more',
  '通知已恢复：审计未再发现异常',
);
const BEAT_TIMEOUT_MS: DurationMs = 10 * SECOND;
/** So often is looked whether a beat is due; one that the journal held back goes out as soon after. */
const LOOK_FOR_BEAT_MS: DurationMs = SECOND;

export interface SelfWatchOptions {
  readonly engine: Pick<
    EngineShell,
    'state' | 'lastTickAt' | 'submit' | 'appendedCount' | 'isRunning'
  >;
  readonly clock: Clock;
  readonly http: HttpClient;
  readonly log: Logger;
  readonly getConfig: () => Config;
  readonly delivery: DeliveryParts;
}

/**
 * Watches the service from inside and lets someone outside watch it: the auditor hands what it finds
 * to the engine, which pages for it; what stays, it tells the catch-all directly, past the outbox.
 * The beat goes out only while nothing is found and the journal has taken something since the last one
 * (the collector's lease alone sees to that every ten seconds): an engine that has stopped, a disk that is
 * full or a collector that stands still keeps it away, and a watcher outside alarms. Returns how to stop.
 */
export function startSelfWatch(options: SelfWatchOptions): () => void {
  const { clock, engine, getConfig, log, http } = options;
  let findings: readonly AuditFinding[] = [];
  let lastBeatMs = Number.NEGATIVE_INFINITY;
  let wallOffsetMs: DurationMs | null = null;
  let appendedAtBeat = 0;
  let cancelAudit = () => {};
  let cancelBeat = () => {};

  const tellOfFindings = directTeller((news, now) => {
    void tellDirectly({ config: getConfig(), delivery: options.delivery, log }, news, now);
  });
  const look = () => {
    cancelAudit = clock.after(AUDIT_EVERY_MS, look);
    const now = clock.now();
    const nowMs = clock.monotonicMs();
    const wasSet = wallOffsetMs !== null && Math.abs(now - nowMs - wallOffsetMs) >= SECOND;
    wallOffsetMs = now - nowMs;
    // The engine may not have seen the step yet; at the next look it has.
    if (wasSet || !engine.isRunning) return;
    findings = audit(engine.state, now, engine.lastTickAt);
    if (findings.length > 0 || isAuditFaultOpen(engine.state)) {
      engine.submit({ kind: 'audit', findings });
    }
    tellOfFindings(findings, now, nowMs);
  };

  const beat = async () => {
    const { beat: wanted } = getConfig();
    const isAlive = engine.isRunning && engine.appendedCount > appendedAtBeat;
    if (wanted === null || findings.length > 0 || !isAlive) return;
    lastBeatMs = clock.monotonicMs();
    appendedAtBeat = engine.appendedCount;
    const outcome = await http.send({
      ...{ method: 'GET', url: wanted.url.reveal(), headers: {}, body: '' },
      timeoutMs: BEAT_TIMEOUT_MS,
    });
    const isHeard = outcome.kind === 'response' && outcome.status < 300;
    const why = outcome.kind === 'response' ? `answer ${outcome.status}` : outcome.failure;
    if (!isHeard) log.warn({ why }, 'the beat was not heard');
  };
  const keepBeating = () => {
    const everyMs = getConfig().beat?.everyMs ?? null;
    if (everyMs !== null && clock.monotonicMs() - lastBeatMs >= everyMs) void beat();
    cancelBeat = clock.after(LOOK_FOR_BEAT_MS, keepBeating);
  };
  cancelAudit = clock.after(AUDIT_EVERY_MS, look);
  keepBeating();
  return () => {
    cancelAudit();
    cancelBeat();
  };
}

/** Called at every look: tells of what stays, again while it does, and whoever was told that it is over. */
function directTeller(tell: (news: DirectNews, now: EpochMs) => void) {
  // On the clock that nobody sets, so that no step of the other one holds anything up.
  let foundSinceMs: DurationMs | null = null;
  let toldMs: DurationMs | null = null;
  let told: DirectNews | null = null;
  return (findings: readonly AuditFinding[], now: EpochMs, nowMs: DurationMs) => {
    const [finding] = findings;
    if (finding === undefined) {
      if (told !== null)
        tell({ ...told, finding: { ...told.finding, text: IS_OVER }, isOver: true }, now);
      foundSinceMs = null;
      told = null;
      toldMs = null;
      return;
    }
    foundSinceMs ??= nowMs;
    const lastsMs = nowMs - foundSinceMs;
    if (lastsMs < TELL_DIRECTLY_AFTER_MS) return;
    if (toldMs !== null && nowMs - toldMs < TELL_AGAIN_MS) return;
    toldMs = nowMs;
    told = { finding, since: now - lastsMs, isOver: false };
    tell(told, now);
  };
}
