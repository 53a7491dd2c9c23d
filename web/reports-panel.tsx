import { useEffect, useState } from 'preact/hooks';
import { type Amendment, Amendments } from './amendments.tsx';
import { read, send } from './api-client.ts';
import { after, nearlyNow } from './browser-clock.ts';
import { explainRefusal } from './duty-data.ts';
import { type Frozen, FrozenRow, scopeText } from './frozen-report.tsx';
import { language, messages } from './language.ts';
import { PanelPart } from './panel-parts.tsx';

interface Job {
  readonly id: string;
  readonly period: string;
  readonly siteId: string | null;
  readonly siteName: string | null;
  readonly format: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  readonly progressRatio: number;
  readonly failure: string | null;
}

interface Reports {
  readonly amendments: readonly Amendment[];
  readonly frozen: readonly Frozen[];
  readonly jobs: readonly Job[];
}

const FORMATS = ['html', 'pdf', 'csv', 'json'] as const;
const LOOK_EVERY_MS = 1000;
const PERIOD = /^\d{4}(-(Q[1-4]|W\d{2}|\d{2}(-\d{2})?))?$/;

/** Make a report, see how far it is, open it; and the archive of frozen ones. */
export function ReportsPanel() {
  const text = messages.value;
  const [reports, setReports] = useState<Reports | null>(null);
  const [said, setSaid] = useState('');
  const look = async () => {
    const answer = await read<Reports>('/api/v1/reports');
    if (answer.ok) setReports(answer.body);
  };
  useEffect(() => {
    let cancel = () => {};
    let isGone = false;
    const lookAgain = async () => {
      await look();
      if (!isGone) cancel = after(LOOK_EVERY_MS, lookAgain);
    };
    void lookAgain();
    return () => {
      isGone = true;
      cancel();
    };
  }, []);
  const order = async (period: string, format: string, siteId: string | null = null) => {
    const ofSite = siteId === null ? {} : { siteId };
    const body = { period, format, language: language.value, ...ofSite };
    const answer = await send<Job>('/api/v1/reports', body);
    setSaid(answer.ok ? '' : explainRefusal(answer.problem));
    await look();
  };
  const sendAgain = async (period: string) => {
    const answer = await send<object>('/api/v1/reports/dispatches', { period });
    setSaid(answer.ok ? text.onItsWay : explainRefusal(answer.problem));
  };
  return (
    <div class="panel-body">
      <h2>{text.reports}</h2>
      <OrderForm onOrder={order} />
      <p role="status">{said}</p>
      <ul class="reports">
        {(reports?.jobs ?? []).map((job) => (
          <JobRow key={job.id} job={job} />
        ))}
      </ul>
      <p class="quiet">{text.reportsNote}</p>
      <PanelPart title={text.frozenReports}>
        {reports?.frozen.length === 0 ? <p class="quiet">{text.noFrozenReports}</p> : null}
        <ul class="reports">
          {(reports?.frozen ?? []).map((frozen) => (
            <FrozenRow
              key={`${frozen.period} ${frozen.siteId}`}
              frozen={frozen}
              onOpen={() => order(frozen.period, 'pdf', frozen.siteId)}
              onSend={() => sendAgain(frozen.period)}
            />
          ))}
        </ul>
      </PanelPart>
      <Amendments list={reports?.amendments ?? []} />
    </div>
  );
}

function OrderForm({ onOrder }: { onOrder: (period: string, format: string) => void }) {
  const text = messages.value;
  const [period, setPeriod] = useState(new Date(nearlyNow.value).toISOString().slice(0, 7));
  return (
    <form class="report-order" onSubmit={(event) => event.preventDefault()}>
      <label>
        {text.period}
        <input
          value={period}
          placeholder={text.periodHint}
          title={text.periodHint}
          maxLength={10}
          onInput={(event) => setPeriod(event.currentTarget.value.trim())}
        />
      </label>
      <span class="report-formats">
        {text.makeReport}
        {FORMATS.map((format) => (
          <button
            type="button"
            key={format}
            class="button-plain"
            disabled={!PERIOD.test(period)}
            onClick={() => onOrder(period, format)}
          >
            {format.toUpperCase()}
          </button>
        ))}
      </span>
    </form>
  );
}

function JobRow({ job }: { job: Job }) {
  const text = messages.value;
  const { id, period, siteName, format, state, progressRatio, failure } = job;
  return (
    <li>
      <strong>{scopeText(period, siteName)}</strong> {format.toUpperCase()}{' '}
      {state === 'waiting' ? <span class="quiet">{text.reportWaiting}</span> : null}
      {state === 'running' ? (
        <>
          <progress value={progressRatio} max={1} />
          <span class="quiet">{text.reportBusy(Math.floor(progressRatio * 100))}</span>
        </>
      ) : null}
      {state === 'failed' ? (
        <span>
          {text.reportFailed}
          <span class="quiet names" lang="en">
            {failure}
          </span>
        </span>
      ) : null}
      {state === 'done' ? (
        <a href={`/api/v1/reports/jobs/${id}/document`} target="_blank" rel="noopener">
          {text.openReport}
        </a>
      ) : null}
    </li>
  );
}
