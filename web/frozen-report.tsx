import { nearlyNow } from './browser-clock.ts';
import { formatInstant } from './format.ts';
import { language, messages } from './language.ts';
import { punctuation } from './punctuation.ts';

interface Recipient {
  readonly personId: string;
  readonly personName: string;
  readonly state: 'accepted' | 'waiting' | 'failed';
  readonly revision: number;
  readonly nextTryAt: string | null;
  /** What the mail server said. */
  readonly detail: Readonly<Record<'en' | 'zh-CN', string>> | null;
}

/** A frozen report as the archive has it. */
export interface Frozen {
  readonly period: string;
  readonly siteId: string | null;
  readonly siteName: string | null;
  readonly revision: number;
  readonly frozenAt: string;
  readonly inputsHash: string;
  readonly sentAt: string | null;
  readonly recipients: readonly Recipient[];
  /** Who got which revision before this one. */
  readonly earlierCopies: readonly {
    readonly revision: number;
    readonly personId: string;
    readonly personName: string;
    readonly at: string;
  }[];
  /** Made since, and not in this revision. */
  readonly missingAmendments: readonly number[];
}

/** Which report it is. */
export function scopeText(period: string, siteName: string | null): string {
  return siteName === null ? period : `${period} · ${siteName}`;
}

/** One frozen report: what it is, who got it, and what can be done with it. */
export function FrozenRow({
  frozen,
  onOpen,
  onSend,
}: {
  frozen: Frozen;
  onOpen: () => void;
  onSend: () => void;
}) {
  const text = messages.value;
  const { period, siteId, siteName, revision, frozenAt, inputsHash, sentAt, recipients } = frozen;
  const { earlierCopies, missingAmendments } = frozen;
  const at = (instant: string) => formatInstant(instant, nearlyNow.value);
  const told = [text.frozenAt(at(frozenAt), revision)];
  if (sentAt !== null) told.push(text.mailedAt(at(sentAt)));
  return (
    <li>
      <strong>{scopeText(period, siteName)}</strong>{' '}
      <span class="quiet">{told.join(punctuation.value.comma)}</span>
      {missingAmendments.length === 0 ? null : (
        <p class="tag">
          {text.notYetIn(missingAmendments.join(punctuation.value.list), missingAmendments.length)}
        </p>
      )}
      {recipients.length === 0 ? null : (
        <ul class="names" aria-label={text.recipients}>
          {recipients.map((recipient) => (
            <RecipientRow key={recipient.personId} recipient={recipient} newest={revision} />
          ))}
        </ul>
      )}
      {earlierCopies.length === 0 ? null : (
        <ul class="names quiet" aria-label={text.earlierCopies}>
          {earlierCopies.map(({ revision: earlier, personId, personName, at: acceptedAt }) => (
            <li key={`${earlier} ${personId} ${acceptedAt}`}>
              {text.earlierCopy(personName, earlier, at(acceptedAt))}
            </li>
          ))}
        </ul>
      )}
      <span class="quiet names">SHA-256 {inputsHash.slice(0, 16)}…</span>
      <button type="button" class="button-plain" onClick={onOpen}>
        PDF
      </button>
      {siteId === null ? (
        <button type="button" class="button-plain" onClick={onSend}>
          {text.sendAgain}
        </button>
      ) : null}
    </li>
  );
}

/** Where one person's copy stands: what is wrong stands first. */
function RecipientRow({ recipient, newest }: { recipient: Recipient; newest: number }) {
  const text = messages.value;
  const { personName, state, revision, nextTryAt, detail } = recipient;
  const parts = [text.copyStates[state]];
  if (revision !== newest) parts.unshift(text.copyOf(revision));
  if (detail !== null) parts.push(detail[language.value]);
  if (nextTryAt !== null) parts.push(text.nextTry(formatInstant(nextTryAt, nearlyNow.value)));
  return (
    <li>
      {personName}
      {punctuation.value.colon}
      <span class={state === 'accepted' ? 'quiet' : 'tag'}>
        {parts.join(punctuation.value.comma)}
      </span>
    </li>
  );
}
