import type { Language } from './api-types.ts';
import { now } from './browser-clock.ts';
import { connection } from './event-source.ts';
import { formatDuration, formatPresent } from './format.ts';
import { chooseLanguage, dutyMessages, language, messages } from './language.ts';
import { dataAt, isAnswering, staleForMs, summary } from './live-data.ts';
import { ON_CALL_HREF, REPORTS_HREF } from './route.ts';
import { chooseTheme, theme } from './theme.ts';

/** Name, freshness, time, language and theme. */
export function TopBar() {
  const text = messages.value;
  return (
    <header class="top">
      <button type="button" class="skip" onClick={skipToIncidents}>
        {text.skipToContent}
      </button>
      <a class="product" href="#/">
        <svg viewBox="0 0 20 20" aria-hidden="true">
          <path d="M4 15v-4" />
          <path d="M10 15V8" />
          <path class="last" d="M16 15V4" />
        </svg>
        Threenines
      </a>
      <span class="tagline quiet">{text.tagline}</span>
      <a class="top-link" href={ON_CALL_HREF}>
        {dutyMessages.value.onCall}
      </a>
      <a class="top-link" href={REPORTS_HREF}>
        {text.reports}
      </a>
      <LiveState />
      <span class="present">{summary.value === null ? '' : formatPresent(now.value)}</span>
      <LanguageSwitch />
      <ThemeSwitch />
    </header>
  );
}

/** The address holds what is open, so this moves the focus and leaves the address alone. */
function skipToIncidents(): void {
  document.getElementById('incidents')?.focus();
}

/** One word on how fresh the page is. */
export function LiveState() {
  const isFresh = staleForMs.value === null && dataAt.value !== null && isAnswering.value;
  const isLive = connection.value === 'live' && isFresh;
  return (
    <span class={isLive ? 'live-state is-live' : 'live-state'}>
      {isLive || connection.value !== 'live'
        ? messages.value[connection.value]
        : messages.value.outOfDate}
    </span>
  );
}

const LANGUAGES: readonly (readonly [Language, string])[] = [
  ['en', 'English'],
  ['zh-CN', '简体中文'],
];

function LanguageSwitch() {
  return (
    <fieldset class="switch">
      <legend class="unseen">{messages.value.languageName}</legend>
      {LANGUAGES.map(([tag, name]) => (
        <button
          key={tag}
          type="button"
          lang={tag}
          aria-pressed={language.value === tag}
          onClick={() => chooseLanguage(tag)}
        >
          {name}
        </button>
      ))}
    </fieldset>
  );
}

function ThemeSwitch() {
  const text = messages.value;
  const isDark = theme.value === 'dark';
  const label = isDark ? text.toLight : text.toDark;
  return (
    <button
      type="button"
      class="theme-switch"
      aria-label={label}
      title={label}
      onClick={() => chooseTheme(isDark ? 'light' : 'dark')}
    >
      <svg viewBox="0 0 20 20" aria-hidden="true">
        <circle cx="10" cy="10" r="7" />
        <path d="M10 3a7 7 0 0 1 0 14z" />
      </svg>
    </button>
  );
}

/** Says above everything when the picture is not the present. */
export function Banners() {
  const text = messages.value;
  const stale = staleForMs.value;
  return (
    <div class="banners">
      <div role="status">
        {isAnswering.value ? null : <p class="banner banner-warning">{text.noAnswer}</p>}
        {stale === null ? null : (
          <p class="banner banner-warning">{text.staleBanner(formatDuration(stale))}</p>
        )}
        {summary.value !== null && dataAt.value === null ? (
          <p class="banner">{text.neverObserved}</p>
        ) : null}
      </div>
      {summary.value?.demo ? (
        <p class="banner">
          <strong>{text.demoTitle}</strong> {text.demoText}
        </p>
      ) : null}
    </div>
  );
}
