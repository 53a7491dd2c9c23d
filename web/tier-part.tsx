import { useState } from 'preact/hooks';
import type { IncidentDetail, PersonRef } from './api-types.ts';
import { nearlyNow } from './browser-clock.ts';
import { sendDuty } from './duty-data.ts';
import { formatInstant } from './format.ts';
import { dutyMessages, local } from './language.ts';
import { summary } from './live-data.ts';
import { punctuation } from './punctuation.ts';

/** What people have said of the tier, and the form in which one says it. */
export function TierPart({ incident }: { incident: IncidentDetail }) {
  const text = dutyMessages.value;
  const { setTier, proposedTier, toldTier, status } = incident;
  const path = `/api/v1/incidents/${incident.id}`;
  const isOver = status === 'resolved';
  if (isOver && setTier === null) return null;
  const remark = (reason: string) =>
    reason === '' ? null : <span class="quiet names">{reason}</span>;
  const at = (instant: string) => formatInstant(instant, nearlyNow.value);
  return (
    <>
      {setTier === null ? null : (
        <p>
          {text.tier} {setTier.tier}
          {punctuation.value.colon}
          {text.tierSet(both(setTier.by, setTier.confirmedBy), at(setTier.at), setTier.rulesTier)}
          {remark(setTier.reason)}
          {isOver ? null : (
            <button
              type="button"
              class="button-link"
              onClick={() => sendDuty(`${path}/tier-release`, {})}
            >
              {text.leaveToRules}
            </button>
          )}
        </p>
      )}
      {proposedTier === null || isOver ? null : (
        <p>
          {text.tierProposed(proposedTier.by.name, proposedTier.tier)}
          {remark(proposedTier.reason)}
          <button
            type="button"
            class="button-plain"
            onClick={() => sendDuty(`${path}/tier-confirmation`, {})}
          >
            {text.confirmTier}
          </button>
        </p>
      )}
      {toldTier === null || isOver ? null : <p class="quiet">{text.tierTold(toldTier)}</p>}
      {isOver ? null : <TierForm path={path} tier={incident.tier} />}
    </>
  );
}

function both(by: PersonRef, confirmedBy: PersonRef | null): string {
  return confirmedBy === null ? by.name : `${by.name} + ${confirmedBy.name}`;
}

function TierForm({ path, tier }: { path: string; tier: number }) {
  const text = dutyMessages.value;
  const [chosen, setChosen] = useState<number | null>(null);
  const [reason, setReason] = useState('');
  const wanted = chosen ?? tier;
  return (
    <form
      class="duty-form"
      onSubmit={(event) => {
        event.preventDefault();
        sendDuty(`${path}/tier`, { tier: wanted, reason }, () => {
          setChosen(null);
          setReason('');
        });
      }}
    >
      <label>
        {text.tier}
        <select
          value={String(wanted)}
          onInput={(event) => setChosen(Number(event.currentTarget.value))}
        >
          {(summary.value?.tiers ?? []).map((each) => (
            <option key={each.tier} value={String(each.tier)}>
              {each.tier} {local(each.name)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {text.whyTier}
        <input
          required={wanted > tier}
          maxLength={2000}
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="button-plain">
        {text.setTier}
      </button>
    </form>
  );
}
