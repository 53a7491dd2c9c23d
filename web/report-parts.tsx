import { useState } from 'preact/hooks';
import { nearlyNow } from './browser-clock.ts';
import { type CustomerReport, reports, sendDuty } from './duty-data.ts';
import { formatInstant } from './format.ts';
import { dutyMessages } from './language.ts';
import { PanelPart } from './panel-parts.tsx';
import { punctuation } from './punctuation.ts';
import { incidentHref } from './route.ts';

/** What customers report, with the clocks that run for each. */
export function Reports() {
  const text = dutyMessages.value;
  const waiting = reports.value.filter(({ answeredAt }) => answeredAt === null);
  return (
    <PanelPart title={text.reports}>
      {waiting.length === 0 ? <p class="quiet">{text.noReports}</p> : null}
      <ReportList list={waiting} />
      <ReportForm />
    </PanelPart>
  );
}

/** Reports one below the other; each can be responded to and answered. */
export function ReportList({ list }: { list: readonly CustomerReport[] }) {
  return (
    <ul class="members">
      {list.map((report) => (
        <Report key={report.id} report={report} />
      ))}
    </ul>
  );
}

function Report({ report }: { report: CustomerReport }) {
  const text = dutyMessages.value;
  const [reply, setReply] = useState('');
  const { id, incidentId, respondedAt, answeredAt } = report;
  const at = (instant: string) => formatInstant(instant, nearlyNow.value);
  const due =
    answeredAt !== null
      ? text.answered
      : respondedAt === null
        ? text.waiting(text.response, at(report.respondBy))
        : text.waiting(text.answer, at(report.answerBy));
  const tell = (noun: 'response' | 'answer') =>
    sendDuty(`/api/v1/customer-reports/${id}/${noun}`, { text: reply }, () => setReply(''));
  return (
    <li>
      <strong>{report.customer}</strong> <span class="tag">{due}</span>
      <span class="names">{report.text}</span>
      <span class="quiet names">
        {report.contact}
        {incidentId === null ? null : <a href={incidentHref(incidentId)}> {incidentId}</a>}
      </span>
      {answeredAt !== null ? null : (
        <form class="duty-form" onSubmit={(event) => event.preventDefault()}>
          <input
            aria-label={text.stageText}
            placeholder={text.stageText}
            maxLength={2000}
            value={reply}
            onInput={(event) => setReply(event.currentTarget.value)}
          />
          {respondedAt === null ? (
            <button
              type="button"
              class="button-plain"
              disabled={reply.trim() === ''}
              onClick={() => tell('response')}
            >
              {text.respond}
            </button>
          ) : null}
          <button
            type="button"
            class="button-plain"
            disabled={reply.trim() === ''}
            onClick={() => tell('answer')}
          >
            {text.answerNow}
          </button>
        </form>
      )}
    </li>
  );
}

function ReportForm() {
  const text = dutyMessages.value;
  const empty = { customer: '', contact: '', text: '', device: '' };
  const [fields, setFields] = useState(empty);
  const set = (name: keyof typeof fields) => (event: { currentTarget: { value: string } }) =>
    setFields({ ...fields, [name]: event.currentTarget.value });
  const field = (name: keyof typeof fields, label: string, isRequired: boolean) => (
    <label>
      {label}
      {punctuation.value.colon}
      <input
        required={isRequired}
        maxLength={name === 'text' ? 2000 : 120}
        value={fields[name]}
        onInput={set(name)}
      />
    </label>
  );
  return (
    <details>
      <summary>{text.addReport}</summary>
      <form
        class="duty-form"
        onSubmit={(event) => {
          event.preventDefault();
          const { customer, contact, device } = fields;
          const about = device.trim() === '' ? {} : { device: device.trim() };
          const body = { customer, contact, text: fields.text, ...about };
          sendDuty('/api/v1/customer-reports', body, () => setFields(empty));
        }}
      >
        {field('customer', text.customer, true)}
        {field('contact', text.contact, false)}
        {field('text', text.report, true)}
        {field('device', text.device, false)}
        <button type="submit" class="button-plain">
          {text.save}
        </button>
      </form>
    </details>
  );
}
